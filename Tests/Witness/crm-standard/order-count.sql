-- order-count: deals won. An order may have several products.
select grain, period, dim, member,
       count(*) filter (won) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) filter (won) as n,
       null::bigint as open
from deal_at
where dim <> 'product'
group by grain, period, dim, member
