-- ticket-volume: number of incidents, by opened_at. n = the same number.
select grain, period, dim, member,
       count(*) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from incident_at
group by grain, period, dim, member
