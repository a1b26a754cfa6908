-- dealer-service-timeliness: on_time ÷ due × 100%
WITH rec AS (
  SELECT m.period, coalesce(p.completed_at <= p.due_at, false) AS hit
  FROM mon m JOIN partner_services p ON p.due_at >= m.a AND p.due_at < m.b AND p.due_at < m.as_of
  WHERE p.partner_kind = 'dealer' AND NOT p.is_cancelled),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (hit) AS num,
    count(*) AS den
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
