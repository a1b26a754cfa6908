-- returns-rate: minus the amount of the return lines / amount of the order lines of the same period and group.
-- n = order lines.
select grain, period, dim, member,
       case when coalesce(sum(amount) filter (where is_order), 0) <> 0
            then (-coalesce(sum(amount) filter (where is_return), 0))::double
                 / (sum(amount) filter (where is_order))::double end as value,
       (-coalesce(sum(amount) filter (where is_return), 0))::decimal(38,3) as numerator,
       coalesce(sum(amount) filter (where is_order), 0)::decimal(38,3) as denominator,
       count(*) filter (where is_order) as n,
       null::bigint as open
from line_at
group by grain, period, dim, member
