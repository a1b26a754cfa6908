-- Workspace olist: leads and deals of a Brazilian marketplace, and samples of its orders, items and reviews.
-- lead_at, deal_at, line_at (by shipment), ordered_at (by order), order_at, payment_at, review_at: every record once per
-- (grain, period) x (dim, member) it belongs to.
-- Times are local and naive. Elapsed time needs the offset of São Paulo, here with the days of its summer times: midnight is
-- skipped when they begin and 23:00 is repeated when they end, and such times have the offset before the change.
create or replace macro summer_time(t) as
    t >= timestamp '2017-10-15 01:00' and t < timestamp '2018-02-18 00:00'
    or t >= timestamp '2018-11-04 01:00' and t < timestamp '2019-02-17 00:00';
create or replace macro instant(t) as t + case when summer_time(t) then interval 2 hour else interval 3 hour end;

create or replace temp table closed_deal as
select mql_id, won_date::timestamp as won, business_segment as segment
from read_csv('{data}/olist/olist_closed_deals_dataset.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'mql_id': 'varchar', 'seller_id': 'varchar', 'sdr_id': 'varchar', 'sr_id': 'varchar', 'won_date': 'varchar', 'business_segment': 'varchar', 'lead_type': 'varchar', 'lead_behaviour_profile': 'varchar', 'has_company': 'varchar', 'has_gtin': 'varchar', 'average_stock': 'varchar', 'business_type': 'varchar', 'declared_product_catalog_size': 'varchar', 'declared_monthly_revenue': 'varchar'});

create or replace temp table lead as
select l.mql_id, l.first_contact_date::timestamp as created, nullif(l.origin, 'unknown') as channel, d.won
from read_csv('{data}/olist/olist_marketing_qualified_leads_dataset.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'mql_id': 'varchar', 'first_contact_date': 'varchar', 'landing_page_id': 'varchar', 'origin': 'varchar'}) l
left join closed_deal d using (mql_id);

create or replace temp table deal as
select d.mql_id, d.won, d.segment, l.channel, (epoch(instant(d.won)) - epoch(instant(l.created)))::bigint as seconds
from closed_deal d left join lead l using (mql_id);

create or replace temp table shop_order as
select order_id, order_purchase_timestamp::timestamp as placed, order_delivered_carrier_date::timestamp as shipped,
       order_status not in ('canceled', 'unavailable') as stands
from read_csv('{data}/olist/orders_sample20k.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'order_id': 'varchar', 'customer_id': 'varchar', 'order_status': 'varchar', 'order_purchase_timestamp': 'varchar', 'order_approved_at': 'varchar', 'order_delivered_carrier_date': 'varchar', 'order_delivered_customer_date': 'varchar', 'order_estimated_delivery_date': 'varchar'});

create or replace temp table line as
select i.order_id, i.price::decimal(18,4) as price, o.placed, o.shipped, o.stands, p.product_category_name as product_line
from read_csv('{data}/olist/order_items_sample20k.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'order_id': 'varchar', 'order_item_id': 'varchar', 'product_id': 'varchar', 'seller_id': 'varchar', 'shipping_limit_date': 'varchar', 'price': 'varchar', 'freight_value': 'varchar'}) i
join shop_order o using (order_id)
left join read_csv('{data}/olist/olist_products_dataset.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'product_id': 'varchar', 'product_category_name': 'varchar', 'product_name_lenght': 'varchar', 'product_description_lenght': 'varchar', 'product_photos_qty': 'varchar', 'product_weight_g': 'varchar', 'product_length_cm': 'varchar', 'product_height_cm': 'varchar', 'product_width_cm': 'varchar'}) p using (product_id);

create or replace temp table payment as
select p.payment_value::decimal(18,4) as amount, p.payment_type, o.placed
from read_parquet('{data}/olist/olist_order_payments_dataset.parquet') p join shop_order o using (order_id);

-- Of several answers to one review the last counts, among those within 30 days of being asked.
create or replace temp table review as
select review_id, score, answered from (
  select review_id, order_id, review_score::integer as score, review_answer_timestamp::timestamp as answered,
         row_number() over (partition by review_id order by review_answer_timestamp::timestamp desc, order_id desc) as place
  from read_csv('{data}/olist/order_reviews_sample20k.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
     columns = {'review_id': 'varchar', 'order_id': 'varchar', 'review_score': 'varchar', 'review_comment_title': 'varchar', 'review_comment_message': 'varchar', 'review_creation_date': 'varchar', 'review_answer_timestamp': 'varchar'})
  where review_answer_timestamp::timestamp < review_creation_date::timestamp + interval 30 day)
where place = 1;

create or replace temp table lead_at as
select g.grain,
       case g.grain when 'month' then strftime(f.created, '%Y-%m') when 'quarter' then year(f.created) || '-Q' || quarter(f.created) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'channel' then coalesce(channel, '(unknown)') end as member,
       f.*
from lead f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('channel')) d(dim)
where f.created is not null;
create or replace temp table deal_at as
select g.grain,
       case g.grain when 'month' then strftime(f.won, '%Y-%m') when 'quarter' then year(f.won) || '-Q' || quarter(f.won) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'segment' then coalesce(segment, '(unknown)')
            when 'channel' then coalesce(channel, '(unknown)') end as member,
       f.*
from deal f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('segment'), ('channel')) d(dim)
where f.won is not null;
create or replace temp table line_at as
select g.grain,
       case g.grain when 'month' then strftime(f.shipped, '%Y-%m') when 'quarter' then year(f.shipped) || '-Q' || quarter(f.shipped) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'product_line' then coalesce(product_line, '(unknown)') end as member,
       f.*
from line f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('product_line')) d(dim)
where f.shipped is not null;
create or replace temp table ordered_at as
select g.grain,
       case g.grain when 'month' then strftime(f.placed, '%Y-%m') when 'quarter' then year(f.placed) || '-Q' || quarter(f.placed) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'product_line' then coalesce(product_line, '(unknown)') end as member,
       f.*
from line f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('product_line')) d(dim)
where f.placed is not null;
create or replace temp table order_at as
select g.grain,
       case g.grain when 'month' then strftime(f.placed, '%Y-%m') when 'quarter' then year(f.placed) || '-Q' || quarter(f.placed) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*' end as member,
       f.*
from shop_order f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*')) d(dim)
where f.placed is not null;
create or replace temp table payment_at as
select g.grain,
       case g.grain when 'month' then strftime(f.placed, '%Y-%m') when 'quarter' then year(f.placed) || '-Q' || quarter(f.placed) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*'
            when 'payment_type' then coalesce(payment_type, '(unknown)') end as member,
       f.*
from payment f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*'), ('payment_type')) d(dim)
where f.placed is not null;
create or replace temp table review_at as
select g.grain,
       case g.grain when 'month' then strftime(f.answered, '%Y-%m') when 'quarter' then year(f.answered) || '-Q' || quarter(f.answered) else 'total' end as period,
       d.dim,
       case d.dim when '*' then '*' end as member,
       f.*
from review f, (values ('month'), ('quarter'), ('total')) g(grain), (values ('*')) d(dim)
where f.answered is not null;
