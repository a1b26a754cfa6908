-- reopen-rate: incidents reopened at least once / all incidents, by opened_at. n = all incidents.
select grain, period, dim, member,
       count(*) filter (where reopen_count > 0)::double / count(*)::double as value,
       count(*) filter (where reopen_count > 0) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from incident_at
group by grain, period, dim, member
