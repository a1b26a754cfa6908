-- service-quality-score: 0.6 × customer_score + 0.4 × internal_score
WITH rec AS (
  SELECT m.period, 'customer' AS side, v.team AS unit, v.score::DOUBLE / v.smax::DOUBLE * 100 AS x
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'csat' AND v.answered_at >= m.a AND v.answered_at < m.b
  UNION ALL
  SELECT m.period, 'internal', team_at(q.employee_id, coalesce(q.served_at, q.reviewed_at)), q.score::DOUBLE / coalesce(q.max_score, 100)::DOUBLE * 100
  FROM mon m JOIN quality_reviews q ON q.reviewed_at >= m.a AND q.reviewed_at < m.b
  WHERE q.score IS NOT NULL AND coalesce(q.max_score, 100) > 0),
agg AS (
  SELECT period, '*' AS unit,
    avg(x) FILTER (side = 'customer') AS nz_c,
    avg(x) FILTER (side = 'internal') AS nz_i,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    avg(x) FILTER (side = 'customer') AS nz_c,
    avg(x) FILTER (side = 'internal') AS nz_i,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, g.nz_c, g.nz_i, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN nz_c IS NULL OR nz_i IS NULL THEN 'no_rows' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN 0.6 * nz_c + 0.4 * nz_i END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
