-- cross-sell-rate~three-products: multi_customers ÷ buyers × 100%, three products or more
WITH rec AS (
  SELECT m.period, l.customer_id, count(DISTINCT l.product_id) AS products
  FROM mon m JOIN order_line_facts l ON l.placed_at >= m.closing - INTERVAL 365 DAY AND l.placed_at < m.closing
  WHERE l.line_kind IN ('product', 'service') AND l.customer_id IS NOT NULL
  GROUP BY m.period, l.customer_id),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (products >= 3) AS num,
    count(*) AS den
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
