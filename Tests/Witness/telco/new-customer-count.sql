-- new-customer-count: customers without a whole month.
select grain, period, dim, member,
       count(*) filter (not opening) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) filter (not opening) as n,
       null::bigint as open
from customer_at
where not opening
group by grain, period, dim, member
