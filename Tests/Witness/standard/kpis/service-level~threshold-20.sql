-- service-level~threshold-20: in_time ÷ offered × 100%, within 20 seconds
WITH rec AS (
  SELECT m.period, team_unit(i.org_unit_id) AS unit,
    (i.outcome = 'answered' AND coalesce(seconds(i.started_at, i.answered_at) <= 20, false)) AS hit
  FROM mon m JOIN interactions i ON i.started_at >= m.a AND i.started_at < m.b
  WHERE i.direction = 'inbound' AND i.channel IN ('phone', 'chat') AND i.outcome <> 'bot_only'
    AND NOT (i.outcome = 'abandoned' AND coalesce(seconds(i.started_at, i.ended_at) < 5, false))),
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
