-- macros.sql: what several KPI files share. Read with conventions.md beside it.

-- ---------------------------------------------------------------- attribution (convention 8 and 10)
-- (The aliases zz_... keep a caller's s.x or u.x from being caught inside; callers always qualify their columns.)
-- team of a person at an instant: primary assignment with valid_from <= t < valid_to; no team = (unknown)
CREATE MACRO team_at(p_emp, p_ts) AS coalesce((
  SELECT min(zz_s.org_unit_id) FROM assignments zz_s JOIN org_units zz_u ON zz_u.org_unit_id = zz_s.org_unit_id
  WHERE zz_s.employee_id = p_emp AND zz_s.is_primary AND zz_u.unit_kind = 'team'
    AND zz_s.valid_from <= p_ts AND (zz_s.valid_to IS NULL OR zz_s.valid_to > p_ts)), '(unknown)');
-- the same just before an instant (stocks): valid_from < x <= valid_to
CREATE MACRO team_before(p_emp, p_ts) AS coalesce((
  SELECT min(zz_s.org_unit_id) FROM assignments zz_s JOIN org_units zz_u ON zz_u.org_unit_id = zz_s.org_unit_id
  WHERE zz_s.employee_id = p_emp AND zz_s.is_primary AND zz_u.unit_kind = 'team'
    AND zz_s.valid_from < p_ts AND (zz_s.valid_to IS NULL OR zz_s.valid_to >= p_ts)), '(unknown)');
-- a unit recorded as the team (queue, tickets.org_unit_id): a unit that is no team = (unknown)
CREATE MACRO team_unit(p_unit) AS coalesce((
  SELECT zz_u.org_unit_id FROM org_units zz_u WHERE zz_u.org_unit_id = p_unit AND zz_u.unit_kind = 'team'), '(unknown)');
-- a unit an amount is booked on: a team, or NULL when it reaches no team (department, company)
CREATE MACRO booked_team(p_unit) AS (
  SELECT zz_u.org_unit_id FROM org_units zz_u WHERE zz_u.org_unit_id = p_unit AND zz_u.unit_kind = 'team');
-- tickets: person, else the team as recorded
CREATE MACRO ticket_team(p_person, p_instant, p_recorded) AS
  CASE WHEN p_person IS NULL THEN team_unit(p_recorded) ELSE team_at(p_person, p_instant) END;

-- ---------------------------------------------------------------- months and cells
CREATE VIEW mon AS
SELECT m.period, m.a, m.b, least(m.b, k.as_of) AS closing, k.as_of,
  m.a - INTERVAL 1 MONTH AS prev_a, m.a AS prev_b,
  m.a - INTERVAL 12 MONTH AS year_a, m.b - INTERVAL 12 MONTH AS year_b,
  -- the same elapsed part of the month before and of the same month a year before
  CASE WHEN m.b <= k.as_of THEN m.a ELSE least(m.a, m.a - INTERVAL 1 MONTH + (k.as_of - m.a)) END AS prev_same,
  CASE WHEN m.b <= k.as_of THEN m.b - INTERVAL 12 MONTH ELSE least(m.b - INTERVAL 12 MONTH, m.a - INTERVAL 12 MONTH + (k.as_of - m.a)) END AS year_same
FROM months m CROSS JOIN clock k;

CREATE VIEW company_cells AS SELECT period, '*' AS unit FROM mon;
CREATE VIEW cells AS
SELECT period, unit FROM company_cells
UNION ALL
SELECT m.period, u.org_unit_id FROM mon m JOIN org_units u
  ON u.unit_kind = 'team' AND u.valid_from < m.closing AND (u.valid_to IS NULL OR u.valid_to > m.a);

CREATE MACRO seconds(p_a, p_b) AS (epoch_us(p_b) - epoch_us(p_a)) / 1000000.0;

-- the worst of two reasons (convention 13)
CREATE MACRO worst(p_x, p_y) AS CASE
  WHEN p_x = 'no_data' OR p_y = 'no_data' THEN 'no_data'
  WHEN p_x = 'not_applicable' OR p_y = 'not_applicable' THEN 'not_applicable'
  WHEN p_x = 'zero_denominator' OR p_y = 'zero_denominator' THEN 'zero_denominator'
  WHEN p_x = 'no_rows' OR p_y = 'no_rows' THEN 'no_rows' END;

-- ---------------------------------------------------------------- sales
-- every line of an order not cancelled, with what its KPIs ask for
CREATE TABLE order_line_facts AS
SELECT l.order_line_id, l.order_id, l.product_id, p.product_line, l.line_kind, l.quantity, l.net_amount,
  coalesce(l.cost_amount, l.quantity * p.standard_cost, 0) AS cost,
  (l.line_kind IN ('product', 'service') AND l.cost_amount IS NULL AND (l.quantity IS NULL OR p.standard_cost IS NULL)) AS uncosted,
  l.recognised_at, o.placed_at, o.customer_id, o.employee_id, o.campaign_id, o.region AS order_region,
  c.segment, c.region, c.became_customer_at, coalesce(c.is_key_account, false) AS customer_is_key,
  team_at(o.employee_id, o.placed_at) AS team
FROM order_lines l JOIN orders o ON o.order_id = l.order_id
  LEFT JOIN products p ON p.product_id = l.product_id
  LEFT JOIN customers c ON c.customer_id = o.customer_id
WHERE o.cancelled_at IS NULL;

-- the lines of sales_revenue (still to be bucketed by recognised_at; empty = in no period)
CREATE VIEW sales_lines AS SELECT * FROM order_line_facts
WHERE line_kind IN ('product', 'service', 'discount', 'refund') AND recognised_at IS NOT NULL;

-- new or existing customer at the line (new-customer-revenue and shares)
CREATE VIEW known_lines AS SELECT *,
  (CASE WHEN line_kind = 'refund' THEN coalesce(placed_at < became_customer_at + INTERVAL 365 DAY, false)
        ELSE recognised_at < became_customer_at + INTERVAL 365 DAY END) AS is_new
FROM sales_lines WHERE customer_id IS NOT NULL AND became_customer_at IS NOT NULL;

-- ---------------------------------------------------------------- customers
CREATE VIEW active_rows AS SELECT * FROM customer_status_history WHERE status = 'active';

-- ---------------------------------------------------------------- surveys
CREATE TABLE valid_answers AS
WITH inside AS (
  SELECT s.*, coalesce(s.scale_max, CASE s.survey_kind WHEN 'nps' THEN 10 WHEN 'brand_awareness' THEN 1 ELSE 5 END) AS smax,
    coalesce(s.scale_min, CASE WHEN s.survey_kind IN ('nps', 'brand_awareness') THEN 0 ELSE 1 END) AS smin
  FROM survey_answers s
  WHERE s.score IS NOT NULL AND s.answered_at IS NOT NULL
    AND (s.sent_at IS NULL OR s.answered_at < s.sent_at + INTERVAL 30 DAY))
SELECT i.*,
  coalesce(i.employee_id, t.resolved_by_employee_id, t.assignee_employee_id) AS person,
  team_at(coalesce(i.employee_id, t.resolved_by_employee_id, t.assignee_employee_id), coalesce(i.served_at, i.answered_at)) AS team
FROM inside i LEFT JOIN tickets t ON t.ticket_id = i.ticket_id
WHERE i.invitation_id IS NULL OR NOT EXISTS (
  SELECT 1 FROM inside j
  WHERE j.invitation_id = i.invitation_id AND j.survey_kind = i.survey_kind
    AND (j.answered_at > i.answered_at OR (j.answered_at = i.answered_at AND j.answer_id > i.answer_id)));

-- ---------------------------------------------------------------- tickets
CREATE VIEW cases AS SELECT * FROM tickets WHERE exclusion IS NULL;
-- person responsible at an instant: the last assigned event at or before it, else the assignee
CREATE MACRO assigned_at(p_ticket, p_instant, p_assignee) AS coalesce((
  SELECT arg_max_null(zz_e.employee_id, (zz_e.occurred_at, zz_e.event_id)) FROM ticket_events zz_e
  WHERE zz_e.ticket_id = p_ticket AND zz_e.event_kind = 'assigned' AND zz_e.occurred_at <= p_instant), p_assignee);

-- ---------------------------------------------------------------- look-ups of period figures
-- statements: per month and item the figure (exactly the month, else rows inside it that cover each day once) and its rows
CREATE VIEW statement_month AS
WITH inside AS (
  SELECT m.period, m.a, m.b, s.item, s.statement_line_id, s.period_start, s.period_end, s.amount,
    (s.period_start = m.a AND s.period_end = m.b) AS exact
  FROM mon m JOIN financial_statements s ON s.period_start >= m.a AND s.period_end <= m.b AND s.item <> 'total_assets'),
days AS (
  SELECT period, item, count(*) AS day_rows, count(DISTINCT d) AS days
  FROM (SELECT period, item, unnest(generate_series(period_start, period_end - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS d FROM inside WHERE NOT exact AND period_end > period_start)
  GROUP BY period, item)
SELECT i.period, i.item,
  CASE WHEN bool_or(exact) THEN sum(amount) FILTER (exact)
       WHEN any_value(d.day_rows) = any_value(d.days) AND any_value(d.days) = date_diff('day', any_value(i.a), any_value(i.b)) THEN sum(amount) END AS amount,
  CASE WHEN bool_or(exact) THEN count(*) FILTER (exact) ELSE count(*) END AS n
FROM inside i LEFT JOIN days d ON d.period = i.period AND d.item = i.item
GROUP BY i.period, i.item;

-- plans of the company ('*') or a unit, for everybody and all products: the same rule
CREATE VIEW plan_month AS
WITH rows_ AS (
  SELECT p.*, CASE WHEN p.org_unit_id IS NULL OR u.parent_org_unit_id IS NULL THEN '*' ELSE p.org_unit_id END AS unit
  FROM plans p LEFT JOIN org_units u ON u.org_unit_id = p.org_unit_id
  WHERE p.employee_id IS NULL AND p.product_id IS NULL AND p.planned_value IS NOT NULL),
inside AS (
  SELECT m.period, m.a, m.b, r.plan_item, r.unit, r.period_start, r.period_end, r.planned_value,
    (r.period_start = m.a AND r.period_end = m.b) AS exact
  FROM mon m JOIN rows_ r ON r.period_start >= m.a AND r.period_end <= m.b),
days AS (
  SELECT period, plan_item, unit, count(*) AS day_rows, count(DISTINCT d) AS days
  FROM (SELECT period, plan_item, unit, unnest(generate_series(period_start, period_end - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS d FROM inside WHERE NOT exact AND period_end > period_start)
  GROUP BY period, plan_item, unit)
SELECT i.period, i.plan_item, i.unit,
  CASE WHEN bool_or(exact) THEN sum(planned_value) FILTER (exact)
       WHEN any_value(d.day_rows) = any_value(d.days) AND any_value(d.days) = date_diff('day', any_value(i.a), any_value(i.b)) THEN sum(planned_value) END AS planned,
  CASE WHEN bool_or(exact) THEN count(*) FILTER (exact) ELSE count(*) END AS n
FROM inside i LEFT JOIN days d ON d.period = i.period AND d.plan_item = i.plan_item AND d.unit = i.unit
GROUP BY i.period, i.plan_item, i.unit;

-- market sizes: the look-up of each combination (segment, product_line, region).
-- kind: cur = the month, prev = the month before, target = the month, target segments only
CREATE VIEW market_combos AS
WITH spans AS (
  SELECT period, 'cur' AS kind, a AS x, b AS y FROM mon
  UNION ALL SELECT period, 'prev', prev_a, prev_b FROM mon
  UNION ALL SELECT period, 'target', a, b FROM mon),
inside AS (
  SELECT s.period, s.kind, s.x, s.y, z.market_size_id, z.segment, z.product_line, z.region,
    z.period_start, z.period_end, z.market_value, (z.period_start = s.x AND z.period_end = s.y) AS exact
  FROM spans s JOIN market_sizes z ON z.period_start >= s.x AND z.period_end <= s.y
  WHERE s.kind <> 'target' OR (z.is_target_segment AND z.segment IS NOT NULL)),
days AS (
  SELECT period, kind, segment, product_line, region, count(*) AS day_rows, count(DISTINCT d) AS days
  FROM (SELECT period, kind, segment, product_line, region,
          unnest(generate_series(period_start, period_end - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS d
        FROM inside WHERE NOT exact AND period_end > period_start)
  GROUP BY period, kind, segment, product_line, region)
SELECT i.period, i.kind, i.segment, i.product_line, i.region,
  CASE WHEN bool_or(exact) THEN sum(market_value) FILTER (exact)
       WHEN any_value(d.day_rows) = any_value(d.days) AND any_value(d.days) = date_diff('day', any_value(i.x), any_value(i.y)) THEN sum(market_value) END AS market_value,
  CASE WHEN bool_or(exact) THEN count(*) FILTER (exact) ELSE count(*) END AS n,
  (i.segment IS NOT NULL)::INT AS f_seg, (i.product_line IS NOT NULL)::INT AS f_line, (i.region IS NOT NULL)::INT AS f_reg
FROM inside i LEFT JOIN days d ON d.period = i.period AND d.kind = i.kind AND d.segment IS NOT DISTINCT FROM i.segment
  AND d.product_line IS NOT DISTINCT FROM i.product_line AND d.region IS NOT DISTINCT FROM i.region
GROUP BY i.period, i.kind, i.segment, i.product_line, i.region;
-- the combinations used when nothing is asked for: the coarsest level (the same dimensions filled) without a gap
CREATE TABLE market_used AS
WITH complete AS (
  SELECT period, kind, f_seg, f_line, f_reg FROM market_combos
  GROUP BY period, kind, f_seg, f_line, f_reg HAVING count(*) = count(market_value)
  QUALIFY row_number() OVER (PARTITION BY period, kind ORDER BY f_seg + f_line + f_reg, f_seg DESC, f_line DESC, f_reg DESC) = 1)
SELECT c.* FROM market_combos c JOIN complete USING (period, kind, f_seg, f_line, f_reg);
-- own sales inside the combinations used
CREATE VIEW market_own AS
SELECT m.period, k.kind, l.net_amount
FROM mon m CROSS JOIN (VALUES ('cur'), ('prev'), ('target')) k(kind)
JOIN sales_lines l ON l.recognised_at >= CASE WHEN k.kind = 'prev' THEN m.prev_a ELSE m.a END
  AND l.recognised_at < CASE WHEN k.kind = 'prev' THEN m.prev_b ELSE m.b END
WHERE EXISTS (SELECT 1 FROM market_used u WHERE u.period = m.period AND u.kind = k.kind
  AND (u.segment IS NULL OR u.segment = l.segment)
  AND (u.product_line IS NULL OR u.product_line = l.product_line)
  AND (u.region IS NULL OR u.region = l.region));
CREATE VIEW market_share_parts AS
SELECT m.period, k.kind, u.market_value, u.n, coalesce(o.own, 0) AS own
FROM mon m CROSS JOIN (VALUES ('cur'), ('prev'), ('target')) k(kind)
LEFT JOIN (SELECT period, kind, sum(market_value) AS market_value, sum(n) AS n FROM market_used GROUP BY period, kind) u ON u.period = m.period AND u.kind = k.kind
LEFT JOIN (SELECT period, kind, sum(net_amount) AS own FROM market_own GROUP BY period, kind) o ON o.period = m.period AND o.kind = k.kind;
