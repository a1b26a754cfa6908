-- market-share-growth: market_share − previous(market_share)
WITH part AS (
  SELECT period, kind, CASE WHEN market_value <> 0 THEN own::DOUBLE / market_value::DOUBLE END AS share,
    CASE WHEN market_value IS NULL THEN 'no_data' WHEN market_value = 0 THEN 'zero_denominator' END AS reason
  FROM market_share_parts)
SELECT c.period, c.unit, x.share - y.share AS value, NULL::DOUBLE AS numerator, NULL::DOUBLE AS denominator, NULL::BIGINT AS n,
  worst(x.reason, y.reason) AS reason
FROM company_cells c JOIN part x ON x.period = c.period AND x.kind = 'cur' JOIN part y ON y.period = c.period AND y.kind = 'prev'
