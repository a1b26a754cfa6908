-- Workspace city-311: requests to a city for services, without duplicates and those that were transferred.
-- raised_at, due_at, resolved_at  every request once per (grain, period) x (dim, member), by when it was raised, due, closed
-- Times are local and naive. Elapsed time needs the offset of New York, here with the days of its clock changes: a time that
-- is skipped or repeated has the offset before the change.
create or replace macro summer_time(t) as
    t >= timestamp '2014-03-09 03:00' and t < timestamp '2014-11-02 02:00'
    or t >= timestamp '2015-03-08 03:00' and t < timestamp '2015-11-01 02:00'
    or t >= timestamp '2016-03-13 03:00' and t < timestamp '2016-11-06 02:00'
    or t >= timestamp '2017-03-12 03:00' and t < timestamp '2017-11-05 02:00'
    or t >= timestamp '2018-03-11 03:00' and t < timestamp '2018-11-04 02:00';
create or replace macro instant(t) as t + case when summer_time(t) then interval 4 hour else interval 5 hour end;
create or replace macro moment(text) as strptime(text, '%m/%d/%Y %I:%M:%S %p');

create or replace temp table request as
select SRRecordID as id,
       case MethodReceived when 'API' then 'app' else lower(MethodReceived) end as channel,
       Agency as agency,
       moment(CreatedDate) as created, moment(DueDate) as due, moment(CloseDate) as closed,
       epoch(instant(moment(CloseDate))) - epoch(instant(moment(CreatedDate))) as seconds,
       instant(moment(CloseDate)) > instant(moment(DueDate)) as late,
       -- The end of what is known: just after the last time in the file that happened.
       (select max(greatest(moment(r.CreatedDate), coalesce(moment(r.CloseDate), moment(r.CreatedDate))))
        from read_csv('{data}/baltimore_311/311_sample.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'SRRecordID': 'varchar', 'ServiceRequestNum': 'varchar', 'SRType': 'varchar', 'MethodReceived': 'varchar', 'CreatedDate': 'varchar', 'SRStatus': 'varchar', 'StatusDate': 'varchar', 'DueDate': 'varchar', 'CloseDate': 'varchar', 'Agency': 'varchar', 'LastActivity': 'varchar', 'LastActivityDate': 'varchar', 'Outcome': 'varchar', 'Address': 'varchar', 'ZipCode': 'varchar', 'Neighborhood': 'varchar', 'CouncilDistrict': 'varchar', 'PoliceDistrict': 'varchar', 'PolicePost': 'varchar', 'Latitude': 'varchar', 'Longitude': 'varchar', 'GeoLocation': 'varchar', '2010 Census Wards Precincts': 'varchar', '2010 Census Neighborhoods': 'varchar', 'Zip Codes': 'varchar', 'DaysOpen': 'varchar'}) r) as last_seen
from read_csv('{data}/baltimore_311/311_sample.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'SRRecordID': 'varchar', 'ServiceRequestNum': 'varchar', 'SRType': 'varchar', 'MethodReceived': 'varchar', 'CreatedDate': 'varchar', 'SRStatus': 'varchar', 'StatusDate': 'varchar', 'DueDate': 'varchar', 'CloseDate': 'varchar', 'Agency': 'varchar', 'LastActivity': 'varchar', 'LastActivityDate': 'varchar', 'Outcome': 'varchar', 'Address': 'varchar', 'ZipCode': 'varchar', 'Neighborhood': 'varchar', 'CouncilDistrict': 'varchar', 'PoliceDistrict': 'varchar', 'PolicePost': 'varchar', 'Latitude': 'varchar', 'Longitude': 'varchar', 'GeoLocation': 'varchar', '2010 Census Wards Precincts': 'varchar', '2010 Census Neighborhoods': 'varchar', 'Zip Codes': 'varchar', 'DaysOpen': 'varchar'})
where SRStatus not like '%(Duplicate)' and SRStatus not like '%(Transferred)';

create or replace temp view due_request as select * from request where due <= last_seen;
create or replace temp table raised_at as
select g.grain,
       case g.grain when 'month' then strftime(f.created, '%Y-%m') when 'quarter' then year(f.created) || '-Q' || quarter(f.created) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'channel' then coalesce(channel, '(unknown)')
            when 'department' then coalesce(agency, '(unknown)') end as member,
       f.*
from request f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('channel'), ('department')) d(dim)
where f.created is not null;
create or replace temp table due_at as
select g.grain,
       case g.grain when 'month' then strftime(f.due, '%Y-%m') when 'quarter' then year(f.due) || '-Q' || quarter(f.due) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'channel' then coalesce(channel, '(unknown)')
            when 'department' then coalesce(agency, '(unknown)') end as member,
       f.*
from due_request f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('channel'), ('department')) d(dim)
where f.due is not null;
create or replace temp table resolved_at as
select g.grain,
       case g.grain when 'month' then strftime(f.closed, '%Y-%m') when 'quarter' then year(f.closed) || '-Q' || quarter(f.closed) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'channel' then coalesce(channel, '(unknown)')
            when 'department' then coalesce(agency, '(unknown)') end as member,
       f.*
from request f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('channel'), ('department')) d(dim)
where f.closed is not null;
