-- new-customer-revenue-share: amount of the order lines in the period and group by customers whose first order-line
-- time ever (over all countries) lies in the same period / amount of the order lines with a known customer.
-- n = order lines with a known customer.
select grain, period, dim, member,
       case when coalesce(sum(amount) filter (where is_order and customer is not null), 0) <> 0
            then coalesce(sum(amount) filter (where is_order and first_period = period), 0)::double
                 / (sum(amount) filter (where is_order and customer is not null))::double end as value,
       coalesce(sum(amount) filter (where is_order and first_period = period), 0)::decimal(38,3) as numerator,
       coalesce(sum(amount) filter (where is_order and customer is not null), 0)::decimal(38,3) as denominator,
       count(*) filter (where is_order and customer is not null) as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
