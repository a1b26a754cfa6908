-- average-response-time~calendar-time: mean(duration(round_opened_at, occurred_at)), calendar time
-- The calendar of the library: every hour is working time, so both clocks agree.
WITH ev AS (
  SELECT e.* FROM ticket_events e JOIN cases t ON t.ticket_id = e.ticket_id WHERE e.occurred_at IS NOT NULL),
reply AS (
  SELECT event_id, ticket_id, employee_id, occurred_at,
    lag(occurred_at) OVER w AS prev_at, lag(event_id) OVER w AS prev_id
  FROM ev WHERE event_kind = 'agent_reply' WINDOW w AS (PARTITION BY ticket_id ORDER BY occurred_at, event_id)),
-- earliest waiting message after the previous reply and before this one, order (occurred_at, event_id)
rounds AS (
  SELECT r.event_id, r.ticket_id, r.employee_id, r.occurred_at, min(c.occurred_at) AS opened
  FROM reply r LEFT JOIN ev c ON c.ticket_id = r.ticket_id AND c.event_kind = 'customer_message' AND c.needs_reply
    AND (c.occurred_at < r.occurred_at OR (c.occurred_at = r.occurred_at AND c.event_id < r.event_id))
    AND (r.prev_at IS NULL OR c.occurred_at > r.prev_at OR (c.occurred_at = r.prev_at AND c.event_id > r.prev_id))
  GROUP BY r.event_id, r.ticket_id, r.employee_id, r.occurred_at),
rec AS (
  SELECT m.period, team_at(r.employee_id, r.occurred_at) AS unit, seconds(r.opened, r.occurred_at) AS x
  FROM mon m JOIN rounds r ON r.occurred_at >= m.a AND r.occurred_at < m.b
  WHERE r.opened IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN n = 0 THEN 'no_rows' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x::DOUBLE / n END::DOUBLE AS value,
  (x)::DOUBLE AS numerator, (n)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
