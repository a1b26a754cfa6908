-- order-count: orders that stand, by the time of the order.
select grain, period, dim, member,
       count(*) filter (stands) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) filter (stands) as n,
       null::bigint as open
from order_at
group by grain, period, dim, member
