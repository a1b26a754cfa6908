-- new-customer-count: distinct customers with an order line in the period and group whose time is the
-- first order-line time ever of that customer, over all countries. n = the same number.
select grain, period, dim, member,
       count(distinct customer) filter (where is_order and sold_at = first_at) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(distinct customer) filter (where is_order and sold_at = first_at) as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
