-- customer-profit-contribution-rate: (customer_revenue − customer_cost − customer_expense) ÷ sales_revenue × 100%
WITH rec AS (
  SELECT m.period, 'line' AS kind, (l.customer_id IS NOT NULL) AS own, l.net_amount AS revenue, l.cost, CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  UNION ALL
  SELECT m.period, 'expense', true, 0, e.amount, 0
  FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.customer_id IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue - cost) FILTER (own) AS num,
    sum(revenue) FILTER (own) AS own_revenue,
    sum(uncosted) FILTER (own) AS uncosted,
    sum(revenue) AS den,
    count(*) FILTER (kind = 'line') AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.own_revenue, 0) AS own_revenue, coalesce(g.uncosted, 0) AS uncosted, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN uncosted > 0.05 * own_revenue THEN 'no_data' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
