-- partner-response-time: response_time
WITH rec AS (
  SELECT m.period, seconds(p.requested_at, p.responded_at) AS x
  FROM mon m JOIN partner_services p ON p.responded_at >= m.a AND p.responded_at < m.b
  WHERE NOT p.is_cancelled AND p.responded_at >= p.requested_at),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN n = 0 THEN 'no_rows' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x::DOUBLE / n END::DOUBLE AS value,
  (x)::DOUBLE AS numerator, (n)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
