-- customer-lifetime-value~historic: gross profit of all sales so far ÷ customers who ever bought
-- Everything recognised before closing, whoever long ago; the customer is with the owner in force at closing.
-- Cost as in the card: uncosted revenue above 5 % of revenue = no_data. No share of revenue is taken, so revenue <= 0 has a meaning.
WITH owner AS (
  SELECT m.period, h.customer_id, min(team_before(h.owner_employee_id, m.closing)) AS unit
  FROM mon m JOIN customer_status_history h ON h.valid_from < m.closing AND (h.valid_to IS NULL OR h.valid_to >= m.closing)
  GROUP BY m.period, h.customer_id),
rec AS (
  SELECT m.period, coalesce(o.unit, '(unknown)') AS unit, l.customer_id, l.net_amount AS revenue, l.cost,
    CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted, (l.line_kind <> 'refund') AS bought
  FROM mon m JOIN sales_lines l ON l.recognised_at < m.closing AND l.customer_id IS NOT NULL
  LEFT JOIN owner o ON o.period = m.period AND o.customer_id = l.customer_id),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue) - sum(cost) AS num,
    sum(revenue) AS revenue,
    sum(uncosted) AS uncosted,
    count(DISTINCT customer_id) FILTER (bought) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(revenue) - sum(cost) AS num,
    sum(revenue) AS revenue,
    sum(uncosted) AS uncosted,
    count(DISTINCT customer_id) FILTER (bought) AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.revenue, 0) AS revenue, coalesce(g.uncosted, 0) AS uncosted, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN uncosted > 0.05 * revenue THEN 'no_data' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
