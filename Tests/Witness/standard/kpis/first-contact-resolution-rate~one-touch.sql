-- first-contact-resolution-rate~one-touch: resolved with exactly one reply ÷ issues × 100%
-- One reply = one public reply by a human among the events of the case; resolved within 7 days as in the card, returns not taken off.
WITH rec AS (
  SELECT m.period, ticket_team(coalesce(t.first_responder_employee_id, t.assignee_employee_id), coalesce(t.first_response_at, t.created_at), t.org_unit_id) AS unit,
    (coalesce(t.resolution < t.created_at + INTERVAL 7 DAY, false)
     AND (SELECT count(*) FROM ticket_events e WHERE e.ticket_id = t.ticket_id AND e.event_kind = 'agent_reply' AND e.occurred_at IS NOT NULL) = 1) AS hit
  FROM mon m JOIN (SELECT *, coalesce(first_resolved_at, resolved_at) AS resolution FROM cases) t ON t.created_at >= m.a AND t.created_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
