-- sales-revenue: sum of quantity x unit price over all goods lines, net of cancellations. n = goods lines.
select grain, period, dim, member,
       coalesce(sum(amount) filter (where kind = 'goods'), 0)::decimal(38,3) as value,
       null::decimal(38,3) as numerator,
       null::decimal(38,3) as denominator,
       count(*) filter (where kind = 'goods') as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
