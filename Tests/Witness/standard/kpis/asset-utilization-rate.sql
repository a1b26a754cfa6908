-- asset-utilization-rate: operating_revenue ÷ ((opening(total_assets) + closing(total_assets)) ÷ 2)
WITH f AS (
  SELECT m.period, r.amount AS revenue,
    (SELECT min(s.amount) FROM financial_statements s WHERE s.item = 'total_assets' AND s.period_end = m.a) AS opening,
    (SELECT min(s.amount) FROM financial_statements s WHERE s.item = 'total_assets' AND s.period_end = m.closing) AS closing,
    (SELECT count(*) FROM financial_statements s WHERE s.item = 'total_assets' AND s.period_end IN (m.a, m.closing)) AS balances
  FROM mon m LEFT JOIN statement_month r ON r.period = m.period AND r.item = 'operating_revenue'),
g AS (SELECT *, CASE WHEN revenue IS NOT NULL THEN (opening + closing) / 2 END AS den FROM f)
SELECT c.period, c.unit,
  CASE WHEN den <> 0 THEN revenue::DOUBLE / den::DOUBLE END AS value,
  CASE WHEN den IS NOT NULL THEN revenue END::DOUBLE AS numerator, den::DOUBLE AS denominator,
  CASE WHEN den IS NOT NULL THEN balances END::BIGINT AS n,
  CASE WHEN den IS NULL THEN 'no_data' WHEN den = 0 THEN 'zero_denominator' END AS reason
FROM company_cells c JOIN g ON g.period = c.period
