-- self-service-rate~bot: solved by the bot ÷ (solved by the bot + issues) × 100%
-- AI self-service = channel bot, on both sides.
WITH rec AS (
  SELECT m.period, true AS hit
  FROM mon m JOIN self_service_sessions s ON s.started_at >= m.a AND s.started_at < m.b
  WHERE s.channel = 'bot' AND s.outcome = 'resolved' AND s.ticket_id IS NULL
  UNION ALL
  SELECT m.period, false
  FROM mon m JOIN cases t ON t.created_at >= m.a AND t.created_at < m.b),
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
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
