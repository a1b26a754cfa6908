-- Workspace crm-standard: sales pipeline of a fictional hardware seller.
-- deal_at  every closed deal once per (grain, period) x (dim, member) it belongs to, by the day on which it was closed
create or replace temp table deal as
select p.opportunity_id,
       p.deal_stage = 'Won' as won,
       strptime(p.close_date, '%m/%d/%Y')::date as closed,
       p.close_value::decimal(18,2) as amount,
       date_diff('day', strptime(p.engage_date, '%m/%d/%Y')::date, strptime(p.close_date, '%m/%d/%Y')::date)::bigint * 86400 as seconds,
       case p.product when 'GTXPro' then 'GTX Pro' else p.product end as product,
       case a.sector when 'technolgy' then 'technology' else a.sector end as segment,
       t.regional_office as department, t.manager as team
from read_csv('{data}/maven_crm/sales_pipeline.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'opportunity_id': 'varchar', 'sales_agent': 'varchar', 'product': 'varchar', 'account': 'varchar', 'deal_stage': 'varchar', 'engage_date': 'varchar', 'close_date': 'varchar', 'close_value': 'varchar'}) p
left join read_csv('{data}/maven_crm/sales_teams.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'sales_agent': 'varchar', 'manager': 'varchar', 'regional_office': 'varchar'}) t using (sales_agent)
left join read_csv('{data}/maven_crm/accounts.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'account': 'varchar', 'sector': 'varchar', 'year_established': 'varchar', 'revenue': 'varchar', 'employees': 'varchar', 'office_location': 'varchar', 'subsidiary_of': 'varchar'}) a on a.account = p.account
where p.deal_stage in ('Won', 'Lost');

create or replace temp table deal_at as
select g.grain,
       case g.grain when 'month' then strftime(f.closed, '%Y-%m') when 'quarter' then year(f.closed) || '-Q' || quarter(f.closed) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'product' then coalesce(product, '(unknown)')
            when 'segment' then coalesce(segment, '(unknown)')
            when 'department' then coalesce(department, '(unknown)')
            when 'team' then coalesce(team, '(unknown)') end as member,
       f.*
from deal f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('product'), ('segment'), ('department'), ('team')) d(dim)
where f.closed is not null;
