-- complaint-rate~per-interaction: complaints ÷ interactions answered by a human × 100%
-- Every channel, both directions, by started_at; the team is the queue, as where interactions are counted.
WITH rec AS (
  SELECT m.period, 'complaint' AS kind, team_at(f.employee_id, coalesce(f.occurred_at, f.received_at)) AS unit
  FROM mon m JOIN feedback f ON f.received_at >= m.a AND f.received_at < m.b
  WHERE f.feedback_kind = 'complaint' AND NOT f.is_withdrawn AND f.duplicate_of_feedback_id IS NULL
  UNION ALL
  SELECT m.period, 'answered', team_unit(i.org_unit_id)
  FROM mon m JOIN interactions i ON i.started_at >= m.a AND i.started_at < m.b
  WHERE i.outcome = 'answered'),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'complaint') AS num,
    count(*) FILTER (kind = 'answered') AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'complaint') AS num,
    count(*) FILTER (kind = 'answered') AS den
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
