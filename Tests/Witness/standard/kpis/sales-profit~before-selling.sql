-- sales-profit~before-selling: sales_revenue − cost_of_sales
WITH rec AS (
  SELECT m.period, l.team AS unit, l.net_amount AS revenue, l.cost, CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue) AS revenue,
    sum(cost) AS cost,
    sum(uncosted) AS uncosted,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(revenue) AS revenue,
    sum(cost) AS cost,
    sum(uncosted) AS uncosted,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.revenue, 0) AS revenue, coalesce(g.cost, 0) AS cost, coalesce(g.uncosted, 0) AS uncosted, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN uncosted > 0.05 * revenue THEN 'no_data' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN revenue - cost END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
