-- sales-knowledge-sharing-rate: shares ÷ (sales_reps × months in the period)
WITH rec AS (
  SELECT m.period, 'share' AS kind, team_at(s.employee_id, s.shared_at) AS unit, s.employee_id
  FROM mon m JOIN knowledge_shares s ON s.shared_at >= m.a AND s.shared_at < m.b
  JOIN employees e ON e.employee_id = s.employee_id AND e.job_role = 'sales_rep'
  WHERE s.share_kind = 'share'
  UNION ALL
  SELECT m.period, 'open', team_before(e.employee_id, m.a), e.employee_id
  FROM mon m JOIN employees e ON e.job_role = 'sales_rep' AND e.hired_on < m.a AND (e.left_on IS NULL OR e.left_on >= m.a)
  UNION ALL
  SELECT m.period, 'close', team_before(e.employee_id, m.closing), e.employee_id
  FROM mon m JOIN employees e ON e.job_role = 'sales_rep' AND e.hired_on < m.closing AND (e.left_on IS NULL OR e.left_on >= m.closing)),
agg AS (
  SELECT period, '*' AS unit,
    count(*) FILTER (kind = 'share') AS num,
    count(*) FILTER (kind <> 'share') / 2.0 AS den,
    count(DISTINCT employee_id) FILTER (kind <> 'share') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    count(*) FILTER (kind = 'share') AS num,
    count(*) FILTER (kind <> 'share') / 2.0 AS den,
    count(DISTINCT employee_id) FILTER (kind <> 'share') AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num / den END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
