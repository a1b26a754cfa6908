-- contract-value-renewal-rate~uplift: renewed value, uncapped ÷ expiring_value × 100%
-- With uplift: what renews a term counts in full, so above 100 % is possible.
WITH rec AS (
  SELECT m.period, team_at(c.employee_id, c.expires_on) AS unit, c.annual_value,
    coalesce((SELECT sum(r.annual_value) FROM contracts r
      WHERE r.renews_contract_id = c.contract_id AND r.signed_on < c.expires_on + INTERVAL 31 DAY), 0) AS renewed
  FROM mon m JOIN contracts c ON c.expires_on >= m.a AND c.expires_on < m.b AND c.expires_on + INTERVAL 1 DAY <= m.as_of
  WHERE c.annual_value IS NOT NULL),
agg AS (
  SELECT period, '*' AS unit,
    sum(renewed) AS num,
    sum(annual_value) AS den,
    count(*) AS n
  FROM rec GROUP BY period
  UNION ALL
  SELECT period, unit,
    sum(renewed) AS num,
    sum(annual_value) AS den,
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
