-- customer-referral-rate: referrers ÷ closing_customers × 100%
WITH rec AS (
  SELECT m.period, 'referrer' AS kind, l.referred_by_customer_id AS customer_id
  FROM mon m JOIN leads l ON l.created_at >= m.a AND l.created_at < m.b
  WHERE l.duplicate_of_lead_id IS NULL AND coalesce(l.status, 'open') <> 'invalid' AND l.referred_by_customer_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM active_rows r WHERE r.customer_id = l.referred_by_customer_id
      AND r.valid_from < m.closing AND (r.valid_to IS NULL OR r.valid_to >= m.closing))
  UNION ALL
  SELECT m.period, 'close', r.customer_id
  FROM mon m JOIN active_rows r ON r.valid_from < m.closing AND (r.valid_to IS NULL OR r.valid_to >= m.closing)),
agg AS (
  SELECT period, '*' AS unit,
    count(DISTINCT customer_id) FILTER (kind = 'referrer') AS num,
    count(DISTINCT customer_id) FILTER (kind = 'close') AS den,
    count(DISTINCT customer_id) FILTER (kind = 'close') AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
