-- accounts-receivable-collection-rate: collected ÷ due_amount × 100%
WITH due AS (
  SELECT i.*, coalesce(c.due_on, i.due_on) AS due_day
  FROM invoices i LEFT JOIN invoices c ON c.invoice_id = i.credits_invoice_id
  WHERE NOT i.is_void),
rec AS (
  SELECT m.period, 'due' AS kind, team_at(i.employee_id, i.issued_on) AS unit, i.amount AS x
  FROM mon m JOIN due i ON i.due_day >= m.a AND i.due_day < m.b AND i.due_day + INTERVAL 1 DAY <= m.as_of
  UNION ALL
  SELECT m.period, 'paid', team_at(i.employee_id, i.issued_on), p.amount
  FROM mon m JOIN due i ON i.due_day >= m.a AND i.due_day < m.b AND i.due_day + INTERVAL 1 DAY <= m.as_of
  JOIN payments p ON p.invoice_id = i.invoice_id AND p.paid_at < i.due_day + INTERVAL 31 DAY),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) FILTER (kind = 'paid') AS num,
    sum(x) FILTER (kind = 'due') AS den,
    count(*) FILTER (kind = 'due') AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) FILTER (kind = 'paid') AS num,
    sum(x) FILTER (kind = 'due') AS den,
    count(*) FILTER (kind = 'due') AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den < 0 THEN 'not_applicable' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
