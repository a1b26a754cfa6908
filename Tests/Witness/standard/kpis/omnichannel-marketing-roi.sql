-- omnichannel-marketing-roi: campaign_revenue ÷ (campaign_spend + ledger_spend) × 100%
WITH rec AS (
  SELECT m.period, 'revenue' AS kind, l.net_amount AS x
  FROM mon m JOIN sales_lines l ON l.recognised_at >= m.a AND l.recognised_at < m.b
  WHERE l.campaign_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM campaigns c WHERE c.campaign_id = l.campaign_id AND c.channel_group IN ('online', 'offline'))
  UNION ALL
  SELECT m.period, 'spend', r.spend
  FROM mon m JOIN campaign_results r ON r.result_date >= m.a AND r.result_date < m.b
  WHERE r.spend IS NOT NULL
    AND EXISTS (SELECT 1 FROM campaigns c WHERE c.campaign_id = r.campaign_id AND c.channel_group IN ('online', 'offline'))
  UNION ALL
  SELECT m.period, 'spend', e.amount
  FROM mon m JOIN expenses e ON e.posted_on >= m.a AND e.posted_on < m.b
  WHERE e.campaign_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM campaign_results r WHERE r.campaign_id = e.campaign_id AND r.spend IS NOT NULL AND r.result_date IS NOT NULL)
    AND EXISTS (SELECT 1 FROM campaigns c WHERE c.campaign_id = e.campaign_id AND c.channel_group IN ('online', 'offline'))),
agg AS (
  SELECT period, '*' AS unit,
    sum(x) FILTER (kind = 'revenue') AS num,
    sum(x) FILTER (kind = 'spend') AS den,
    count(*) FILTER (kind = 'spend') AS n
  FROM rec GROUP BY period),
cell AS (SELECT period, unit FROM company_cells),
f AS (SELECT c.period, c.unit, coalesce(g.num, 0) AS num, coalesce(g.den, 0) AS den, coalesce(g.n, 0) AS n
  FROM cell c LEFT JOIN agg g ON g.period = c.period AND g.unit = c.unit),
r AS (SELECT *, CASE WHEN den = 0 THEN 'zero_denominator' END AS reason FROM f)
SELECT period, unit,
  CASE WHEN reason IS NULL THEN num::DOUBLE / den::DOUBLE END::DOUBLE AS value,
  (num)::DOUBLE AS numerator, (den)::DOUBLE AS denominator,
  (n)::BIGINT AS n, reason
FROM r
