-- service-quality-variance-rate: sd ÷ mean_score × 100%
WITH rec AS (
  SELECT m.period, team_at(q.employee_id, coalesce(q.served_at, q.reviewed_at)) AS unit, q.score::DOUBLE / coalesce(q.max_score, 100)::DOUBLE * 100 AS x
  FROM mon m JOIN quality_reviews q ON q.reviewed_at >= m.a AND q.reviewed_at < m.b
  WHERE q.score IS NOT NULL AND coalesce(q.max_score, 100) > 0),
agg AS (
  SELECT period, '*' AS unit,
    stddev_samp(x) AS nz_sd,
    avg(x) AS nz_mean,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    stddev_samp(x) AS nz_sd,
    avg(x) AS nz_mean,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, g.nz_sd, g.nz_mean, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN n < 2 THEN 'not_applicable' WHEN nz_mean = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN nz_sd / nz_mean END::DOUBLE AS value,
  (nz_sd)::DOUBLE AS numerator, (nz_mean)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
