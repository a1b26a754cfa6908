-- revenue-mix-share: share(sales_revenue, dimension) × 100%
WITH rec AS (
  SELECT m.period, l.team AS unit, l.net_amount AS x
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b),
agg AS (
  SELECT period, '*' AS unit, sum(x) AS x FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit, sum(x) FROM rec GROUP BY period, unit),
whole AS (SELECT m.period, coalesce(sum(r.x), 0) AS den, count(r.x) AS n FROM mon m LEFT JOIN rec r ON r.period = m.period GROUP BY m.period),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)')
SELECT c.period, c.unit,
  CASE WHEN w.den > 0 THEN coalesce(g.x, 0)::DOUBLE / w.den::DOUBLE END AS value,
  coalesce(g.x, 0)::DOUBLE AS numerator, w.den::DOUBLE AS denominator, w.n::BIGINT AS n,
  CASE WHEN w.den < 0 THEN 'not_applicable' WHEN w.den = 0 THEN 'zero_denominator' END AS reason
FROM cell c JOIN whole w ON w.period = c.period LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit
