-- The 95 % interval of net-promoter-score by quarter and country, adjusted Wald: three answers more, of which three quarters of one
-- promote and as much detract.
with counted as (
  select period, member, count(*) + 3 as n,
         (count(*) filter (score >= 9) + 0.75)::double / (count(*) + 3) as promoters,
         (count(*) filter (score <= 6) + 0.75)::double / (count(*) + 3) as detractors
  from answer_at where grain = 'quarter' and dim = 'customer_region'
  group by period, member),
spread as (
  select period, member, promoters - detractors as score,
         1.959963984540054 * sqrt((promoters + detractors - (promoters - detractors) ** 2) / n) as margin
  from counted)
select period, member, 100 * (score - margin) as low, 100 * (score + margin) as high
from spread
order by member, period
