-- returned-customer-count: customers with an order in the period and group, whose spell of activity, over all countries,
-- began in the period after an earlier one had ended before it. n = the same number.
with after as (
  select customer, began, lag(ended) over (partition by customer order by began) as ended_before
  from spell
  where dim = '*'
),
returned as (
  select distinct span.grain, span.period, span.opens, span.closes, after.customer
  from span
  join after on after.began >= span.opens and after.began < span.closes and after.ended_before < span.opens
),
again as (
  select returned.grain, returned.period, returned.customer, placed.country
  from returned
  join placed
    on placed.customer = returned.customer and placed.sold_at >= returned.opens and placed.sold_at < returned.closes
)
select grain, period, '*' as dim, '*' as member,
       count(distinct customer) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(distinct customer) as n,
       null::bigint as open
from again
group by grain, period
union all
select grain, period, 'country', coalesce(country, '(unknown)'),
       count(distinct customer), null, null, count(distinct customer), null
from again
group by grain, period, country
