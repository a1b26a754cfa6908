-- predicted-churn-risk~mean-probability: mean(predicted_value) over the last score of each customer
-- A mean: without scores there are no rows.
WITH rec AS (
  SELECT DISTINCT s.period, s.customer_id, s.predicted_value AS x, team_before(r.owner_employee_id, s.closing) AS unit
  FROM (
    SELECT m.period, m.closing, p.customer_id, p.predicted_value
    FROM mon m JOIN predictions p ON p.predicted_at >= m.closing - INTERVAL 90 DAY AND p.predicted_at < m.closing
    WHERE p.prediction_kind = 'churn_probability' AND p.customer_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY m.period, p.customer_id ORDER BY p.predicted_at DESC, p.prediction_id DESC) = 1) s
  JOIN active_rows r ON r.customer_id = s.customer_id AND r.valid_from < s.closing AND (r.valid_to IS NULL OR r.valid_to >= s.closing)),
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
