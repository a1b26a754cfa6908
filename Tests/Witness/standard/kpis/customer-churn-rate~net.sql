-- customer-churn-rate~net: (opening_customers − closing_customers) ÷ opening_customers × 100%
-- Customers gained make up for those lost; below zero where there are more at the end.
WITH rec AS (
  SELECT m.period, 'open' AS kind, r.customer_id, team_before(r.owner_employee_id, m.a) AS unit,
    NOT EXISTS (SELECT 1 FROM active_rows z WHERE z.customer_id = r.customer_id
      AND z.valid_from < m.closing AND (z.valid_to IS NULL OR z.valid_to >= m.closing)) AS hit
  FROM mon m JOIN active_rows r ON r.valid_from < m.a AND (r.valid_to IS NULL OR r.valid_to >= m.a)
  UNION ALL
  SELECT m.period, 'close', r.customer_id, team_before(r.owner_employee_id, m.closing), false
  FROM mon m JOIN active_rows r ON r.valid_from < m.closing AND (r.valid_to IS NULL OR r.valid_to >= m.closing)),
agg AS (
  SELECT period, '*' AS unit,
    count(DISTINCT customer_id) FILTER (kind = 'open') - count(DISTINCT customer_id) FILTER (kind = 'close') AS num,
    count(DISTINCT customer_id) FILTER (kind = 'open') AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(DISTINCT customer_id) FILTER (kind = 'open') - count(DISTINCT customer_id) FILTER (kind = 'close') AS num,
    count(DISTINCT customer_id) FILTER (kind = 'open') AS den
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
