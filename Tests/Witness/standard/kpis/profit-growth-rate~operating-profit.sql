-- profit-growth-rate~operating-profit: (operating_profit − previous(operating_profit)) ÷ previous(operating_profit) × 100%
-- Of the statements, for the company alone, each month looked up as in operating-profit-margin: the row of exactly the month, else
-- the rows inside it that cover every day of it once. A figure that is missing = no_data, previous profit <= 0 = not_applicable.
WITH spans AS (
  SELECT period, 'cur' AS w, a, b FROM mon
  UNION ALL
  SELECT period, 'prev', prev_a, prev_b FROM mon),
inside AS (
  SELECT s.period, s.w, s.a, s.b, z.period_start, z.period_end, z.amount, (z.period_start = s.a AND z.period_end = s.b) AS exact
  FROM spans s JOIN financial_statements z ON z.period_start >= s.a AND z.period_end <= s.b
  WHERE z.item = 'operating_profit'),
days AS (
  SELECT period, w, count(*) AS day_rows, count(DISTINCT d) AS days
  FROM (SELECT period, w, unnest(generate_series(period_start, period_end - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS d FROM inside WHERE NOT exact AND period_end > period_start)
  GROUP BY period, w),
figure AS (
  SELECT i.period, i.w,
    CASE WHEN bool_or(i.exact) THEN sum(i.amount) FILTER (i.exact)
         WHEN any_value(d.day_rows) = any_value(d.days) AND any_value(d.days) = date_diff('day', any_value(i.a), any_value(i.b)) THEN sum(i.amount) END AS amount,
    CASE WHEN bool_or(i.exact) THEN count(*) FILTER (i.exact) ELSE count(*) END AS n
  FROM inside i LEFT JOIN days d ON d.period = i.period AND d.w = i.w
  GROUP BY i.period, i.w),
f AS (
  SELECT c.period, c.unit, x.amount AS cur, y.amount AS prev, y.n
  FROM company_cells c
  LEFT JOIN figure x ON x.period = c.period AND x.w = 'cur'
  LEFT JOIN figure y ON y.period = c.period AND y.w = 'prev'),
r AS (SELECT *, CASE WHEN cur IS NULL OR prev IS NULL THEN 'no_data' WHEN prev <= 0 THEN 'not_applicable' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN (cur - prev)::DOUBLE / prev::DOUBLE END::DOUBLE AS value,
  (cur - prev)::DOUBLE AS numerator, (prev)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
