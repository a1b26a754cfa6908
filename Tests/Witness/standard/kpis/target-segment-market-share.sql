-- target-segment-market-share: segment_revenue ÷ segment_market × 100%
SELECT c.period, c.unit,
  CASE WHEN p.market_value <> 0 THEN p.own::DOUBLE / p.market_value::DOUBLE END AS value,
  CASE WHEN p.market_value IS NOT NULL THEN p.own::DOUBLE END AS numerator, p.market_value::DOUBLE AS denominator, p.n::BIGINT AS n,
  CASE WHEN p.market_value IS NULL THEN 'no_data' WHEN p.market_value = 0 THEN 'zero_denominator' END AS reason
FROM company_cells c JOIN market_share_parts p ON p.period = c.period AND p.kind = 'target'
