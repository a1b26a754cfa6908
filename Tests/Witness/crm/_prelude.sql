-- Workspace crm: sales pipeline of a fictional hardware seller.
-- deal     one row per closed opportunity (Won or Lost), with its breakdown members
-- deal_at  every deal once per (grain, period) x (dim, member) it belongs to
-- Dates in the files are naive, written month/day/year. The pipeline spells one product
-- without its blank, which is mended here so that it meets the product table.
create or replace temp table pipeline as
select opportunity_id,
       sales_agent,
       case product when 'GTXPro' then 'GTX Pro' else product end as product,
       account,
       deal_stage,
       strptime(engage_date, '%m/%d/%Y')::date as engage_date,
       strptime(close_date, '%m/%d/%Y')::date as close_date,
       close_value::decimal(18,2) as close_value
from read_csv('{data}/maven_crm/sales_pipeline.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'opportunity_id': 'varchar', 'sales_agent': 'varchar', 'product': 'varchar', 'account': 'varchar',
                'deal_stage': 'varchar', 'engage_date': 'varchar', 'close_date': 'varchar', 'close_value': 'varchar'});

create or replace temp table account as
select account, sector
from read_csv('{data}/maven_crm/accounts.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'account': 'varchar', 'sector': 'varchar', 'year_established': 'varchar', 'revenue': 'varchar',
                'employees': 'varchar', 'office_location': 'varchar', 'subsidiary_of': 'varchar'});

create or replace temp table team as
select sales_agent, manager, regional_office
from read_csv('{data}/maven_crm/sales_teams.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'sales_agent': 'varchar', 'manager': 'varchar', 'regional_office': 'varchar'});

create or replace temp table deal as
select p.opportunity_id,
       p.deal_stage = 'Won' as won,
       p.close_date,
       p.close_value,
       date_diff('day', p.engage_date, p.close_date)::bigint * 86400 as cycle_seconds,
       p.sales_agent, t.manager, t.regional_office, p.product, a.sector
from pipeline p
left join team t on t.sales_agent = p.sales_agent
left join account a on a.account = p.account
where p.deal_stage in ('Won', 'Lost') and p.close_date is not null;

create or replace temp view deal_in_time as
select 'month' as grain, strftime(close_date, '%Y-%m') as period, * from deal
union all
select 'quarter', year(close_date) || '-Q' || quarter(close_date), * from deal
union all
select 'total', 'total', * from deal;

create or replace temp table deal_at as
select grain, period, '*' as dim, '*' as member, opportunity_id, won, close_value, cycle_seconds from deal_in_time
union all
select grain, period, 'sales_agent', coalesce(sales_agent, '(unknown)'), opportunity_id, won, close_value, cycle_seconds from deal_in_time
union all
select grain, period, 'manager', coalesce(manager, '(unknown)'), opportunity_id, won, close_value, cycle_seconds from deal_in_time
union all
select grain, period, 'regional_office', coalesce(regional_office, '(unknown)'), opportunity_id, won, close_value, cycle_seconds from deal_in_time
union all
select grain, period, 'product', coalesce(product, '(unknown)'), opportunity_id, won, close_value, cycle_seconds from deal_in_time
union all
select grain, period, 'sector', coalesce(sector, '(unknown)'), opportunity_id, won, close_value, cycle_seconds from deal_in_time;
