-- service-revenue: sum of quantity x unit price over the service lines (post, fees, manual lines, discounts, samples,
-- vouchers), cancellations included. n = service lines.
select grain, period, dim, member,
       coalesce(sum(amount) filter (where kind = 'service'), 0)::decimal(38,3) as value,
       null::decimal(38,3) as numerator,
       null::decimal(38,3) as denominator,
       count(*) filter (where kind = 'service') as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
