-- labor-productivity: output ÷ hours
WITH rec AS (
  SELECT m.period, team_at(w.employee_id, w.work_date) AS unit, w.output_quantity, w.worked_hours
  FROM mon m JOIN work_records w ON w.work_date >= m.a AND w.work_date < m.b
  WHERE w.output_quantity IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(output_quantity) AS num,
    sum(worked_hours) AS den,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(output_quantity) AS num,
    sum(worked_hours) AS den,
    count(*) AS n
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
