-- service-cost-saving-rate: (baseline − service_cost) ÷ baseline × 100%
WITH cost AS (
  SELECT m.period, sum(e.amount) AS x FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.expense_class IN ('service_labor', 'service_system', 'service_other') GROUP BY m.period)
SELECT c.period, c.unit,
  CASE WHEN p.planned <> 0 THEN (p.planned - coalesce(e.x, 0))::DOUBLE / p.planned::DOUBLE END AS value,
  (p.planned - coalesce(e.x, 0))::DOUBLE AS numerator, p.planned::DOUBLE AS denominator,
  CASE WHEN p.planned IS NOT NULL THEN p.n END::BIGINT AS n,
  CASE WHEN p.planned IS NULL THEN 'no_data' WHEN p.planned = 0 THEN 'zero_denominator' END AS reason
FROM company_cells c LEFT JOIN cost e ON e.period = c.period
LEFT JOIN plan_month p ON p.plan_item = 'baseline_service_cost' AND p.period = c.period AND p.unit = '*'
