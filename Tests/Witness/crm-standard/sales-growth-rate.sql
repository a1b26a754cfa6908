-- sales-growth-rate: (revenue − revenue of the period before) ÷ the latter, same group, from the second period on; no total.
-- n = deals won of the period before.
with revenue as (
  select grain, period, dim, member, min(closed) as day, coalesce(sum(amount) filter (won), 0) as amount, count(*) filter (won) as deals
  from deal_at where grain <> 'total' group by grain, period, dim, member)
select r.grain, r.period, r.dim, r.member,
       (r.amount - b.amount)::double / nullif(b.amount, 0)::double as value,
       r.amount - b.amount as numerator,
       b.amount as denominator,
       b.deals as n,
       null::bigint as open
from revenue r join revenue b on b.grain = r.grain and b.dim = r.dim and b.member = r.member
 and b.period = case r.grain when 'month' then strftime(r.day - interval 1 month, '%Y-%m')
                 else year(r.day - interval 3 month) || '-Q' || quarter(r.day - interval 3 month) end
