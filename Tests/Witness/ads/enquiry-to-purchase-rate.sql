-- enquiry-to-purchase-rate: approved conversions ÷ all conversions. n = advertisements.
select grain, period, dim, member,
       case when sum(enquiries) > 0 then sum(purchases)::double / sum(enquiries)::double end as value,
       sum(purchases) as numerator,
       sum(enquiries) as denominator,
       count(*) as n,
       null::bigint as open
from ad_at
group by grain, period, dim, member
