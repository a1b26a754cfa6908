-- problem-resolution-rate: of the requests raised in the period, those closed within 7 days of the calendar ÷ all. n = all.
select grain, period, dim, member,
       case when count(*) > 0 then (count(*) filter (closed < created + interval 7 day))::double / (count(*))::double end as value,
       count(*) filter (closed < created + interval 7 day) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from raised_at
group by grain, period, dim, member
