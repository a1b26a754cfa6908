-- first-contact-resolution-rate: incidents with a resolved_at, never reassigned and never reopened / all incidents,
-- by opened_at. n = all incidents.
select grain, period, dim, member,
       count(*) filter (where resolved_at is not null and reassignment_count = 0 and reopen_count = 0)::double / count(*)::double as value,
       count(*) filter (where resolved_at is not null and reassignment_count = 0 and reopen_count = 0) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from incident_at
group by grain, period, dim, member
