-- first-contact-resolution-rate-7-days: incidents resolved, never reassigned, never reopened, and not followed, from the
-- minute of resolution on and less than 7 days after it, by the opening of another incident of the same caller with the
-- same category (or one of the two without) / all incidents, by opened_at. n = all incidents.
-- Openings and resolutions of a caller are put on one line of time; the openings ahead of a resolution are counted there.
with moment as (
  select caller, category, number, opened_at as t, true as opens, false as repeats_itself from incident
  union all
  select caller, category, number, resolved_at, false, opened_at = resolved_at from incident where resolved_at is not null
),
ahead as (
  select *,
         count(*) filter (where opens) over whole as openings,
         count(*) filter (where opens and category is null) over whole as without_category,
         count(*) filter (where opens) over alike as of_category
  from moment
  window whole as (partition by caller order by t
                   range between current row and interval '6 days 23 hours 59 minutes' following),
         alike as (partition by caller, category order by t
                   range between current row and interval '6 days 23 hours 59 minutes' following)
),
repeated as (
  select number,
         case when category is null then openings else without_category + of_category end - repeats_itself::integer > 0 as again
  from ahead
  where not opens and caller is not null
),
held as (
  select i.*, i.resolved_at is not null and i.reassignment_count = 0 and i.reopen_count = 0
              and not coalesce(r.again, false) as held
  from incident_at i
  left join repeated r on r.number = i.number
)
select grain, period, dim, member,
       count(*) filter (where held)::double / count(*)::double as value,
       count(*) filter (where held) as numerator,
       count(*) as denominator,
       count(*) as n,
       null::bigint as open
from held
group by grain, period, dim, member
