-- lead-count: leads by the day of first contact.
select grain, period, dim, member,
       count(*) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from lead_at
group by grain, period, dim, member
