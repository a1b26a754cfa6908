-- lead-conversion-ever: leads ever won ÷ leads, by first contact. n = leads.
select grain, period, dim, member,
       case when count(*) > 0 then (count(won))::double / (count(*))::double end as value,
       count(won) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from lead_at
group by grain, period, dim, member
