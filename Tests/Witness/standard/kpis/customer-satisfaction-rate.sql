-- customer-satisfaction-rate: satisfied ÷ answers × 100%
WITH rec AS (
  SELECT m.period, v.team AS unit, v.score >= 0.8 * v.smax AS hit
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'csat' AND v.answered_at >= m.a AND v.answered_at < m.b),
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
  CASE WHEN reason IS NULL THEN num::DOUBLE / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
