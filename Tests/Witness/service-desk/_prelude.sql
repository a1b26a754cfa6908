-- Workspace service-desk: audit log of an IT service desk, one line per event.
-- incident     one row per incident: its last event (by sys_updated_at, then sys_mod_count, which is also its last
--              line in the file). All columns come from that event.
-- posting      when which resolver belonged to which team and department: a made-up file of the workspace
-- incident_at  every incident once per (grain, period) x (dim, member) it belongs to, by opened_at
-- resolution_at the same for resolved incidents, by resolved_at
-- Department and team are those of the resolver's posting with valid_from <= t < valid_to, t being opened_at or
-- resolved_at.
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
       priority, assignment_group, contact_type, category, caller_id as caller, resolved_by as resolver
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

create or replace temp table posting as
select resolver, department, team, valid_from::timestamp as valid_from, coalesce(valid_to, date '9999-12-31')::timestamp as valid_to
from read_csv('{workspace}/organization/postings.csv', auto_detect = false, header = true, delim = ',', nullstr = '',
     columns = {'posting': 'varchar', 'resolver': 'varchar', 'department': 'varchar', 'team': 'varchar',
                'valid_from': 'date', 'valid_to': 'date'});

create or replace temp view dated as
select 'opened' as axis, opened_at as t, * from incident
union all
select 'resolved', resolved_at, * from incident where resolved_at is not null;

create or replace temp table incident_in_time as
with placed as (
  select d.*, p.department, p.team
  from dated d
  left join posting p on p.resolver = d.resolver and p.valid_from <= d.t and d.t < p.valid_to
)
select 'month' as grain, strftime(t, '%Y-%m') as period, * from placed
union all
select 'quarter', year(t) || '-Q' || quarter(t), * from placed
union all
select 'total', 'total', * from placed;

create or replace temp table all_at as
select axis, grain, period, g.dim, g.member, number, resolved_at, resolution_seconds, made_sla, reassignment_count, reopen_count
from incident_in_time
cross join lateral (values ('*', '*'),
                           ('priority', coalesce(priority, '(unknown)')),
                           ('assignment_group', coalesce(assignment_group, '(unknown)')),
                           ('contact_type', coalesce(contact_type, '(unknown)')),
                           ('category', coalesce(category, '(unknown)')),
                           ('department', coalesce(department, '(unknown)')),
                           ('team', coalesce(team, '(unknown)'))) as g(dim, member);

create or replace temp view incident_at as select * exclude (axis) from all_at where axis = 'opened';
create or replace temp view resolution_at as select * exclude (axis) from all_at where axis = 'resolved';

-- working      working seconds from opened_at to resolved_at of each resolved incident. A day works from 08:00 to 12:00 and
--              from 13:00 to 18:00, Monday to Friday without three holidays: each span is cut with the incident's time.
create or replace temp table working as
with slot as (
  select day + g.starts as starts, day + g.ends as ends
  from unnest(generate_series(timestamp '2016-02-29', timestamp '2017-02-18', interval 1 day)) as t(day)
  cross join (values (interval 8 hours, interval 12 hours), (interval 13 hours, interval 18 hours)) as g(starts, ends)
  where isodow(day) <= 5 and day::date not in (date '2016-03-25', date '2016-04-21', date '2016-05-26')
)
select i.number,
       coalesce(sum(date_diff('second', greatest(slot.starts, i.opened_at), least(slot.ends, i.resolved_at)))
                filter (where slot.starts is not null), 0)::bigint as seconds
from incident i
left join slot on slot.starts < i.resolved_at and slot.ends > i.opened_at
where i.resolved_at is not null
group by i.number;
