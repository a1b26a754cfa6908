-- trade-show-participation-rate: attended_shows ÷ planned_shows × 100%
WITH rec AS (
  SELECT m.period, coalesce(c.held_on < c.planned_on + INTERVAL 30 DAY, false) AS hit
  FROM mon m JOIN campaigns c ON c.planned_on >= m.a AND c.planned_on < m.b AND c.planned_on < m.as_of
  WHERE c.campaign_kind = 'trade_show' AND NOT c.is_cancelled),
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
