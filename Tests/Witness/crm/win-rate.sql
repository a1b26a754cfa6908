-- win-rate: won deals / (won + lost deals), by close_date. Open deals do not count.
-- n = won + lost.
select grain, period, dim, member,
       count(*) filter (where won)::double / count(*)::double as value,
       count(*) filter (where won) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
