-- average-resolution-time: mean seconds of elapsed time from raised to closed, by the time of closing.
select grain, period, dim, member,
       case when count(seconds::bigint) > 0 then sum(seconds::bigint)::double / count(seconds::bigint)::double end as value,
       coalesce(sum(seconds::bigint), 0) as numerator,
       count(seconds::bigint) as denominator,
       count(seconds::bigint) as n,
       null::bigint as open
from resolved_at
where seconds >= 0
group by grain, period, dim, member
