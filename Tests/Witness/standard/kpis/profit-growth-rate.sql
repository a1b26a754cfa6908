-- profit-growth-rate: (sales_profit − previous(sales_profit)) ÷ previous(sales_profit) × 100%
WITH rec AS (
  SELECT m.period, 'cur' AS w, 'line' AS kind, l.team AS unit, l.net_amount AS revenue, l.cost AS cost,
    CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  UNION ALL
  SELECT m.period, 'cur', 'expense', booked_team(e.org_unit_id), 0, e.amount, 0
  FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.expense_class IN ('selling', 'marketing', 'market_development')
  UNION ALL
  SELECT m.period, 'prev' AS w, 'line' AS kind, l.team AS unit, l.net_amount AS revenue, l.cost AS cost,
    CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.prev_a AND l.recognised_at < m.prev_b
  UNION ALL
  SELECT m.period, 'prev', 'expense', booked_team(e.org_unit_id), 0, e.amount, 0
  FROM mon m JOIN expenses e ON e.posted_on >= m.prev_a AND e.posted_on < m.prev_b
  WHERE e.expense_class IN ('selling', 'marketing', 'market_development')),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue) FILTER (w = 'cur') AS cr,
    sum(cost) FILTER (w = 'cur') AS cc,
    sum(uncosted) FILTER (w = 'cur') AS cu,
    sum(revenue) FILTER (w = 'prev') AS pr,
    sum(cost) FILTER (w = 'prev') AS pc,
    sum(uncosted) FILTER (w = 'prev') AS pu,
    count(*) FILTER (w = 'prev') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(revenue) FILTER (w = 'cur') AS cr,
    sum(cost) FILTER (w = 'cur') AS cc,
    sum(uncosted) FILTER (w = 'cur') AS cu,
    sum(revenue) FILTER (w = 'prev') AS pr,
    sum(cost) FILTER (w = 'prev') AS pc,
    sum(uncosted) FILTER (w = 'prev') AS pu,
    count(*) FILTER (w = 'prev') AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.cr, 0) AS cr, coalesce(g.cc, 0) AS cc, coalesce(g.cu, 0) AS cu, coalesce(g.pr, 0) AS pr, coalesce(g.pc, 0) AS pc, coalesce(g.pu, 0) AS pu, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN cu > 0.05 * cr OR pu > 0.05 * pr THEN 'no_data' WHEN pr - pc <= 0 THEN 'not_applicable' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN ((cr - cc) - (pr - pc))::DOUBLE / (pr - pc)::DOUBLE END::DOUBLE AS value,
  ((cr - cc) - (pr - pc))::DOUBLE AS numerator, (pr - pc)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
