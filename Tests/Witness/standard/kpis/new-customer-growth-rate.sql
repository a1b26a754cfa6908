-- new-customer-growth-rate: (new_customers − previous(new_customers)) ÷ previous(new_customers) × 100%
WITH rec AS (
  SELECT m.period, 'cur' AS w, team_at(c.won_by_employee_id, c.became_customer_at) AS unit
  FROM mon m JOIN customers c ON c.became_customer_at >= m.a AND c.became_customer_at < m.b
  UNION ALL
  SELECT m.period, 'prev', team_at(c.won_by_employee_id, c.became_customer_at)
  FROM mon m JOIN customers c ON c.became_customer_at >= m.prev_a AND c.became_customer_at < m.prev_b),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (w = 'cur') AS cur,
    count(*) FILTER (w = 'prev') AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (w = 'cur') AS cur,
    count(*) FILTER (w = 'prev') AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.cur, 0) AS cur, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN (cur - den)::DOUBLE / den END::DOUBLE AS value,
  (cur - den)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
