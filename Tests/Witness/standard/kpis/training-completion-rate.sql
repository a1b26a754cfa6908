-- training-completion-rate: completed ÷ planned × 100%
WITH rec AS (
  SELECT m.period, team_at(t.employee_id, t.planned_on) AS unit,
    (NOT t.is_cancelled AND coalesce(t.completed_on < t.planned_on + INTERVAL 30 DAY, false)) AS hit
  FROM mon m JOIN trainings t ON t.planned_on >= m.a AND t.planned_on < m.b AND t.planned_on < m.as_of
  WHERE NOT (t.is_cancelled AND coalesce(t.cancelled_at <= t.planned_on, false))),
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
  CASE WHEN reason IS NULL THEN num::DOUBLE / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
