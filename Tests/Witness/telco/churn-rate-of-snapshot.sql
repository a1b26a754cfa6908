-- churn-rate-of-snapshot: customers who left in the month ÷ all customers. n = the latter.
select grain, period, dim, member,
       case when count(*) > 0 then (count(*) filter (lost))::double / (count(*))::double end as value,
       count(*) filter (lost) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from customer_at
group by grain, period, dim, member
