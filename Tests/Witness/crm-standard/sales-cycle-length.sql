-- sales-cycle-length: mean seconds from engage_date to close_date, whole days. n = deals won.
select grain, period, dim, member,
       case when count(seconds) > 0 then sum(seconds)::double / count(seconds)::double end as value,
       coalesce(sum(seconds), 0) as numerator,
       count(seconds) as denominator,
       count(seconds) as n,
       null::bigint as open
from deal_at
where won
group by grain, period, dim, member
