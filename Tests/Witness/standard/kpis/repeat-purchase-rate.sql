-- repeat-purchase-rate: repeat_customers ÷ purchasing_customers × 100%
WITH rec AS (
  SELECT m.period, o.customer_id, count(*) AS orders
  FROM mon m JOIN orders o ON o.placed_at >= m.closing - INTERVAL 365 DAY AND o.placed_at < m.closing
  WHERE o.cancelled_at IS NULL AND o.customer_id IS NOT NULL
  GROUP BY m.period, o.customer_id),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (orders >= 2) AS num,
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
