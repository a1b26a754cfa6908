-- customer-satisfaction-rate: reviews of 4 and 5 ÷ reviews. n = reviews.
select grain, period, dim, member,
       case when count(*) > 0 then (count(*) filter (score >= 4))::double / (count(*))::double end as value,
       count(*) filter (score >= 4) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from review_at
group by grain, period, dim, member
