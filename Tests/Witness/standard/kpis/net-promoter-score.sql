-- net-promoter-score: (promoters − detractors) ÷ answers × 100
WITH rec AS (
  SELECT m.period, v.team AS unit, v.score
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'nps' AND v.answered_at >= m.a AND v.answered_at < m.b AND v.smin = 0 AND v.smax = 10),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (score >= 9) - count(*) FILTER (score <= 6) AS num,
    count(*) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (score >= 9) - count(*) FILTER (score <= 6) AS num,
    count(*) AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den * 100 END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
