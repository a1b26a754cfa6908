-- customer-retention-rate: customers of the opening who stayed ÷ customers of the opening. n = the latter.
select grain, period, dim, member,
       case when count(*) filter (opening) > 0 then (count(*) filter (opening and not lost))::double / (count(*) filter (opening))::double end as value,
       count(*) filter (opening and not lost) as numerator,
       count(*) filter (opening) as denominator,
       count(*) filter (opening) as n,
       null::bigint as open
from customer_at
group by grain, period, dim, member
