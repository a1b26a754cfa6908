-- resolved-incident-count: number of incidents resolved, by resolved_at. n = the same number.
select grain, period, dim, member,
       count(*) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from resolution_at
group by grain, period, dim, member
