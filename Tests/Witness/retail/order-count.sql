-- order-count: distinct invoices among the order lines. n = the same number.
select grain, period, dim, member,
       count(distinct invoice) filter (where is_order) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(distinct invoice) filter (where is_order) as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
