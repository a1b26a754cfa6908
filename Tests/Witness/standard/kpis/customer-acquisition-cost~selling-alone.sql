-- customer-acquisition-cost~selling-alone: selling expense ÷ new_customers
-- include_marketing = no: the class selling alone.
WITH rec AS (
  SELECT m.period, 'won' AS kind, 0 AS x FROM mon m JOIN customers c ON c.became_customer_at >= m.a AND c.became_customer_at < m.b
  UNION ALL
  SELECT m.period, 'expense', e.amount FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.expense_class = 'selling'),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS num,
    count(*) FILTER (kind = 'won') AS den
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
