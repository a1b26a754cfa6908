-- cohort-retention-rate: customers whose first order ever lies in the period and who ordered in the calendar month so many
-- months (age) after that of their first order / all customers whose first order lies in the period. Without the age every
-- customer of the cohort counts, of a country those who ever ordered from there: 1. An age that not even the first
-- customer of the cohort can have reached has no value. n = customers of the cohort (and country).
with entry as (
  select span.grain, span.period, f.customer, f.first_at
  from (select customer, min(sold_at) as first_at from placed where customer is not null group by customer) f
  join span on f.first_at >= span.opens and f.first_at < span.closes
),
cohort as (
  select grain, period, count(*) as size, date_trunc('month', min(first_at)) as first_month
  from entry
  group by grain, period
),
bought as (
  select entry.grain, entry.period, entry.customer, placed.country,
         (year(placed.sold_at) - year(entry.first_at)) * 12 + month(placed.sold_at) - month(entry.first_at) as age
  from entry
  join placed on placed.customer = entry.customer
),
seen as (
  select grain, period, age, count(distinct customer) as customers from bought group by grain, period, age
),
aged as (
  select cohort.grain, cohort.period, age.age, cohort.size,
         case when cohort.first_month + to_months(age.age) < (select closes from span where grain = 'total')
              then coalesce(seen.customers, 0) end as customers
  from cohort
  cross join (select distinct age from seen) age
  left join seen on seen.grain = cohort.grain and seen.period = cohort.period and seen.age = age.age
)
select grain, period, 'age' as dim, lpad(age::varchar, 2, '0') as member,
       customers::double / size::double as value,
       customers as numerator,
       size as denominator,
       size as n,
       null::bigint as open
from aged
union all
select grain, period, '*', '*', 1, size, size, size, null from cohort
union all
select grain, period, 'country', coalesce(country, '(unknown)'),
       1, count(distinct customer), count(distinct customer), count(distinct customer), null
from bought
group by grain, period, country
