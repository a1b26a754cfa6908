-- skill-assessment-pass-rate: passed ÷ assessed × 100%
WITH rec AS (
  -- the pair of person and skill; its last judged attempt of the month decides, in every team it was assessed in
  SELECT m.period, team_at(s.employee_id, s.taken_at) AS unit, s.employee_id || chr(31) || coalesce(s.skill, chr(30)) AS pair,
    first_value(s.passed) OVER (PARTITION BY m.period, s.employee_id, s.skill ORDER BY s.taken_at DESC, s.skill_assessment_id DESC) AS hit
  FROM mon m JOIN skill_assessments s ON s.taken_at >= m.a AND s.taken_at < m.b
  WHERE s.passed IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    count(DISTINCT pair) FILTER (hit) AS num,
    count(DISTINCT pair) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(DISTINCT pair) FILTER (hit) AS num,
    count(DISTINCT pair) AS den
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
