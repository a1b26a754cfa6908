-- sla-attainment-rate: incidents whose last event says made_sla true / all incidents, by opened_at.
-- n = all incidents.
select grain, period, dim, member,
       count(*) filter (where made_sla)::double / count(*)::double as value,
       count(*) filter (where made_sla) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from incident_at
group by grain, period, dim, member
