-- average-resolution-working-time-median: median (interpolated) of the working seconds from opened_at to resolved_at over
-- the resolved incidents, by opened_at. n = resolved incidents, open = those without resolved_at.
select grain, period, dim, member,
       quantile_cont(working.seconds::double, 0.5) as value,
       null::double as numerator,
       null::double as denominator,
       count(resolved_at) as n,
       count(*) filter (where resolved_at is null) as open
from incident_at
left join working using (number)
group by grain, period, dim, member
