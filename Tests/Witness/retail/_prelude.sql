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
