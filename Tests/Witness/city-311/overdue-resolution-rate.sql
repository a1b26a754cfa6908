-- overdue-resolution-rate: of the requests that fell due in the period, those not closed by then ÷ all. n = all.
-- Requests due after the end of the data are not due yet.
select grain, period, dim, member,
       case when count(*) > 0 then (count(*) filter (closed is null or late))::double / (count(*))::double end as value,
       count(*) filter (closed is null or late) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from due_at
group by grain, period, dim, member
