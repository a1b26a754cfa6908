-- customer-satisfaction-score: mean score, 5 being 100. n = reviews.
select grain, period, dim, member,
       case when count(score * 20) > 0 then sum(score * 20)::double / count(score * 20)::double end as value,
       coalesce(sum(score * 20), 0) as numerator,
       count(score * 20) as denominator,
       count(score * 20) as n,
       null::bigint as open
from review_at
group by grain, period, dim, member
