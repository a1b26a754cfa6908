-- customer-retention-rate: of the customers active just before the period, those active just before its end, by an order
-- in any country / all of them. n = the customers active just before the period.
with opening as (
  select span.grain, span.period, span.closes, spell.dim, spell.member, spell.customer
  from span
  join spell on spell.began < span.opens and spell.ended >= span.opens
)
select opening.grain, opening.period, opening.dim, opening.member,
       count(later.customer)::double / count(*)::double as value,
       count(later.customer) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from opening
left join spell later
  on later.dim = '*' and later.customer = opening.customer and later.began < opening.closes and later.ended >= opening.closes
group by opening.grain, opening.period, opening.dim, opening.member
