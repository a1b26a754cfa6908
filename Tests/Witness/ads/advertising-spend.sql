-- advertising-spend: sum of the spend. n = advertisements.
select grain, period, dim, member,
       sum(spend) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from ad_at
group by grain, period, dim, member
