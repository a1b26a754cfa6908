-- chatbot-usage-rate: (bot + bot_sessions) ÷ (requests + bot_sessions) × 100%
WITH rec AS (
  SELECT m.period, coalesce(i.first_handler = 'bot', false) AS hit
  FROM mon m JOIN interactions i ON i.started_at >= m.a AND i.started_at < m.b
  WHERE i.direction = 'inbound'
  UNION ALL
  SELECT m.period, true
  FROM mon m JOIN self_service_sessions s ON s.started_at >= m.a AND s.started_at < m.b
  WHERE s.channel = 'bot' AND coalesce(s.outcome, 'left') <> 'handed_over'),
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
