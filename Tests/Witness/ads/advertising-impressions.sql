-- advertising-impressions: sum of the impressions. n = advertisements.
select grain, period, dim, member,
       sum(impressions) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from ad_at
where dim in ('*', 'campaign')
group by grain, period, dim, member
