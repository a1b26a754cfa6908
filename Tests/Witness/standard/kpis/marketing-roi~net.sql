-- marketing-roi~net: (gross profit of the campaigns − spend) ÷ spend × 100%
-- Gross profit as every card that knows cost: uncosted revenue above 5 % of revenue = no_data.
WITH rec AS (
  SELECT m.period, 'line' AS kind, l.net_amount AS revenue, l.cost, CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted, 0 AS spend
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  WHERE l.campaign_id IS NOT NULL
  UNION ALL
  SELECT m.period, 'spend', 0, 0, 0, r.spend
  FROM mon m JOIN campaign_results r ON r.result_date >= m.a AND r.result_date < m.b
  WHERE r.spend IS NOT NULL
  UNION ALL
  SELECT m.period, 'spend', 0, 0, 0, e.amount
  FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.campaign_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM campaign_results r WHERE r.campaign_id = e.campaign_id AND r.spend IS NOT NULL AND r.result_date IS NOT NULL)),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue) AS revenue,
    sum(uncosted) AS uncosted,
    sum(revenue) - sum(cost) - sum(spend) AS num,
    sum(spend) AS den,
    count(*) FILTER (kind = 'spend') AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.revenue, 0) AS revenue, coalesce(g.uncosted, 0) AS uncosted, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN uncosted > 0.05 * revenue THEN 'no_data' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
