-- predicted-nps-delta: delta
WITH rec AS (
  SELECT m.period, team_at(p.employee_id, p.predicted_at) AS unit, p.predicted_value - b.predicted_value AS x
  FROM mon m JOIN (SELECT * FROM predictions WHERE prediction_kind IN ('nps_before', 'nps_after') AND interaction_id IS NOT NULL AND predicted_at IS NOT NULL
      QUALIFY row_number() OVER (PARTITION BY interaction_id, prediction_kind ORDER BY predicted_at DESC, prediction_id DESC) = 1) p ON p.prediction_kind = 'nps_after' AND p.predicted_at >= m.a AND p.predicted_at < m.b
  JOIN (SELECT * FROM predictions WHERE prediction_kind IN ('nps_before', 'nps_after') AND interaction_id IS NOT NULL AND predicted_at IS NOT NULL
      QUALIFY row_number() OVER (PARTITION BY interaction_id, prediction_kind ORDER BY predicted_at DESC, prediction_id DESC) = 1) b ON b.prediction_kind = 'nps_before' AND b.interaction_id = p.interaction_id),
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
