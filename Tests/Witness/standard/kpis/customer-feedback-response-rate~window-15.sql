-- customer-feedback-response-rate~window-15: resolved ÷ raised × 100%, within 15 days
WITH rec AS (
  SELECT m.period, team_at(f.employee_id, coalesce(f.occurred_at, f.received_at)) AS unit, coalesce(f.resolved_at < f.received_at + INTERVAL 15 DAY, false) AS hit
  FROM mon m JOIN feedback f ON f.received_at >= m.a AND f.received_at < m.b
  WHERE f.feedback_kind IN ('complaint', 'problem') AND NOT f.is_withdrawn AND f.duplicate_of_feedback_id IS NULL),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
