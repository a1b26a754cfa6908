-- public-opinion-response-rate~window-1: responded ÷ mentions × 100%, within a day
WITH rec AS (
  SELECT m.period, coalesce(s.responded_at < s.posted_at + INTERVAL 1 DAY, false) AS hit
  FROM mon m JOIN social_mentions s ON s.posted_at >= m.a AND s.posted_at < m.b
  WHERE s.needs_response AND NOT s.is_spam AND s.duplicate_of_mention_id IS NULL),
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
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (den)::BIGINT AS n, reason
FROM r
