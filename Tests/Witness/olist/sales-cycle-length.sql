-- sales-cycle-length: mean seconds from first contact to the deal, by the deal; without the one that was won before.
select grain, period, dim, member,
       case when count(seconds) > 0 then sum(seconds)::double / count(seconds)::double end as value,
       coalesce(sum(seconds), 0) as numerator,
       count(seconds) as denominator,
       count(seconds) as n,
       null::bigint as open
from deal_at
where seconds >= 0
group by grain, period, dim, member
