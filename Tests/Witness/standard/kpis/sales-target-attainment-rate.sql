-- sales-target-attainment-rate: sales_revenue ÷ sales_target × 100%
WITH rec AS (
  SELECT m.period, l.team AS unit, l.net_amount AS x
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b),
agg AS (
  SELECT period, '*' AS unit, sum(x) AS x FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit, sum(x) FROM rec GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)')
SELECT c.period, c.unit,
  CASE WHEN p.planned <> 0 THEN coalesce(g.x, 0)::DOUBLE / p.planned::DOUBLE END AS value,
  CASE WHEN p.planned IS NOT NULL THEN coalesce(g.x, 0) END::DOUBLE AS numerator, p.planned::DOUBLE AS denominator,
  CASE WHEN p.planned IS NOT NULL THEN p.n END::BIGINT AS n,
  CASE WHEN p.planned IS NULL THEN 'no_data' WHEN p.planned = 0 THEN 'zero_denominator' END AS reason
FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit
LEFT JOIN plan_month p ON p.plan_item = 'sales_revenue' AND p.period = c.period AND p.unit = c.unit
