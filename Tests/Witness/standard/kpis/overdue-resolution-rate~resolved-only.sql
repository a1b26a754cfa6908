-- overdue-resolution-rate~resolved-only: resolved late ÷ resolved × 100%, of cases with a promise, by resolved_at
-- With who resolved it, as ticket-volume.
WITH rec AS (
  SELECT m.period, ticket_team(coalesce(t.resolved_by_employee_id, t.assignee_employee_id), t.resolved_at, t.org_unit_id) AS unit, t.resolved_at > t.due_at AS hit
  FROM mon m JOIN cases t ON t.resolved_at >= m.a AND t.resolved_at < m.b
  WHERE t.due_at IS NOT NULL),
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
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
