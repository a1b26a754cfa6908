-- net-promoter-score: (answers of 9 and 10 − answers of 0 to 6) ÷ answers, in points. n = answers.
select grain, period, dim, member,
       100 * (count(*) filter (score >= 9) - count(*) filter (score <= 6))::double / count(*)::double as value,
       count(*) filter (score >= 9) - count(*) filter (score <= 6) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from answer_at
group by grain, period, dim, member
