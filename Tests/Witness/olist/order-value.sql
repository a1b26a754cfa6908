-- order-value: prices of the items of orders that stand, by order. n = items.
select grain, period, dim, member,
       coalesce(sum(price) filter (stands), 0) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) filter (stands) as n,
       null::bigint as open
from ordered_at
group by grain, period, dim, member
