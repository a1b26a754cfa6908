-- lead-to-customer-conversion-rate: converted ÷ leads × 100%
WITH rec AS (
  SELECT m.period, team_at(l.employee_id, l.created_at) AS unit, coalesce(l.converted_at < l.created_at + INTERVAL 90 DAY, false) AS hit
  FROM mon m JOIN leads l ON l.created_at >= m.a AND l.created_at < m.b
  WHERE l.duplicate_of_lead_id IS NULL AND coalesce(l.status, 'open') <> 'invalid'),
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
