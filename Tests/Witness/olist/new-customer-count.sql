-- new-customer-count: sellers won, each by one deal.
select grain, period, dim, member,
       count(*) as value,
       null::bigint as numerator,
       null::bigint as denominator,
       count(*) as n,
       null::bigint as open
from deal_at
where dim <> 'channel'
group by grain, period, dim, member
