-- repeat-purchase-rate: customers with two or more distinct invoices among the order lines of the period and group /
-- customers with at least one. Lines without customer are left out. n = customers with at least one.
with place as (
  select distinct grain, period, dim, member from line_at
),
buyer as (
  select grain, period, dim, member, customer, count(distinct invoice) as invoices
  from line_at
  where is_order and customer is not null
  group by grain, period, dim, member, customer
)
select place.grain, place.period, place.dim, place.member,
       case when count(buyer.customer) > 0
            then (count(*) filter (where buyer.invoices >= 2))::double / count(buyer.customer)::double end as value,
       count(*) filter (where buyer.invoices >= 2) as numerator,
       count(buyer.customer) as denominator,
       count(buyer.customer) as n,
       null::bigint as open
from place
left join buyer
  on buyer.grain = place.grain and buyer.period = place.period and buyer.dim = place.dim and buyer.member = place.member
group by place.grain, place.period, place.dim, place.member
