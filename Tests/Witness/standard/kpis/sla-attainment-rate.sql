-- sla-attainment-rate: kept ÷ promised × 100%
WITH rec AS (
  SELECT m.period, ticket_team(assigned_at(t.ticket_id, t.promise, t.assignee_employee_id), t.promise, t.org_unit_id) AS unit,
    ((t.due_at IS NULL OR coalesce(t.resolved_at <= t.due_at, false))
     AND (t.response_due_at IS NULL OR coalesce(t.first_response_at <= t.response_due_at, false))) AS hit
  FROM mon m JOIN (SELECT *, coalesce(due_at, response_due_at) AS promise FROM cases) t
    ON t.promise >= m.a AND t.promise < m.b AND t.promise < m.as_of),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
