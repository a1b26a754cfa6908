-- sales-cycle-length-median: interpolated median of the same. n = deals won.
select grain, period, dim, member,
       median(seconds) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from deal_at
where won
group by grain, period, dim, member
