-- cost-per-issue~resolved-only: service_cost ÷ cases resolved in the period
WITH rec AS (
  SELECT m.period, 'cost' AS kind, e.amount AS x FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.expense_class IN ('service_labor', 'service_system', 'service_other')
  UNION ALL
  SELECT m.period, 'case', 0 FROM mon m JOIN cases t ON t.resolved_at >= m.a AND t.resolved_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS num,
    count(*) FILTER (kind = 'case') AS den
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
