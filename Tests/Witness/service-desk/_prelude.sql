-- Workspace service-desk: audit log of an IT service desk, one line per event.
-- incident     one row per incident: its last event (by sys_updated_at, then sys_mod_count, which is also its last
--              line in the file). All columns come from that event.
-- incident_at  every incident once per (grain, period) x (dim, member) it belongs to, by opened_at
-- Times are naive local times written day/month/year. A question mark means missing. Two columns are headed
-- category, and the first is the category, so the columns are named here by position.
create or replace temp table incident as
select number,
       strptime(opened_at, '%d/%m/%Y %H:%M') as opened_at,
       strptime(resolved_at, '%d/%m/%Y %H:%M') as resolved_at,
       date_diff('second', strptime(opened_at, '%d/%m/%Y %H:%M'), strptime(resolved_at, '%d/%m/%Y %H:%M')) as resolution_seconds,
       made_sla = 'true' as made_sla,
       reassignment_count::integer as reassignment_count,
       reopen_count::integer as reopen_count,
       priority, assignment_group, contact_type, category
from read_csv('{data}/servicenow_incidents/incident_event_log.csv.gz', auto_detect = false, compression = 'gzip',
     header = true, delim = ',', quote = '"', escape = '"', nullstr = '?',
     columns = {'number': 'varchar', 'ident_state': 'varchar', 'active': 'varchar', 'reassignment_count': 'varchar',
                'reopen_count': 'varchar', 'sys_mod_count': 'varchar', 'made_sla': 'varchar', 'caller_id': 'varchar',
                'opened_by': 'varchar', 'opened_at': 'varchar', 'sys_created_by': 'varchar', 'sys_created_at': 'varchar',
                'sys_updated_by': 'varchar', 'sys_updated_at': 'varchar', 'contact_type': 'varchar', 'location': 'varchar',
                'category': 'varchar', 'subcategory': 'varchar', 'u_symptom': 'varchar', 'cmdb_ci': 'varchar',
                'impact': 'varchar', 'urgency': 'varchar', 'priority': 'varchar', 'assignment_group': 'varchar',
                'assigned_to': 'varchar', 'knowledge': 'varchar', 'u_priority_confirmation': 'varchar', 'notify': 'varchar',
                'problem_id': 'varchar', 'rfc': 'varchar', 'vendor': 'varchar', 'caused_by': 'varchar',
                'closed_code': 'varchar', 'resolved_by': 'varchar', 'resolved_at': 'varchar', 'closed_at': 'varchar'})
qualify row_number() over (partition by number
                           order by strptime(sys_updated_at, '%d/%m/%Y %H:%M') desc, sys_mod_count::integer desc) = 1;

create or replace temp view incident_in_time as
select 'month' as grain, strftime(opened_at, '%Y-%m') as period, * from incident
union all
select 'quarter', year(opened_at) || '-Q' || quarter(opened_at), * from incident
union all
select 'total', 'total', * from incident;

create or replace temp table incident_at as
select grain, period, '*' as dim, '*' as member, number, resolved_at, resolution_seconds, made_sla, reassignment_count, reopen_count from incident_in_time
union all
select grain, period, 'priority', coalesce(priority, '(unknown)'), number, resolved_at, resolution_seconds, made_sla, reassignment_count, reopen_count from incident_in_time
union all
select grain, period, 'assignment_group', coalesce(assignment_group, '(unknown)'), number, resolved_at, resolution_seconds, made_sla, reassignment_count, reopen_count from incident_in_time
union all
select grain, period, 'contact_type', coalesce(contact_type, '(unknown)'), number, resolved_at, resolution_seconds, made_sla, reassignment_count, reopen_count from incident_in_time
union all
select grain, period, 'category', coalesce(category, '(unknown)'), number, resolved_at, resolution_seconds, made_sla, reassignment_count, reopen_count from incident_in_time;
