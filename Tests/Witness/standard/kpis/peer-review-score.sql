-- peer-review-score: score
WITH rec AS (
  SELECT m.period, v.team AS unit, v.score::DOUBLE / v.smax::DOUBLE * 100 AS x
  FROM mon m JOIN valid_answers v ON v.survey_kind = 'peer' AND v.answered_at >= m.a AND v.answered_at < m.b),
agg AS (
  SELECT period, '*' AS unit, sum(x) AS x, count(x) AS n FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit, sum(x), count(x) FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
-- fewer than 5 answers: withheld
small AS (SELECT *, (n BETWEEN 1 AND 4) AS hide FROM f),
-- exactly one cell below the company withheld, and the cells add up to the company: the next smallest one goes too
alone AS (
  SELECT period FROM small GROUP BY period
  HAVING count(*) FILTER (unit <> '*' AND hide) = 1 AND sum(n) FILTER (unit <> '*') = sum(n) FILTER (unit = '*')),
next AS (
  SELECT s.period, s.unit FROM small s JOIN alone a ON a.period = s.period
  WHERE s.unit <> '*' AND NOT s.hide AND s.n > 0
  QUALIFY row_number() OVER (PARTITION BY s.period ORDER BY s.n, s.unit) = 1),
r AS (SELECT s.*, (s.hide OR x.unit IS NOT NULL) AS gone FROM small s LEFT JOIN next x ON x.period = s.period AND x.unit = s.unit)
SELECT period, unit,
  CASE WHEN n > 0 AND NOT gone THEN x / n END AS value,
  CASE WHEN NOT gone THEN x END::DOUBLE AS numerator, CASE WHEN NOT gone THEN n END::DOUBLE AS denominator, n::BIGINT AS n,
  CASE WHEN n = 0 THEN 'no_rows' WHEN gone THEN 'withheld' END AS reason
FROM r
