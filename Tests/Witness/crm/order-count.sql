-- order-count: number of won deals, by close_date.
-- n = the same number. A group with lost deals only counts 0.
select grain, period, dim, member,
       count(*) filter (where won) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) filter (where won) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
