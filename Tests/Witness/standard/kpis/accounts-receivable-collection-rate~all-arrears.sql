-- accounts-receivable-collection-rate~all-arrears: cash received in the period ÷ (owed at opening + invoiced in the period) × 100%
-- Owed = invoiced less received of invoices that are not void, just before an instant; payments without invoice are not counted.
-- Of the person who collects, as posted at invoicing. Nothing or less owed as in the card: zero_denominator, not_applicable.
-- Two sides of several parts: the contract does not say what n counts.
WITH billed AS (
  SELECT i.invoice_id, i.issued_on, i.amount, coalesce(c.due_on, i.due_on) AS due_day, team_at(i.employee_id, i.issued_on) AS unit
  FROM invoices i LEFT JOIN invoices c ON c.invoice_id = i.credits_invoice_id
  WHERE NOT i.is_void),
rec AS (
  -- what is invoiced is owed, what is received no longer
  SELECT m.period, 'invoice' AS kind, b.unit, b.amount AS x, b.issued_on < m.a AS before, b.due_day + INTERVAL 1 DAY >= m.closing AS not_due
  FROM mon m JOIN billed b ON b.issued_on < m.closing
  UNION ALL
  SELECT m.period, 'payment', b.unit, -p.amount, p.paid_at < m.a, b.due_day + INTERVAL 1 DAY >= m.closing
  FROM mon m JOIN payments p ON p.paid_at < m.closing JOIN billed b ON b.invoice_id = p.invoice_id),
agg AS (
  SELECT period, '*' AS unit,
    -sum(x) FILTER (kind = 'payment' AND NOT before) AS num,
    coalesce(sum(x) FILTER (before), 0) + coalesce(sum(x) FILTER (kind = 'invoice' AND NOT before), 0) AS den
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    -sum(x) FILTER (kind = 'payment' AND NOT before) AS num,
    coalesce(sum(x) FILTER (before), 0) + coalesce(sum(x) FILTER (kind = 'invoice' AND NOT before), 0) AS den
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den < 0 THEN 'not_applicable' WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (NULL)::BIGINT AS n, reason
FROM r
