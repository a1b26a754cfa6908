-- customer-churn-rate: customers of the opening who left in the month ÷ customers of the opening. n = the latter.
select grain, period, dim, member,
       case when count(*) filter (opening) > 0 then (count(*) filter (opening and lost))::double / (count(*) filter (opening))::double end as value,
       count(*) filter (opening and lost) as numerator,
       count(*) filter (opening) as denominator,
       count(*) filter (opening) as n,
       null::bigint as open
from customer_at
group by grain, period, dim, member
