-- employee-turnover-rate~dismissed: departed (dismissed) ÷ headcount × 100%
WITH rec AS (
  SELECT m.period, 'left' AS kind, team_before(e.employee_id, e.left_on) AS unit, e.employee_id
  FROM mon m JOIN employees e ON e.left_on >= m.a AND e.left_on < m.b
  WHERE e.leave_reason = 'dismissed'
  UNION ALL
  SELECT m.period, 'open', team_before(e.employee_id, m.a), e.employee_id
  FROM mon m JOIN employees e ON e.hired_on < m.a AND (e.left_on IS NULL OR e.left_on >= m.a)
  UNION ALL
  SELECT m.period, 'close', team_before(e.employee_id, m.closing), e.employee_id
  FROM mon m JOIN employees e ON e.hired_on < m.closing AND (e.left_on IS NULL OR e.left_on >= m.closing)),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'left') AS num,
    count(*) FILTER (kind <> 'left') / 2.0 AS den,
    count(DISTINCT employee_id) FILTER (kind <> 'left') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'left') AS num,
    count(*) FILTER (kind <> 'left') / 2.0 AS den,
    count(DISTINCT employee_id) FILTER (kind <> 'left') AS n
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
