-- sales-growth-rate: (sales_revenue − previous(sales_revenue)) ÷ previous(sales_revenue) × 100%
WITH rec AS (
  SELECT m.period, 'cur' AS w, l.team AS unit, l.net_amount AS x
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  UNION ALL
  SELECT m.period, 'prev', l.team, l.net_amount
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.prev_a AND l.recognised_at < m.prev_same),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) FILTER (w = 'cur') AS cur,
    sum(x) FILTER (w = 'prev') AS den,
    count(*) FILTER (w = 'prev') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) FILTER (w = 'cur') AS cur,
    sum(x) FILTER (w = 'prev') AS den,
    count(*) FILTER (w = 'prev') AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.cur, 0) AS cur, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den < 0 THEN 'not_applicable' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN (cur - den)::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (cur - den)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
