-- cross-department-collaboration-satisfaction: score × 100%
WITH rec AS (
  SELECT m.period, CASE WHEN v.org_unit_id IS NULL THEN '(unknown)' ELSE booked_team(v.org_unit_id) END AS unit, v.score::DOUBLE / v.smax::DOUBLE AS x
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'collaboration' AND v.answered_at >= m.a AND v.answered_at < m.b),
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
