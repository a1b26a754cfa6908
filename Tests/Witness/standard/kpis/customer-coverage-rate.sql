-- customer-coverage-rate: covered_customers ÷ target_customers × 100%
WITH rec AS (
  SELECT m.period, NULL::VARCHAR AS unit,
    (EXISTS (SELECT 1 FROM sales_activities s WHERE s.customer_id = c.customer_id
       AND s.completed_at >= m.closing - INTERVAL 90 DAY AND s.completed_at < m.closing)
     OR EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id AND o.cancelled_at IS NULL
       AND o.placed_at >= m.closing - INTERVAL 90 DAY AND o.placed_at < m.closing)) AS hit
  FROM mon m JOIN customers c ON c.target_since < m.closing),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
