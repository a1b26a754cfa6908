-- sales-cycle-length~first-contact: mean(duration(first_contact_at, closed_at)) of deals won
-- Deals whose first contact is not known, or lies after the close, are left out.
WITH rec AS (
  SELECT m.period, team_at(o.employee_id, o.closed_at) AS unit, seconds(o.first_contact_at, o.closed_at) AS x
  FROM mon m JOIN opportunities o ON o.closed_at >= m.a AND o.closed_at < m.b
  WHERE o.outcome = 'won' AND o.closed_at >= o.first_contact_at),
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
