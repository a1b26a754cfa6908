-- win-rate: deals won ÷ (won + lost). n = won + lost.
select grain, period, dim, member,
       case when count(*) > 0 then (count(*) filter (won))::double / (count(*))::double end as value,
       count(*) filter (won) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
