-- problem-resolution-rate: incidents with a resolved_at / all incidents, by opened_at. n = all incidents.
select grain, period, dim, member,
       count(*) filter (where resolved_at is not null)::double / count(*)::double as value,
       count(*) filter (where resolved_at is not null) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from incident_at
group by grain, period, dim, member
