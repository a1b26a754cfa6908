-- sales-growth-rate: (revenue - revenue of the preceding period) / revenue of the preceding period, for the same
-- group, won deals by close_date. Months from 2017-04 and quarters from 2017-Q2 on: earlier ones have no
-- predecessor in the data. A predecessor without revenue gives denominator 0 and no value.
-- n = won deals of the preceding period.
with revenue as (
  select grain, period, dim, member,
         coalesce(sum(close_value) filter (where won), 0)::decimal(18,2) as amount,
         count(*) filter (where won) as won_deals
  from deal_at
  where grain in ('month', 'quarter')
  group by grain, period, dim, member
),
step as (
  select 'month' as grain,
         strftime(first_day, '%Y-%m') as period,
         strftime(first_day - interval 1 month, '%Y-%m') as previous
  from generate_series(timestamp '2017-04-01', timestamp '2017-12-01', interval 1 month) as s(first_day)
  union all
  select * from (values ('quarter', '2017-Q2', '2017-Q1'), ('quarter', '2017-Q3', '2017-Q2'), ('quarter', '2017-Q4', '2017-Q3'))
)
select now.grain, now.period, now.dim, now.member,
       case when coalesce(before.amount, 0) <> 0
            then (now.amount - before.amount)::double / before.amount::double end as value,
       (now.amount - coalesce(before.amount, 0))::decimal(18,2) as numerator,
       coalesce(before.amount, 0)::decimal(18,2) as denominator,
       coalesce(before.won_deals, 0)::bigint as n,
       null::bigint as open
from revenue now
join step on step.grain = now.grain and step.period = now.period
left join revenue before
  on before.grain = step.grain and before.period = step.previous and before.dim = now.dim and before.member = now.member
