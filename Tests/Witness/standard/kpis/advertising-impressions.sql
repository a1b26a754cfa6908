-- advertising-impressions: impressions
WITH rec AS (
  SELECT m.period, r.impressions AS x
  FROM mon m JOIN campaign_results r ON r.result_date >= m.a AND r.result_date < m.b),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, NULL::VARCHAR AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
