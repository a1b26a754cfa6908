-- ticket-volume~raised: cases created in the period
-- With the assignee at creation, as the cases of complaint-rate.
WITH rec AS (
  SELECT m.period, ticket_team(t.assignee_employee_id, t.created_at, t.org_unit_id) AS unit
  FROM mon m JOIN cases t ON t.created_at >= m.a AND t.created_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, NULL::VARCHAR AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN n END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
