-- sales-cycle-length: mean time from engage_date to close_date over the won deals, by close_date,
-- in seconds (whole calendar days x 86400). n = won deals.
select grain, period, dim, member,
       case when count(*) filter (where won) > 0
            then (sum(cycle_seconds) filter (where won))::double / (count(*) filter (where won))::double end as value,
       coalesce(sum(cycle_seconds) filter (where won), 0)::bigint as numerator,
       count(cycle_seconds) filter (where won) as denominator,
       count(cycle_seconds) filter (where won) as n,
       null::bigint as open
from deal_at
group by grain, period, dim, member
