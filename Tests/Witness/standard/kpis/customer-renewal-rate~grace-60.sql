-- customer-renewal-rate~grace-60: renewed_customers ÷ due_customers × 100%, renewed up to 60 days after the term
WITH rec AS (
  SELECT m.period, team_at(c.employee_id, c.expires_on) AS unit, c.customer_id,
    EXISTS (SELECT 1 FROM contracts r WHERE r.renews_contract_id = c.contract_id AND r.signed_on < c.expires_on + INTERVAL 61 DAY) AS hit
  FROM mon m JOIN contracts c ON c.expires_on >= m.a AND c.expires_on < m.b AND c.expires_on + INTERVAL 1 DAY <= m.as_of
  WHERE c.annual_value IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    count(DISTINCT customer_id) FILTER (hit) AS num,
    count(DISTINCT customer_id) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(DISTINCT customer_id) FILTER (hit) AS num,
    count(DISTINCT customer_id) AS den
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
