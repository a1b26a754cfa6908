-- active-customer-count: customers with an order in the 90 days before the end of the period. n = the same number.
select span.grain, span.period, spell.dim, spell.member,
       count(distinct spell.customer) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(distinct spell.customer) as n,
       null::bigint as open
from span
join spell on spell.began < span.closes and spell.ended >= span.closes
group by span.grain, span.period, spell.dim, spell.member
