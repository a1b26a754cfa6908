-- new-customer-revenue-share~window-180: new_customer_revenue ÷ known_revenue × 100%, new for 180 days
WITH rec AS (
  SELECT m.period, l.team AS unit, l.net_amount AS x,
    CASE WHEN l.line_kind = 'refund' THEN coalesce(l.placed_at < l.became_customer_at + INTERVAL 180 DAY, false)
      ELSE l.recognised_at < l.became_customer_at + INTERVAL 180 DAY END AS is_new
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  WHERE l.customer_id IS NOT NULL AND l.became_customer_at IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) FILTER (is_new) AS num,
    sum(x) AS den,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) FILTER (is_new) AS num,
    sum(x) AS den,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
