-- cross-channel-conversion-rate: cross_converted ÷ cross_reached × 100%
WITH rec AS (
  SELECT m.period, t.customer_id, bool_or(EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = t.customer_id AND o.cancelled_at IS NULL
      AND o.placed_at >= t.touched_at AND o.placed_at < t.touched_at + INTERVAL 30 DAY)) AS hit
  FROM mon m JOIN campaign_touches t ON t.touched_at >= m.a AND t.touched_at < m.b
  WHERE t.customer_id IS NOT NULL
  GROUP BY m.period, t.customer_id HAVING count(DISTINCT t.channel) >= 2),
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
