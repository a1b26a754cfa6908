-- campaign-conversion-rate: converted ÷ reached × 100%
WITH rec AS (
  SELECT m.period, t.person_key,
    EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = t.customer_id AND o.campaign_id = t.campaign_id AND o.cancelled_at IS NULL
      AND o.placed_at >= t.touched_at AND o.placed_at < t.touched_at + INTERVAL 30 DAY) AS hit
  FROM mon m JOIN campaign_touches t ON t.touched_at >= m.a AND t.touched_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    count(DISTINCT person_key) FILTER (hit) AS num,
    count(DISTINCT person_key) AS den,
    count(DISTINCT person_key) AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
