-- lead-to-customer-conversion-rate: leads won within 90 days ÷ leads, by first contact. n = leads.
select grain, period, dim, member,
       case when count(*) > 0 then (count(*) filter (won < created + interval 90 day))::double / (count(*))::double end as value,
       count(*) filter (won < created + interval 90 day) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from lead_at
group by grain, period, dim, member
