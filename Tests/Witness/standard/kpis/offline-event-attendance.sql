-- offline-event-attendance: attendees
WITH rec AS (
  SELECT m.period, c.attendee_count AS x
  FROM mon m JOIN campaigns c ON c.held_on >= m.a AND c.held_on < m.b
  WHERE c.campaign_kind = 'offline_event'),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, NULL::VARCHAR AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
