-- click-through-rate: clicks ÷ impressions. n = advertisements.
select grain, period, dim, member,
       case when sum(impressions) > 0 then sum(clicks)::double / sum(impressions)::double end as value,
       sum(clicks) as numerator,
       sum(impressions) as denominator,
       count(*) as n,
       null::bigint as open
from ad_at
group by grain, period, dim, member
