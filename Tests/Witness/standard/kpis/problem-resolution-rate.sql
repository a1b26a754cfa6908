-- problem-resolution-rate: resolved ÷ issues × 100%
WITH rec AS (
  SELECT q.period, ticket_team(assigned_at(q.ticket_id, q.inst, q.assignee_employee_id), q.inst, q.org_unit_id) AS unit, q.hit
  FROM (
    SELECT m.period, t.ticket_id, t.assignee_employee_id, t.org_unit_id,
      least(coalesce(t.first_resolved_at, t.resolved_at, t.created_at + INTERVAL 7 DAY), t.created_at + INTERVAL 7 DAY) AS inst,
      coalesce(t.resolved_at < t.created_at + INTERVAL 7 DAY, false) AS hit
    FROM mon m JOIN cases t ON t.created_at >= m.a AND t.created_at < m.b) q),
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
