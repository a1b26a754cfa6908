-- average-resolution-time-median: median (interpolated) time from opened_at to resolved_at in seconds over the resolved
-- incidents, by opened_at. n = resolved incidents, open = those without resolved_at.
select grain, period, dim, member,
       quantile_cont(resolution_seconds::double, 0.5) as value,
       null::double as numerator,
       null::double as denominator,
       count(resolved_at) as n,
       count(*) filter (where resolved_at is null) as open
from incident_at
group by grain, period, dim, member
