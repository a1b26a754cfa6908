-- de-escalation-success-rate~window-3: (upset − still_upset) ÷ upset × 100%, calmed within 3 days
WITH rec AS (
  SELECT m.period, t.customer_id, (t.calmed_at IS NULL OR t.calmed_at >= t.upset_flagged_at + INTERVAL 3 DAY) AS still
  FROM mon m JOIN cases t ON t.upset_flagged_at >= m.a AND t.upset_flagged_at < m.b
  WHERE t.customer_id IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    count(DISTINCT customer_id) - count(DISTINCT customer_id) FILTER (still) AS num,
    count(DISTINCT customer_id) AS den
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
