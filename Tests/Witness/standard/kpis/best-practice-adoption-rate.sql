-- best-practice-adoption-rate: adopted ÷ practices × 100%
WITH rec AS (
  SELECT m.period, coalesce(s.adopted_at < m.closing, false) AS hit
  FROM mon m JOIN knowledge_shares s ON s.shared_at < m.closing AND (s.retired_at IS NULL OR s.retired_at >= m.closing)
  WHERE s.share_kind = 'best_practice'),
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
