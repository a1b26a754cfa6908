-- brand-awareness-rate: aware ÷ respondents × 100%
WITH rec AS (
  SELECT m.period, NULL::VARCHAR AS unit, v.score > 0 AS hit
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'brand_awareness' AND v.answered_at >= m.a AND v.answered_at < m.b),
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
