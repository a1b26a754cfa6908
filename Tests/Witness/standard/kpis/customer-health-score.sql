-- customer-health-score: mean over customers of (0.3 × s1 + 0.2 × s2 + 0.3 × s3 + 0.2 × s4), missing s1 or s2 leave and the other weights are scaled to sum 1
WITH rec AS (
  SELECT period, unit,
    (coalesce(0.3 * s1, 0) + coalesce(0.2 * s2, 0) + 0.3 * s3 + 0.2 * s4)
    / (CASE WHEN s1 IS NULL THEN 0 ELSE 0.3::DOUBLE END + CASE WHEN s2 IS NULL THEN 0 ELSE 0.2::DOUBLE END + 0.3::DOUBLE + 0.2::DOUBLE) AS x
  FROM (
    SELECT w.period, w.unit,
      (SELECT avg(v.score::DOUBLE / v.smax::DOUBLE * 100) FROM valid_answers v WHERE v.survey_kind = 'csat' AND v.customer_id = w.customer_id
         AND v.answered_at >= w.x AND v.answered_at < w.y) AS s1,
      (SELECT avg(CASE WHEN t.resolved_at < w.y THEN 100.0::DOUBLE ELSE 0 END) FROM cases t WHERE t.customer_id = w.customer_id
         AND t.created_at >= w.x AND t.created_at < w.y) AS s2,
      CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = w.customer_id AND o.cancelled_at IS NULL AND o.placed_at >= w.x AND o.placed_at < w.y) THEN 100
           WHEN EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = w.customer_id AND o.cancelled_at IS NULL AND o.placed_at >= w.x2 AND o.placed_at < w.x) THEN 50
           ELSE 0 END::DOUBLE AS s3,
      least(100, 10 * (
        (SELECT count(*) FROM interactions i WHERE i.customer_id = w.customer_id AND i.started_at >= w.x AND i.started_at < w.y)
      + (SELECT count(*) FROM tickets t WHERE t.customer_id = w.customer_id AND t.created_at >= w.x AND t.created_at < w.y)
      + (SELECT count(*) FROM sales_activities s WHERE s.customer_id = w.customer_id AND s.completed_at >= w.x AND s.completed_at < w.y)))::DOUBLE AS s4
    FROM (
      SELECT m.period, r.customer_id, team_before(r.owner_employee_id, m.closing) AS unit,
        m.closing - INTERVAL 90 DAY AS x, m.closing AS y, m.closing - INTERVAL 180 DAY AS x2
      FROM mon m JOIN active_rows r ON r.valid_from < m.closing AND (r.valid_to IS NULL OR r.valid_to >= m.closing)) w)),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) AS x,
    count(x) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.x, 0) AS x, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN n = 0 THEN 'no_rows' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN x::DOUBLE / n END::DOUBLE AS value,
  (x)::DOUBLE AS numerator, (n)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
