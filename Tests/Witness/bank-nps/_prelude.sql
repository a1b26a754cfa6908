-- Workspace bank-nps: answers from 0 to 10 to the question whether one would recommend the bank.
-- answer_at  every answer once per (grain, period) x (dim, member) it belongs to
create or replace temp table answer as
select ID as id, Market as market, strptime("Survey date", '%d-%m-%Y')::date as day, NPS::integer as score
from read_csv('{data}/nps_bank_simulated/NPStimeseries.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'ID': 'varchar', 'Market': 'varchar', 'Survey date': 'varchar', 'Customer Name': 'varchar', 'Month': 'varchar', 'Quarter': 'varchar', 'NPS': 'varchar'});

create or replace temp table answer_at as
select g.grain,
       case g.grain when 'month' then strftime(f.day, '%Y-%m') when 'quarter' then year(f.day) || '-Q' || quarter(f.day) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'customer_region' then coalesce(market, '(unknown)') end as member,
       f.*
from answer f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('customer_region')) d(dim)
where f.day is not null;
