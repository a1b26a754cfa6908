-- average-handling-time~per-interaction: mean(talk + hold + wrap) of interactions answered by a human, by started_at
-- Every channel, both directions, by the person who answered as average-talk-time. 0 counts, empty does not: where a part is not known the whole is not.
WITH rec AS (
  SELECT m.period, team_at(i.employee_id, i.started_at) AS unit,
    i.talk_seconds + i.hold_seconds + i.wrap_seconds AS x
  FROM mon m JOIN interactions i ON i.started_at >= m.a AND i.started_at < m.b
  WHERE i.outcome = 'answered' AND i.talk_seconds IS NOT NULL AND i.hold_seconds IS NOT NULL AND i.wrap_seconds IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN n = 0 THEN 'no_rows' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x::DOUBLE / n END::DOUBLE AS value,
  (x)::DOUBLE AS numerator, (n)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
