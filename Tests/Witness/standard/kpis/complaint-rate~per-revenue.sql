-- complaint-rate~per-revenue: complaints ÷ sales_revenue
-- Sales with the team that sold. Only nothing sold has no answer: the card says nothing of a negative base.
WITH rec AS (
  SELECT m.period, 'complaint' AS kind, team_at(f.employee_id, coalesce(f.occurred_at, f.received_at)) AS unit, 0 AS x
  FROM mon m JOIN feedback f ON f.received_at >= m.a AND f.received_at < m.b
  WHERE f.feedback_kind = 'complaint' AND NOT f.is_withdrawn AND f.duplicate_of_feedback_id IS NULL
  UNION ALL
  SELECT m.period, 'line', l.team, l.net_amount
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'complaint') AS num,
    sum(x) AS den,
    count(*) FILTER (kind = 'line') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'complaint') AS num,
    sum(x) AS den,
    count(*) FILTER (kind = 'line') AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
