-- revenue-mix-share: revenue of the group ÷ revenue of all groups of the period. n = deals won of all groups.
select grain, period, dim, member,
       revenue::double / (sum(revenue) over groups)::double as value,
       revenue as numerator,
       sum(revenue) over groups as denominator,
       sum(deals) over groups as n,
       null::bigint as open
from (select grain, period, dim, member, coalesce(sum(amount) filter (won), 0) as revenue, count(*) filter (won) as deals
      from deal_at group by grain, period, dim, member)
window groups as (partition by grain, period, dim)
