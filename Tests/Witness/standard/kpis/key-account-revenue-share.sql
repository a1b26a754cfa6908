-- key-account-revenue-share: key_revenue ÷ sales_revenue × 100%
WITH rec AS (
  SELECT m.period, l.team AS unit, l.net_amount AS x,
    coalesce((SELECT bool_or(h.is_key_account) FROM customer_status_history h WHERE h.customer_id = l.customer_id
      AND h.valid_from <= l.placed_at AND (h.valid_to IS NULL OR h.valid_to > l.placed_at)), l.customer_is_key) AS is_key
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) FILTER (is_key) AS num,
    sum(x) AS den,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) FILTER (is_key) AS num,
    sum(x) AS den,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den < 0 THEN 'not_applicable' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
