-- repurchase-rate-90-days: customers whose first order ever lies in the period and group and who ordered again on a later
-- day, less than 90 days after it and in any country / customers whose first order ever lies there.
-- n = the latter. The program calls it provisional until 90 days have passed.
with run as (
  select *,
         min(sold_at) over (partition by customer) as first_at,
         min(sold_at) over (partition by customer order by sold_at::date
                            range between interval 1 day following and unbounded following) as next_at
  from placed
  where customer is not null
),
entry as (
  select span.grain, span.period, g.dim, g.member, run.customer,
         bool_or(coalesce(run.next_at < run.sold_at + interval 90 days, false)) as again
  from run
  join span on run.sold_at >= span.opens and run.sold_at < span.closes
  cross join lateral (values ('*', '*'), ('country', coalesce(run.country, '(unknown)'))) as g(dim, member)
  where run.sold_at = run.first_at
  group by span.grain, span.period, g.dim, g.member, run.customer
)
select grain, period, dim, member,
       (count(*) filter (where again))::double / count(*)::double as value,
       count(*) filter (where again) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from entry
group by grain, period, dim, member
