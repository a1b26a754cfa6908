-- customer-churn-rate: customers active just before the period without any country's order in the 90 days before its
-- end / customers active just before the period. n = the latter.
with last_order as (
  select span.grain, span.period, span.closes, placed.customer, max(placed.sold_at) as sold_at
  from span
  join placed on placed.sold_at < span.closes
  group by span.grain, span.period, span.closes, placed.customer
),
opening as (
  select distinct span.grain, span.period, g.dim, g.member, placed.customer
  from span
  join placed on placed.sold_at < span.opens and placed.sold_at >= span.opens - interval 90 days
  cross join lateral (values ('*', '*'), ('country', coalesce(placed.country, '(unknown)'))) as g(dim, member)
  where placed.customer is not null
)
select opening.grain, opening.period, opening.dim, opening.member,
       (count(*) filter (where last_order.sold_at < last_order.closes - interval 90 days))::double / count(*)::double as value,
       count(*) filter (where last_order.sold_at < last_order.closes - interval 90 days) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from opening
join last_order
  on last_order.grain = opening.grain and last_order.period = opening.period and last_order.customer = opening.customer
group by opening.grain, opening.period, opening.dim, opening.member
