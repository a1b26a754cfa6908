-- average-resolution-time: mean time from opened_at to resolved_at in seconds over the resolved incidents, by opened_at.
-- closed_at, an automatic close some days later, plays no part. n = resolved incidents, open = those without resolved_at.
select grain, period, dim, member,
       case when count(resolved_at) > 0
            then sum(resolution_seconds)::double / count(resolved_at)::double end as value,
       coalesce(sum(resolution_seconds), 0)::bigint as numerator,
       count(resolved_at) as denominator,
       count(resolved_at) as n,
       count(*) filter (where resolved_at is null) as open
from incident_at
group by grain, period, dim, member
