-- Workspace ads: advertisements of three campaigns, all on one day, as the file has no dates that mean anything.
-- ad_at  every advertisement once per (grain, period) x (dim, member) it belongs to
create or replace temp table ad as
select ad_id, xyz_campaign_id as campaign, age, gender, Impressions::bigint as impressions, Clicks::bigint as clicks,
       Spent::decimal(18,9) as spend, Total_Conversion::bigint as enquiries, Approved_Conversion::bigint as purchases,
       date '2017-01-01' as day
from read_csv('{data}/facebook_ads_kag/KAG_conversion_data.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'Date': 'varchar', 'ad_id': 'varchar', 'xyz_campaign_id': 'varchar', 'fb_campaign_id': 'varchar', 'age': 'varchar', 'gender': 'varchar', 'interest': 'varchar', 'Impressions': 'varchar', 'Clicks': 'varchar', 'Spent': 'varchar', 'Total_Conversion': 'varchar', 'Approved_Conversion': 'varchar'});

create or replace temp table ad_at as
select g.grain,
       case g.grain when 'month' then strftime(f.day, '%Y-%m') when 'quarter' then year(f.day) || '-Q' || quarter(f.day) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'campaign' then coalesce(campaign, '(unknown)')
            when 'age' then coalesce(age, '(unknown)')
            when 'gender' then coalesce(gender, '(unknown)') end as member,
       f.*
from ad f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('campaign'), ('age'), ('gender')) d(dim)
where f.day is not null;
