-- knowledge-accuracy-rate: accurate ÷ audited × 100%
WITH rec AS (
  -- one row per article: its last judged audit of the month
  SELECT m.period, (k.result = 'accurate') AS hit
  FROM mon m JOIN knowledge_reviews k ON k.completed_at >= m.a AND k.completed_at < m.b
  WHERE k.review_kind = 'audit' AND k.result IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY m.period, k.article_id ORDER BY k.completed_at DESC, k.knowledge_review_id DESC) = 1),
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
