-- customer-satisfaction-score~min-max: mean((score − scale_min) ÷ (scale_max − scale_min) × 100)
-- A scale whose ends are the same has no score.
WITH rec AS (
  SELECT m.period, v.team AS unit, (v.score::DOUBLE - v.smin::DOUBLE) / nullif(v.smax::DOUBLE - v.smin::DOUBLE, 0) * 100 AS x
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'csat' AND v.answered_at >= m.a AND v.answered_at < m.b),
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
