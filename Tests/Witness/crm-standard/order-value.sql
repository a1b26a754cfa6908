-- order-value: the same, as a deal is ordered and recognised on the day on which it is won. n = deals won.
select grain, period, dim, member,
       coalesce(sum(amount) filter (won), 0) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) filter (won) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
