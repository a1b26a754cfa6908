-- average-deal-size: close_value of the won deals / number of won deals, by close_date.
-- Lost deals carry the value 0 and are left out. n = won deals.
select grain, period, dim, member,
       case when count(*) filter (where won) > 0
            then (sum(close_value) filter (where won))::double / (count(*) filter (where won))::double end as value,
       coalesce(sum(close_value) filter (where won), 0)::decimal(18,2) as numerator,
       count(*) filter (where won) as denominator,
       count(*) filter (where won) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
