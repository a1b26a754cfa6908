-- sales-revenue: sum of close_value over the won deals, by close_date.
-- n = won deals. A group with lost deals only has revenue 0.
select grain, period, dim, member,
       coalesce(sum(close_value) filter (where won), 0)::decimal(18,2) as value,
       null::decimal(18,2) as numerator,
       null::decimal(18,2) as denominator,
       count(*) filter (where won) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
