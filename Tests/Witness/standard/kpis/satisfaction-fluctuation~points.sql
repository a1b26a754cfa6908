-- satisfaction-fluctuation~points: customer_satisfaction_rate − previous(customer_satisfaction_rate)
-- A difference of two rates, as market-share-growth: either missing = its reason; nothing is said of its two sides and of n.
WITH rec AS (
  SELECT m.period, 'cur' AS w, v.team AS unit, v.score >= 0.8 * v.smax AS good
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'csat' AND v.answered_at >= m.a AND v.answered_at < m.b
  UNION ALL
  SELECT m.period, 'prev', v.team, v.score >= 0.8 * v.smax
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'csat' AND v.answered_at >= m.prev_a AND v.answered_at < m.prev_b),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (w = 'cur') AS cn,
    count(*) FILTER (w = 'cur' AND good) AS cs,
    count(*) FILTER (w = 'prev') AS pn,
    count(*) FILTER (w = 'prev' AND good) AS ps
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (w = 'cur') AS cn,
    count(*) FILTER (w = 'cur' AND good) AS cs,
    count(*) FILTER (w = 'prev') AS pn,
    count(*) FILTER (w = 'prev' AND good) AS ps
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.cn, 0) AS cn, coalesce(g.cs, 0) AS cs, coalesce(g.pn, 0) AS pn, coalesce(g.ps, 0) AS ps
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN cn = 0 OR pn = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN cs::DOUBLE / cn - ps::DOUBLE / pn END::DOUBLE AS value,
  (NULL)::DOUBLE AS numerator, (NULL)::DOUBLE AS denominator,
  (NULL)::BIGINT AS n, reason
FROM r
