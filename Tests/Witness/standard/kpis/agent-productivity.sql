-- agent-productivity: resolved ÷ agent_days
WITH rec AS (
  SELECT m.period, 'case' AS kind, team_at(e.employee_id, t.resolved_at) AS unit
  FROM mon m JOIN cases t ON t.resolved_at >= m.a AND t.resolved_at < m.b
  JOIN employees e ON e.employee_id = coalesce(t.resolved_by_employee_id, t.assignee_employee_id) AND e.job_role = 'service_agent'
  UNION ALL
  SELECT m.period, 'day', team_at(w.employee_id, w.work_date)
  FROM mon m JOIN work_records w ON w.work_date >= m.a AND w.work_date < m.b
  JOIN employees e ON e.employee_id = w.employee_id AND e.job_role = 'service_agent'
  WHERE w.worked_hours > 0),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'case') AS num,
    count(*) FILTER (kind = 'day') AS den,
    count(*) FILTER (kind = 'day') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'case') AS num,
    count(*) FILTER (kind = 'day') AS den,
    count(*) FILTER (kind = 'day') AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
