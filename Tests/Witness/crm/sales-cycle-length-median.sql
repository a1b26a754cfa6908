-- sales-cycle-length-median: median (interpolated) time from engage_date to close_date over the won deals,
-- by close_date, in seconds (whole calendar days x 86400). n = won deals.
select grain, period, dim, member,
       quantile_cont(cycle_seconds::double, 0.5) filter (where won) as value,
       null::double as numerator,
       null::double as denominator,
       count(cycle_seconds) filter (where won) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
