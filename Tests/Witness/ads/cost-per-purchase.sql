-- cost-per-purchase: spend ÷ approved conversions. n = advertisements.
select grain, period, dim, member,
       case when sum(purchases) > 0 then sum(spend)::double / sum(purchases)::double end as value,
       sum(spend) as numerator,
       sum(purchases) as denominator,
       count(*) as n,
       null::bigint as open
from ad_at
group by grain, period, dim, member
