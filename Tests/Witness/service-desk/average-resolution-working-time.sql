-- average-resolution-working-time: mean working seconds from opened_at to resolved_at over the resolved incidents, by
-- opened_at. n = resolved incidents, open = those without resolved_at.
select grain, period, dim, member,
       case when count(resolved_at) > 0
            then sum(working.seconds)::double / count(resolved_at)::double end as value,
       coalesce(sum(working.seconds), 0)::bigint as numerator,
       count(resolved_at) as denominator,
       count(resolved_at) as n,
       count(*) filter (where resolved_at is null) as open
from incident_at
left join working using (number)
group by grain, period, dim, member
