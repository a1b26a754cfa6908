-- average-order-value: amount of the order lines / distinct invoices among them. n = distinct invoices.
select grain, period, dim, member,
       case when count(*) filter (where is_order) > 0
            then (sum(amount) filter (where is_order))::double / (count(distinct invoice) filter (where is_order))::double end as value,
       coalesce(sum(amount) filter (where is_order), 0)::decimal(38,3) as numerator,
       count(distinct invoice) filter (where is_order) as denominator,
       count(distinct invoice) filter (where is_order) as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
