-- average-annual-spend-per-customer: revenue ÷ buyers
WITH rec AS (
  SELECT m.period, l.customer_id, l.net_amount AS x, l.line_kind
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.closing - INTERVAL 365 DAY AND l.recognised_at < m.closing
  WHERE l.customer_id IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS num,
    count(DISTINCT customer_id) FILTER (line_kind <> 'refund') AS den,
    count(DISTINCT customer_id) FILTER (line_kind <> 'refund') AS n
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
