-- first-response-time~median: median(duration(created_at, first_response_at)) by first_response_at
WITH rec AS (
  SELECT m.period, ticket_team(coalesce(t.first_responder_employee_id, t.assignee_employee_id), t.first_response_at, t.org_unit_id) AS unit,
    seconds(t.created_at, t.first_response_at) AS x
  FROM mon m JOIN cases t ON t.first_response_at >= m.a AND t.first_response_at < m.b
  WHERE t.first_response_at >= t.created_at),
agg AS (
  SELECT period, '*' AS unit,
    median(x) AS med,
    count(x) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    median(x) AS med,
    count(x) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, g.med, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN n = 0 THEN 'no_rows' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN med END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
