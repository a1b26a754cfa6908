-- Workspace telco: one snapshot of customers, whose month is called February 2020 and is all there is.
-- customer_at  every customer once per (grain, period) x (dim, member); opening: with the company before the month
create or replace temp table customer as
select customerID as id, Contract as segment, tenure::integer > 0 as opening, Churn = 'Yes' as lost, date '2020-02-01' as day
from read_csv('{data}/telco_churn/Telco-Customer-Churn.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'customerID': 'varchar', 'gender': 'varchar', 'SeniorCitizen': 'varchar', 'Partner': 'varchar', 'Dependents': 'varchar', 'tenure': 'varchar', 'PhoneService': 'varchar', 'MultipleLines': 'varchar', 'InternetService': 'varchar', 'OnlineSecurity': 'varchar', 'OnlineBackup': 'varchar', 'DeviceProtection': 'varchar', 'TechSupport': 'varchar', 'StreamingTV': 'varchar', 'StreamingMovies': 'varchar', 'Contract': 'varchar', 'PaperlessBilling': 'varchar', 'PaymentMethod': 'varchar', 'MonthlyCharges': 'varchar', 'TotalCharges': 'varchar', 'Churn': 'varchar'});

create or replace temp table customer_at as
select g.grain,
       case g.grain when 'month' then strftime(f.day, '%Y-%m') when 'quarter' then year(f.day) || '-Q' || quarter(f.day) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'segment' then coalesce(segment, '(unknown)') end as member,
       f.*
from customer f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('segment')) d(dim)
where f.day is not null;
