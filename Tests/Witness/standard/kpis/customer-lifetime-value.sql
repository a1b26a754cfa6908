-- customer-lifetime-value: (revenue ÷ orders) × (orders ÷ buyers) × lifespan_years × ((revenue − cost) ÷ revenue), lifespan_years = min(10, 1 ÷ (1 − retained_customers ÷ opening_customers))
WITH -- the owner in the status row in force at closing gives the team
owner AS (
  SELECT m.period, h.customer_id, min(team_before(h.owner_employee_id, m.closing)) AS unit
  FROM mon m JOIN customer_status_history h ON h.valid_from < m.closing AND (h.valid_to IS NULL OR h.valid_to >= m.closing)
  GROUP BY m.period, h.customer_id),
rec AS (
  SELECT m.period, 'line' AS kind, coalesce(o.unit, '(unknown)') AS unit, l.customer_id, l.order_id, l.net_amount AS revenue, l.cost,
    CASE WHEN l.uncosted THEN l.net_amount ELSE 0 END AS uncosted, (l.line_kind <> 'refund') AS bought, false AS kept
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.closing - INTERVAL 365 DAY AND l.recognised_at < m.closing AND l.customer_id IS NOT NULL
  LEFT JOIN owner o ON o.period = m.period AND o.customer_id = l.customer_id
  UNION ALL
  SELECT m.period, 'open', coalesce(o.unit, '(unknown)'), r.customer_id, NULL, 0, 0, 0, false,
    EXISTS (SELECT 1 FROM active_rows z WHERE z.customer_id = r.customer_id AND z.valid_from < m.closing AND (z.valid_to IS NULL OR z.valid_to >= m.closing))
  FROM mon m JOIN active_rows r ON r.valid_from < m.closing - INTERVAL 365 DAY AND (r.valid_to IS NULL OR r.valid_to >= m.closing - INTERVAL 365 DAY)
  LEFT JOIN owner o ON o.period = m.period AND o.customer_id = r.customer_id),
agg AS (
  SELECT period, '*' AS unit,
    sum(revenue) AS revenue,
    sum(cost) AS cost,
    sum(uncosted) AS uncosted,
    count(DISTINCT order_id) FILTER (bought) AS orders,
    count(DISTINCT customer_id) FILTER (bought) AS buyers,
    count(DISTINCT customer_id) FILTER (kind = 'open') AS opening,
    count(DISTINCT customer_id) FILTER (kind = 'open' AND kept) AS kept
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(revenue) AS revenue,
    sum(cost) AS cost,
    sum(uncosted) AS uncosted,
    count(DISTINCT order_id) FILTER (bought) AS orders,
    count(DISTINCT customer_id) FILTER (bought) AS buyers,
    count(DISTINCT customer_id) FILTER (kind = 'open') AS opening,
    count(DISTINCT customer_id) FILTER (kind = 'open' AND kept) AS kept
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.revenue, 0) AS revenue, coalesce(g.cost, 0) AS cost, coalesce(g.uncosted, 0) AS uncosted, coalesce(g.orders, 0) AS orders, coalesce(g.buyers, 0) AS buyers, coalesce(g.opening, 0) AS opening, coalesce(g.kept, 0) AS kept
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN uncosted > 0.05 * revenue THEN 'no_data' WHEN revenue <= 0 THEN 'not_applicable' WHEN buyers = 0 OR opening = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN (revenue::DOUBLE / orders) * (orders::DOUBLE / buyers)
    * (CASE WHEN kept = opening THEN 10 ELSE least(10, 1 / (1 - kept::DOUBLE / opening)) END)
    * ((revenue - cost)::DOUBLE / revenue::DOUBLE) END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (NULL)::BIGINT AS n, reason
FROM r
