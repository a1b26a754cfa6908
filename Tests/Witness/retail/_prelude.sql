-- Workspace retail: invoice lines of a UK wholesaler.
-- line             one row per invoice line with its kind and exact amount
-- first_order      first order-line time of each known customer, over all countries
-- line_at          every line once per (grain, period) x (dim, member) it belongs to, by the naive local InvoiceDate
-- line kind: service (post, fees, manual lines, discounts, samples, vouchers), adjustment (bad debt), else goods.
-- order line: goods, not a cancellation, quantity and price above zero. return line: goods on a cancellation.
-- No price needs more than three decimals.
create or replace temp table line as
with raw as (
  select InvoiceNo as invoice,
         StockCode as code,
         Quantity::decimal(15,0) as quantity,
         UnitPrice::decimal(18,3) as unit_price,
         InvoiceDate as sold_at,
         CustomerID::bigint::varchar as customer,
         Country as country,
         case when upper(StockCode) in ('POST', 'DOT', 'M', 'C2', 'D', 'S', 'BANK CHARGES', 'AMAZONFEE', 'CRUK')
                or starts_with(StockCode, 'gift_') then 'service'
              when upper(StockCode) = 'B' then 'adjustment'
              else 'goods' end as kind
  from read_parquet('{data}/online_retail/online_retail_2010-12_2011-12.parquet')
)
select *,
       (quantity * unit_price)::decimal(33,3) as amount,
       kind = 'goods' and not starts_with(invoice, 'C') and quantity > 0 and unit_price > 0 as is_order,
       kind = 'goods' and starts_with(invoice, 'C') as is_return
from raw;

create or replace temp table first_order as
select customer, min(sold_at) as first_at
from line
where is_order and customer is not null
group by customer;

create or replace temp view line_in_time as
with dated as (
  select l.*, f.first_at
  from line l
  left join first_order f on f.customer = l.customer
)
select 'month' as grain, strftime(sold_at, '%Y-%m') as period, strftime(first_at, '%Y-%m') as first_period, * from dated
union all
select 'quarter', year(sold_at) || '-Q' || quarter(sold_at), year(first_at) || '-Q' || quarter(first_at), * from dated
union all
select 'total', 'total', case when first_at is not null then 'total' end, * from dated;

create or replace temp table line_at as
select '*' as dim, '*' as member, * exclude (country, code) from line_in_time
union all
select 'country', coalesce(country, '(unknown)'), * exclude (country, code) from line_in_time;

-- placed           one row per invoice with an order line: its customer, country and last order-line time
-- spell            times in which a customer is active: from an order until 90 days after the last of a run of orders
--                  that are no further apart. Active just before t means: began < t and ended >= t. Of all orders
--                  (dim *), and of those of one country.
-- span             every period with its bounds; the last is cut just after the last line
create or replace temp table placed as
select invoice, any_value(customer) as customer, any_value(country) as country, max(sold_at) as sold_at
from line
where is_order
group by invoice;

create or replace temp table spell as
with placed_at as (
  select '*' as dim, '*' as member, customer, sold_at from placed where customer is not null
  union all
  select 'country', coalesce(country, '(unknown)'), customer, sold_at from placed where customer is not null
),
step as (
  select *, coalesce(sold_at > lag(sold_at) over run + interval 90 days, true) as begins
  from placed_at
  window run as (partition by dim, member, customer order by sold_at)
),
numbered as (
  select *, sum(begins::integer) over (partition by dim, member, customer order by sold_at) as spell
  from step
)
select dim, member, customer, spell, min(sold_at) as began, max(sold_at) + interval 90 days as ended
from numbered
group by dim, member, customer, spell;

create or replace temp table span as
with bound as (select max(sold_at) + interval 1 microsecond as as_of from line)
select 'month' as grain, strftime(month, '%Y-%m') as period, month as opens, least(month + interval 1 month, as_of) as closes
from bound, unnest(generate_series(timestamp '2010-12-01', timestamp '2011-12-01', interval 1 month)) as t(month)
union all
select 'quarter', year(start) || '-Q' || quarter(start), greatest(start, timestamp '2010-12-01'), least(start + interval 3 months, as_of)
from bound, unnest(generate_series(timestamp '2010-10-01', timestamp '2011-10-01', interval 3 months)) as t(start)
union all
select 'total', 'total', timestamp '2010-12-01', as_of from bound;
