-- operating-profit-margin: operating_profit ÷ operating_revenue × 100%
SELECT c.period, c.unit,
  CASE WHEN p.amount IS NOT NULL AND r.amount <> 0 THEN p.amount::DOUBLE / r.amount::DOUBLE END AS value,
  CASE WHEN r.amount IS NOT NULL THEN p.amount END::DOUBLE AS numerator, CASE WHEN p.amount IS NOT NULL THEN r.amount END::DOUBLE AS denominator,
  CASE WHEN p.amount IS NOT NULL AND r.amount IS NOT NULL THEN r.n END::BIGINT AS n,
  CASE WHEN p.amount IS NULL OR r.amount IS NULL THEN 'no_data' WHEN r.amount = 0 THEN 'zero_denominator' END AS reason
FROM company_cells c
LEFT JOIN statement_month p ON p.period = c.period AND p.item = 'operating_profit'
LEFT JOIN statement_month r ON r.period = c.period AND r.item = 'operating_revenue'
