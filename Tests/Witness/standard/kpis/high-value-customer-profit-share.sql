-- high-value-customer-profit-share: high_value_profit ÷ total_customer_profit × 100%
WITH rec AS (
  SELECT m.period, 'line' AS kind, true AS own, l.net_amount AS revenue, l.cost, CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted,
    EXISTS (SELECT 1 FROM customer_status_history h WHERE h.customer_id = l.customer_id AND h.tier = 'A'
      AND h.valid_from <= l.recognised_at AND (h.valid_to IS NULL OR h.valid_to > l.recognised_at)) AS high
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  WHERE l.customer_id IS NOT NULL
  UNION ALL
  SELECT m.period, 'expense', true, 0, e.amount, 0,
    EXISTS (SELECT 1 FROM customer_status_history h WHERE h.customer_id = e.customer_id AND h.tier = 'A'
      AND h.valid_from <= e.posted_on AND (h.valid_to IS NULL OR h.valid_to > e.posted_on))
  FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.customer_id IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue) AS revenue,
    sum(cost) AS cost,
    sum(uncosted) AS uncosted,
    count(*) FILTER (kind = 'line') AS lines,
    count(*) AS n,
    sum(revenue - cost) FILTER (high) AS high
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.revenue, 0) AS revenue, coalesce(g.cost, 0) AS cost, coalesce(g.uncosted, 0) AS uncosted, coalesce(g.lines, 0) AS lines, coalesce(g.n, 0) AS n, coalesce(g.high, 0) AS high
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN uncosted > 0.05 * revenue THEN 'no_data' WHEN revenue - cost <= 0 THEN 'not_applicable' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN high::DOUBLE / (revenue - cost)::DOUBLE END::DOUBLE AS value,
  (high)::DOUBLE AS numerator, (revenue - cost)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
