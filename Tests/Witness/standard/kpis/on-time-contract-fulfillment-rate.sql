-- on-time-contract-fulfillment-rate: on_time_value ÷ due_value × 100%
WITH rec AS (
  SELECT m.period, team_at(c.employee_id, c.signed_on) AS unit, c.contract_value AS x, coalesce(c.fulfilled_on <= c.fulfilment_due_on, false) AS hit
  FROM mon m JOIN contracts c ON c.fulfilment_due_on >= m.a AND c.fulfilment_due_on < m.b AND c.fulfilment_due_on + INTERVAL 1 DAY <= m.as_of
  WHERE c.terminated_on IS NULL OR c.terminated_on > c.fulfilment_due_on),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) FILTER (hit) AS num,
    sum(x) AS den,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(x) FILTER (hit) AS num,
    sum(x) AS den,
    count(*) AS n
  FROM rec WHERE unit IS NOT NULL GROUP BY period, unit),
cell AS (SELECT period, unit FROM cells UNION SELECT period, unit FROM agg WHERE unit = '(unknown)'),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
