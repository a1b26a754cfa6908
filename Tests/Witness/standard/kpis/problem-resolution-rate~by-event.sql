-- problem-resolution-rate~by-event: cases resolved in the period ÷ cases raised in it × 100%
-- Can exceed 100 %. Resolved: as ticket-volume, with who resolved it; raised: as complaint-rate, with the assignee at creation.
WITH rec AS (
  SELECT m.period, 'resolved' AS kind, ticket_team(coalesce(t.resolved_by_employee_id, t.assignee_employee_id), t.resolved_at, t.org_unit_id) AS unit
  FROM mon m JOIN cases t ON t.resolved_at >= m.a AND t.resolved_at < m.b
  UNION ALL
  SELECT m.period, 'raised', ticket_team(t.assignee_employee_id, t.created_at, t.org_unit_id)
  FROM mon m JOIN cases t ON t.created_at >= m.a AND t.created_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'resolved') AS num,
    count(*) FILTER (kind = 'raised') AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'resolved') AS num,
    count(*) FILTER (kind = 'raised') AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
