-- average-resolution-time~first-resolution: mean(duration(created_at, first resolution)) by the first resolution
-- First resolution = first_resolved_at, empty = resolved_at: cases open again count too. Who resolved it as in the card, posted at that instant.
WITH rec AS (
  SELECT m.period, ticket_team(coalesce(t.resolved_by_employee_id, t.assignee_employee_id), t.resolution, t.org_unit_id) AS unit, seconds(t.created_at, t.resolution) AS x
  FROM mon m JOIN (SELECT *, coalesce(first_resolved_at, resolved_at) AS resolution FROM cases) t ON t.resolution >= m.a AND t.resolution < m.b
  WHERE t.resolution >= t.created_at),
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
