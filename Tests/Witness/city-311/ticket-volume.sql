-- ticket-volume: requests closed in the period.
select grain, period, dim, member,
       count(*) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from resolved_at
group by grain, period, dim, member
