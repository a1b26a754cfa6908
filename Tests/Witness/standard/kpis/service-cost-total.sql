-- service-cost-total: service_cost
WITH rec AS (
  SELECT m.period, booked_team(e.org_unit_id) AS unit, e.amount AS x
  FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.expense_class IN ('service_labor', 'service_system', 'service_other')),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, NULL::VARCHAR AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
