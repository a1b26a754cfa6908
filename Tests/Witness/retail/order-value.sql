-- order-value: sum of quantity x unit price over the order lines, before returns. n = order lines.
select grain, period, dim, member,
       coalesce(sum(amount) filter (where is_order), 0)::decimal(38,3) as value,
       null::decimal(38,3) as numerator,
       null::decimal(38,3) as denominator,
       count(*) filter (where is_order) as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
