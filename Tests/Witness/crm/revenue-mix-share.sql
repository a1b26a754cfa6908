-- revenue-mix-share: revenue of the group / revenue of all groups of the same period, won deals by close_date.
-- The whole is 1. n = won deals of all groups of the period.
with whole as (
  select grain, period,
         coalesce(sum(close_value) filter (where won), 0)::decimal(18,2) as amount,
         count(*) filter (where won) as won_deals
  from deal_at
  where dim = '*'
  group by grain, period
),
part as (
  select grain, period, dim, member,
         coalesce(sum(close_value) filter (where won), 0)::decimal(18,2) as amount
  from deal_at
  group by grain, period, dim, member
)
select part.grain, part.period, part.dim, part.member,
       case when whole.amount <> 0 then part.amount::double / whole.amount::double end as value,
       part.amount as numerator,
       whole.amount as denominator,
       whole.won_deals as n,
       null::bigint as open
from part
join whole on whole.grain = part.grain and whole.period = part.period
