-- payment-value: payments on the orders of the sample, by the time of the order. n = payments.
select grain, period, dim, member,
       sum(amount) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from payment_at
group by grain, period, dim, member
