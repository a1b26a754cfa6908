-- lead-to-customer-conversion-rate~by-event: leads converted in the period ÷ leads created in it × 100%
-- Whenever the lead came in. Each event with the person as posted then: converted at converted_at, created at created_at.
WITH rec AS (
  SELECT m.period, 'converted' AS kind, team_at(l.employee_id, l.converted_at) AS unit
  FROM mon m JOIN leads l ON l.converted_at >= m.a AND l.converted_at < m.b
  WHERE l.duplicate_of_lead_id IS NULL AND coalesce(l.status, 'open') <> 'invalid'
  UNION ALL
  SELECT m.period, 'created', team_at(l.employee_id, l.created_at)
  FROM mon m JOIN leads l ON l.created_at >= m.a AND l.created_at < m.b
  WHERE l.duplicate_of_lead_id IS NULL AND coalesce(l.status, 'open') <> 'invalid'),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'converted') AS num,
    count(*) FILTER (kind = 'created') AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'converted') AS num,
    count(*) FILTER (kind = 'created') AS den
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
