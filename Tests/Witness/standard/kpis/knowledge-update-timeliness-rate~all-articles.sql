-- knowledge-update-timeliness-rate~all-articles: on_time ÷ all articles in use × 100%
-- In use: published and not retired, just before closing.
WITH rec AS (
  SELECT m.period, 'update' AS kind, coalesce(k.completed_at < k.due_on + INTERVAL 1 DAY, false) AS hit
  FROM mon m JOIN knowledge_reviews k ON k.due_on >= m.a AND k.due_on < m.b AND k.due_on + INTERVAL 1 DAY <= m.as_of
  WHERE k.review_kind = 'update'
  UNION ALL
  SELECT m.period, 'article', false
  FROM mon m JOIN knowledge_articles a ON a.published_at < m.closing AND (a.retired_at IS NULL OR a.retired_at >= m.closing)),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (hit) AS num,
    count(*) FILTER (kind = 'article') AS den
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
