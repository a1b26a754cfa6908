-- The 40 entities of the standard model from a folder of CSV files, cleaned by the rules of loading.
--   raw_X    everything as text; _n = load order
--   typed_X  one row per line; _ok = every value reads as its type and no required column is empty
--   keyed_X  the last good row of each key
--   X        references follow merged customers, dangling optional ones are empty, rows without their required
--            parent are left out, recorded instants at or after as-of are empty, flags have their stated default
-- The folder is the variable ‘csvdir’; every file has all columns of the model in their order. Between the two parts the
-- runner makes the tables months(period, a, b) and clock(as_of).

CREATE TABLE raw_org_units AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/org_units.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'org_unit_id': 'VARCHAR', 'name': 'VARCHAR', 'parent_org_unit_id': 'VARCHAR', 'unit_kind': 'VARCHAR', 'valid_from': 'VARCHAR', 'valid_to': 'VARCHAR'});
CREATE TABLE typed_org_units AS SELECT _n,
  "org_unit_id" AS org_unit_id,
  "name" AS name,
  "parent_org_unit_id" AS parent_org_unit_id,
  "unit_kind" AS unit_kind,
  CAST(TRY_CAST("valid_from" AS DATE) AS TIMESTAMP) AS valid_from,
  CAST(TRY_CAST("valid_to" AS DATE) AS TIMESTAMP) AS valid_to,
  (("org_unit_id") IS NOT NULL
   AND ("name") IS NOT NULL
   AND ("unit_kind") IS NOT NULL
   AND (CAST(TRY_CAST("valid_from" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("valid_to" IS NULL OR (CAST(TRY_CAST("valid_to" AS DATE) AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_org_units;
CREATE TABLE keyed_org_units AS SELECT * EXCLUDE (_ok) FROM typed_org_units WHERE _ok
QUALIFY row_number() OVER (PARTITION BY org_unit_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_employees AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/employees.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'employee_id': 'VARCHAR', 'name': 'VARCHAR', 'job_role': 'VARCHAR', 'hired_on': 'VARCHAR', 'left_on': 'VARCHAR', 'leave_reason': 'VARCHAR', 'onboarding_started_on': 'VARCHAR', 'onboarding_completed_on': 'VARCHAR'});
CREATE TABLE typed_employees AS SELECT _n,
  "employee_id" AS employee_id,
  "name" AS name,
  "job_role" AS job_role,
  CAST(TRY_CAST("hired_on" AS DATE) AS TIMESTAMP) AS hired_on,
  CAST(TRY_CAST("left_on" AS DATE) AS TIMESTAMP) AS left_on,
  "leave_reason" AS leave_reason,
  CAST(TRY_CAST("onboarding_started_on" AS DATE) AS TIMESTAMP) AS onboarding_started_on,
  CAST(TRY_CAST("onboarding_completed_on" AS DATE) AS TIMESTAMP) AS onboarding_completed_on,
  (("employee_id") IS NOT NULL
   AND ("job_role") IS NOT NULL
   AND (CAST(TRY_CAST("hired_on" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("left_on" IS NULL OR (CAST(TRY_CAST("left_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("onboarding_started_on" IS NULL OR (CAST(TRY_CAST("onboarding_started_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("onboarding_completed_on" IS NULL OR (CAST(TRY_CAST("onboarding_completed_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_employees;
CREATE TABLE keyed_employees AS SELECT * EXCLUDE (_ok) FROM typed_employees WHERE _ok
QUALIFY row_number() OVER (PARTITION BY employee_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_assignments AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/assignments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'assignment_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'is_primary': 'VARCHAR', 'valid_from': 'VARCHAR', 'valid_to': 'VARCHAR'});
CREATE TABLE typed_assignments AS SELECT _n,
  "assignment_id" AS assignment_id,
  "employee_id" AS employee_id,
  "org_unit_id" AS org_unit_id,
  CASE WHEN lower("is_primary") IN ('yes','true','1','y','t') THEN true WHEN lower("is_primary") IN ('no','false','0','n','f') THEN false END AS is_primary,
  CAST(TRY_CAST("valid_from" AS DATE) AS TIMESTAMP) AS valid_from,
  CAST(TRY_CAST("valid_to" AS DATE) AS TIMESTAMP) AS valid_to,
  (("assignment_id") IS NOT NULL
   AND ("employee_id") IS NOT NULL
   AND ("org_unit_id") IS NOT NULL
   AND ("is_primary" IS NULL OR (CASE WHEN lower("is_primary") IN ('yes','true','1','y','t') THEN true WHEN lower("is_primary") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND (CAST(TRY_CAST("valid_from" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("valid_to" IS NULL OR (CAST(TRY_CAST("valid_to" AS DATE) AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_assignments;
CREATE TABLE keyed_assignments AS SELECT * EXCLUDE (_ok) FROM typed_assignments WHERE _ok
QUALIFY row_number() OVER (PARTITION BY assignment_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_work_records AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/work_records.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'work_record_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'work_date': 'VARCHAR', 'worked_hours': 'VARCHAR', 'output_quantity': 'VARCHAR'});
CREATE TABLE typed_work_records AS SELECT _n,
  "work_record_id" AS work_record_id,
  "employee_id" AS employee_id,
  CAST(TRY_CAST("work_date" AS DATE) AS TIMESTAMP) AS work_date,
  TRY_CAST("worked_hours" AS DECIMAL(18,4)) AS worked_hours,
  TRY_CAST("output_quantity" AS DECIMAL(18,4)) AS output_quantity,
  (("work_record_id") IS NOT NULL
   AND ("employee_id") IS NOT NULL
   AND (CAST(TRY_CAST("work_date" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("worked_hours" AS DECIMAL(18,4))) IS NOT NULL
   AND ("output_quantity" IS NULL OR (TRY_CAST("output_quantity" AS DECIMAL(18,4))) IS NOT NULL)) AS _ok
FROM raw_work_records;
CREATE TABLE keyed_work_records AS SELECT * EXCLUDE (_ok) FROM typed_work_records WHERE _ok
QUALIFY row_number() OVER (PARTITION BY work_record_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_customers AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/customers.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'customer_id': 'VARCHAR', 'name': 'VARCHAR', 'segment': 'VARCHAR', 'region': 'VARCHAR', 'acquisition_channel': 'VARCHAR', 'is_key_account': 'VARCHAR', 'target_since': 'VARCHAR', 'became_customer_at': 'VARCHAR', 'won_by_employee_id': 'VARCHAR', 'merged_into_customer_id': 'VARCHAR'});
CREATE TABLE typed_customers AS SELECT _n,
  "customer_id" AS customer_id,
  "name" AS name,
  "segment" AS segment,
  "region" AS region,
  "acquisition_channel" AS acquisition_channel,
  CASE WHEN lower("is_key_account") IN ('yes','true','1','y','t') THEN true WHEN lower("is_key_account") IN ('no','false','0','n','f') THEN false END AS is_key_account,
  CAST(TRY_CAST("target_since" AS DATE) AS TIMESTAMP) AS target_since,
  TRY_CAST("became_customer_at" AS TIMESTAMP) AS became_customer_at,
  "won_by_employee_id" AS won_by_employee_id,
  "merged_into_customer_id" AS merged_into_customer_id,
  (("customer_id") IS NOT NULL
   AND ("is_key_account" IS NULL OR (CASE WHEN lower("is_key_account") IN ('yes','true','1','y','t') THEN true WHEN lower("is_key_account") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("target_since" IS NULL OR (CAST(TRY_CAST("target_since" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("became_customer_at" IS NULL OR (TRY_CAST("became_customer_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_customers;
CREATE TABLE keyed_customers AS SELECT * EXCLUDE (_ok) FROM typed_customers WHERE _ok
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_customer_status_history AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/customer_status_history.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'customer_status_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'status': 'VARCHAR', 'tier': 'VARCHAR', 'is_key_account': 'VARCHAR', 'owner_employee_id': 'VARCHAR', 'valid_from': 'VARCHAR', 'valid_to': 'VARCHAR'});
CREATE TABLE typed_customer_status_history AS SELECT _n,
  "customer_status_id" AS customer_status_id,
  "customer_id" AS customer_id,
  "status" AS status,
  "tier" AS tier,
  CASE WHEN lower("is_key_account") IN ('yes','true','1','y','t') THEN true WHEN lower("is_key_account") IN ('no','false','0','n','f') THEN false END AS is_key_account,
  "owner_employee_id" AS owner_employee_id,
  TRY_CAST("valid_from" AS TIMESTAMP) AS valid_from,
  TRY_CAST("valid_to" AS TIMESTAMP) AS valid_to,
  (("customer_status_id") IS NOT NULL
   AND ("customer_id") IS NOT NULL
   AND ("status") IS NOT NULL
   AND ("is_key_account" IS NULL OR (CASE WHEN lower("is_key_account") IN ('yes','true','1','y','t') THEN true WHEN lower("is_key_account") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND (TRY_CAST("valid_from" AS TIMESTAMP)) IS NOT NULL
   AND ("valid_to" IS NULL OR (TRY_CAST("valid_to" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_customer_status_history;
CREATE TABLE keyed_customer_status_history AS SELECT * EXCLUDE (_ok) FROM typed_customer_status_history WHERE _ok
QUALIFY row_number() OVER (PARTITION BY customer_status_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_products AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/products.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'product_id': 'VARCHAR', 'name': 'VARCHAR', 'product_line': 'VARCHAR', 'standard_cost': 'VARCHAR'});
CREATE TABLE typed_products AS SELECT _n,
  "product_id" AS product_id,
  "name" AS name,
  "product_line" AS product_line,
  TRY_CAST("standard_cost" AS DECIMAL(18,4)) AS standard_cost,
  (("product_id") IS NOT NULL
   AND ("product_line") IS NOT NULL
   AND ("standard_cost" IS NULL OR (TRY_CAST("standard_cost" AS DECIMAL(18,4))) IS NOT NULL)) AS _ok
FROM raw_products;
CREATE TABLE keyed_products AS SELECT * EXCLUDE (_ok) FROM typed_products WHERE _ok
QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_campaigns AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/campaigns.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'campaign_id': 'VARCHAR', 'name': 'VARCHAR', 'campaign_kind': 'VARCHAR', 'channel': 'VARCHAR', 'channel_group': 'VARCHAR', 'planned_on': 'VARCHAR', 'held_on': 'VARCHAR', 'is_cancelled': 'VARCHAR', 'attendee_count': 'VARCHAR', 'owner_employee_id': 'VARCHAR'});
CREATE TABLE typed_campaigns AS SELECT _n,
  "campaign_id" AS campaign_id,
  "name" AS name,
  "campaign_kind" AS campaign_kind,
  "channel" AS channel,
  "channel_group" AS channel_group,
  CAST(TRY_CAST("planned_on" AS DATE) AS TIMESTAMP) AS planned_on,
  CAST(TRY_CAST("held_on" AS DATE) AS TIMESTAMP) AS held_on,
  CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END AS is_cancelled,
  CASE WHEN regexp_full_match("attendee_count", '[+-]?[0-9]+') THEN TRY_CAST("attendee_count" AS BIGINT) END AS attendee_count,
  "owner_employee_id" AS owner_employee_id,
  (("campaign_id") IS NOT NULL
   AND ("campaign_kind") IS NOT NULL
   AND ("planned_on" IS NULL OR (CAST(TRY_CAST("planned_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("held_on" IS NULL OR (CAST(TRY_CAST("held_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("is_cancelled" IS NULL OR (CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("attendee_count" IS NULL OR (CASE WHEN regexp_full_match("attendee_count", '[+-]?[0-9]+') THEN TRY_CAST("attendee_count" AS BIGINT) END) IS NOT NULL)) AS _ok
FROM raw_campaigns;
CREATE TABLE keyed_campaigns AS SELECT * EXCLUDE (_ok) FROM typed_campaigns WHERE _ok
QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_campaign_results AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/campaign_results.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'campaign_result_id': 'VARCHAR', 'campaign_id': 'VARCHAR', 'channel': 'VARCHAR', 'result_date': 'VARCHAR', 'spend': 'VARCHAR', 'impressions': 'VARCHAR', 'clicks': 'VARCHAR', 'content_views': 'VARCHAR', 'shares': 'VARCHAR', 'interactions': 'VARCHAR'});
CREATE TABLE typed_campaign_results AS SELECT _n,
  "campaign_result_id" AS campaign_result_id,
  "campaign_id" AS campaign_id,
  "channel" AS channel,
  CAST(TRY_CAST("result_date" AS DATE) AS TIMESTAMP) AS result_date,
  TRY_CAST("spend" AS DECIMAL(18,4)) AS spend,
  CASE WHEN regexp_full_match("impressions", '[+-]?[0-9]+') THEN TRY_CAST("impressions" AS BIGINT) END AS impressions,
  CASE WHEN regexp_full_match("clicks", '[+-]?[0-9]+') THEN TRY_CAST("clicks" AS BIGINT) END AS clicks,
  CASE WHEN regexp_full_match("content_views", '[+-]?[0-9]+') THEN TRY_CAST("content_views" AS BIGINT) END AS content_views,
  CASE WHEN regexp_full_match("shares", '[+-]?[0-9]+') THEN TRY_CAST("shares" AS BIGINT) END AS shares,
  CASE WHEN regexp_full_match("interactions", '[+-]?[0-9]+') THEN TRY_CAST("interactions" AS BIGINT) END AS interactions,
  (("campaign_result_id") IS NOT NULL
   AND ("campaign_id") IS NOT NULL
   AND (CAST(TRY_CAST("result_date" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("spend" IS NULL OR (TRY_CAST("spend" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("impressions" IS NULL OR (CASE WHEN regexp_full_match("impressions", '[+-]?[0-9]+') THEN TRY_CAST("impressions" AS BIGINT) END) IS NOT NULL)
   AND ("clicks" IS NULL OR (CASE WHEN regexp_full_match("clicks", '[+-]?[0-9]+') THEN TRY_CAST("clicks" AS BIGINT) END) IS NOT NULL)
   AND ("content_views" IS NULL OR (CASE WHEN regexp_full_match("content_views", '[+-]?[0-9]+') THEN TRY_CAST("content_views" AS BIGINT) END) IS NOT NULL)
   AND ("shares" IS NULL OR (CASE WHEN regexp_full_match("shares", '[+-]?[0-9]+') THEN TRY_CAST("shares" AS BIGINT) END) IS NOT NULL)
   AND ("interactions" IS NULL OR (CASE WHEN regexp_full_match("interactions", '[+-]?[0-9]+') THEN TRY_CAST("interactions" AS BIGINT) END) IS NOT NULL)) AS _ok
FROM raw_campaign_results;
CREATE TABLE keyed_campaign_results AS SELECT * EXCLUDE (_ok) FROM typed_campaign_results WHERE _ok
QUALIFY row_number() OVER (PARTITION BY campaign_result_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_campaign_touches AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/campaign_touches.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'touch_id': 'VARCHAR', 'campaign_id': 'VARCHAR', 'person_key': 'VARCHAR', 'customer_id': 'VARCHAR', 'channel': 'VARCHAR', 'touched_at': 'VARCHAR'});
CREATE TABLE typed_campaign_touches AS SELECT _n,
  "touch_id" AS touch_id,
  "campaign_id" AS campaign_id,
  "person_key" AS person_key,
  "customer_id" AS customer_id,
  "channel" AS channel,
  TRY_CAST("touched_at" AS TIMESTAMP) AS touched_at,
  (("touch_id") IS NOT NULL
   AND ("campaign_id") IS NOT NULL
   AND ("person_key") IS NOT NULL
   AND ("channel") IS NOT NULL
   AND (TRY_CAST("touched_at" AS TIMESTAMP)) IS NOT NULL) AS _ok
FROM raw_campaign_touches;
CREATE TABLE keyed_campaign_touches AS SELECT * EXCLUDE (_ok) FROM typed_campaign_touches WHERE _ok
QUALIFY row_number() OVER (PARTITION BY touch_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_leads AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/leads.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'lead_id': 'VARCHAR', 'created_at': 'VARCHAR', 'channel': 'VARCHAR', 'segment': 'VARCHAR', 'campaign_id': 'VARCHAR', 'product_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'referred_by_customer_id': 'VARCHAR', 'status': 'VARCHAR', 'converted_at': 'VARCHAR', 'customer_id': 'VARCHAR', 'duplicate_of_lead_id': 'VARCHAR'});
CREATE TABLE typed_leads AS SELECT _n,
  "lead_id" AS lead_id,
  TRY_CAST("created_at" AS TIMESTAMP) AS created_at,
  "channel" AS channel,
  "segment" AS segment,
  "campaign_id" AS campaign_id,
  "product_id" AS product_id,
  "employee_id" AS employee_id,
  "referred_by_customer_id" AS referred_by_customer_id,
  "status" AS status,
  TRY_CAST("converted_at" AS TIMESTAMP) AS converted_at,
  "customer_id" AS customer_id,
  "duplicate_of_lead_id" AS duplicate_of_lead_id,
  (("lead_id") IS NOT NULL
   AND (TRY_CAST("created_at" AS TIMESTAMP)) IS NOT NULL
   AND ("converted_at" IS NULL OR (TRY_CAST("converted_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_leads;
CREATE TABLE keyed_leads AS SELECT * EXCLUDE (_ok) FROM typed_leads WHERE _ok
QUALIFY row_number() OVER (PARTITION BY lead_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_opportunities AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/opportunities.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'opportunity_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'lead_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'product_id': 'VARCHAR', 'created_at': 'VARCHAR', 'first_contact_at': 'VARCHAR', 'closed_at': 'VARCHAR', 'outcome': 'VARCHAR', 'amount': 'VARCHAR'});
CREATE TABLE typed_opportunities AS SELECT _n,
  "opportunity_id" AS opportunity_id,
  "customer_id" AS customer_id,
  "lead_id" AS lead_id,
  "employee_id" AS employee_id,
  "product_id" AS product_id,
  TRY_CAST("created_at" AS TIMESTAMP) AS created_at,
  TRY_CAST("first_contact_at" AS TIMESTAMP) AS first_contact_at,
  TRY_CAST("closed_at" AS TIMESTAMP) AS closed_at,
  "outcome" AS outcome,
  TRY_CAST("amount" AS DECIMAL(18,4)) AS amount,
  (("opportunity_id") IS NOT NULL
   AND (TRY_CAST("created_at" AS TIMESTAMP)) IS NOT NULL
   AND ("first_contact_at" IS NULL OR (TRY_CAST("first_contact_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("closed_at" IS NULL OR (TRY_CAST("closed_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("amount" IS NULL OR (TRY_CAST("amount" AS DECIMAL(18,4))) IS NOT NULL)) AS _ok
FROM raw_opportunities;
CREATE TABLE keyed_opportunities AS SELECT * EXCLUDE (_ok) FROM typed_opportunities WHERE _ok
QUALIFY row_number() OVER (PARTITION BY opportunity_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_opportunity_stages AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/opportunity_stages.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'opportunity_stage_id': 'VARCHAR', 'opportunity_id': 'VARCHAR', 'stage': 'VARCHAR', 'entered_at': 'VARCHAR', 'left_at': 'VARCHAR'});
CREATE TABLE typed_opportunity_stages AS SELECT _n,
  "opportunity_stage_id" AS opportunity_stage_id,
  "opportunity_id" AS opportunity_id,
  "stage" AS stage,
  TRY_CAST("entered_at" AS TIMESTAMP) AS entered_at,
  TRY_CAST("left_at" AS TIMESTAMP) AS left_at,
  (("opportunity_stage_id") IS NOT NULL
   AND ("opportunity_id") IS NOT NULL
   AND ("stage") IS NOT NULL
   AND (TRY_CAST("entered_at" AS TIMESTAMP)) IS NOT NULL
   AND ("left_at" IS NULL OR (TRY_CAST("left_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_opportunity_stages;
CREATE TABLE keyed_opportunity_stages AS SELECT * EXCLUDE (_ok) FROM typed_opportunity_stages WHERE _ok
QUALIFY row_number() OVER (PARTITION BY opportunity_stage_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_orders AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/orders.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'order_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'placed_at': 'VARCHAR', 'cancelled_at': 'VARCHAR', 'channel': 'VARCHAR', 'region': 'VARCHAR', 'employee_id': 'VARCHAR', 'campaign_id': 'VARCHAR'});
CREATE TABLE typed_orders AS SELECT _n,
  "order_id" AS order_id,
  "customer_id" AS customer_id,
  TRY_CAST("placed_at" AS TIMESTAMP) AS placed_at,
  TRY_CAST("cancelled_at" AS TIMESTAMP) AS cancelled_at,
  "channel" AS channel,
  "region" AS region,
  "employee_id" AS employee_id,
  "campaign_id" AS campaign_id,
  (("order_id") IS NOT NULL
   AND (TRY_CAST("placed_at" AS TIMESTAMP)) IS NOT NULL
   AND ("cancelled_at" IS NULL OR (TRY_CAST("cancelled_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_orders;
CREATE TABLE keyed_orders AS SELECT * EXCLUDE (_ok) FROM typed_orders WHERE _ok
QUALIFY row_number() OVER (PARTITION BY order_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_order_lines AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/order_lines.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'order_line_id': 'VARCHAR', 'order_id': 'VARCHAR', 'product_id': 'VARCHAR', 'line_kind': 'VARCHAR', 'quantity': 'VARCHAR', 'net_amount': 'VARCHAR', 'cost_amount': 'VARCHAR', 'recognised_at': 'VARCHAR'});
CREATE TABLE typed_order_lines AS SELECT _n,
  "order_line_id" AS order_line_id,
  "order_id" AS order_id,
  "product_id" AS product_id,
  "line_kind" AS line_kind,
  TRY_CAST("quantity" AS DECIMAL(18,4)) AS quantity,
  TRY_CAST("net_amount" AS DECIMAL(18,4)) AS net_amount,
  TRY_CAST("cost_amount" AS DECIMAL(18,4)) AS cost_amount,
  TRY_CAST("recognised_at" AS TIMESTAMP) AS recognised_at,
  (("order_line_id") IS NOT NULL
   AND ("order_id") IS NOT NULL
   AND ("line_kind") IS NOT NULL
   AND ("quantity" IS NULL OR (TRY_CAST("quantity" AS DECIMAL(18,4))) IS NOT NULL)
   AND (TRY_CAST("net_amount" AS DECIMAL(18,4))) IS NOT NULL
   AND ("cost_amount" IS NULL OR (TRY_CAST("cost_amount" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("recognised_at" IS NULL OR (TRY_CAST("recognised_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_order_lines;
CREATE TABLE keyed_order_lines AS SELECT * EXCLUDE (_ok) FROM typed_order_lines WHERE _ok
QUALIFY row_number() OVER (PARTITION BY order_line_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_contracts AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/contracts.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'contract_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'product_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'signed_on': 'VARCHAR', 'starts_on': 'VARCHAR', 'expires_on': 'VARCHAR', 'terminated_on': 'VARCHAR', 'contract_value': 'VARCHAR', 'annual_value': 'VARCHAR', 'renews_contract_id': 'VARCHAR', 'fulfilment_due_on': 'VARCHAR', 'fulfilled_on': 'VARCHAR'});
CREATE TABLE typed_contracts AS SELECT _n,
  "contract_id" AS contract_id,
  "customer_id" AS customer_id,
  "product_id" AS product_id,
  "employee_id" AS employee_id,
  CAST(TRY_CAST("signed_on" AS DATE) AS TIMESTAMP) AS signed_on,
  CAST(TRY_CAST("starts_on" AS DATE) AS TIMESTAMP) AS starts_on,
  CAST(TRY_CAST("expires_on" AS DATE) AS TIMESTAMP) AS expires_on,
  CAST(TRY_CAST("terminated_on" AS DATE) AS TIMESTAMP) AS terminated_on,
  TRY_CAST("contract_value" AS DECIMAL(18,4)) AS contract_value,
  TRY_CAST("annual_value" AS DECIMAL(18,4)) AS annual_value,
  "renews_contract_id" AS renews_contract_id,
  CAST(TRY_CAST("fulfilment_due_on" AS DATE) AS TIMESTAMP) AS fulfilment_due_on,
  CAST(TRY_CAST("fulfilled_on" AS DATE) AS TIMESTAMP) AS fulfilled_on,
  (("contract_id") IS NOT NULL
   AND ("customer_id") IS NOT NULL
   AND (CAST(TRY_CAST("signed_on" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("starts_on" IS NULL OR (CAST(TRY_CAST("starts_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("expires_on" IS NULL OR (CAST(TRY_CAST("expires_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("terminated_on" IS NULL OR (CAST(TRY_CAST("terminated_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND (TRY_CAST("contract_value" AS DECIMAL(18,4))) IS NOT NULL
   AND ("annual_value" IS NULL OR (TRY_CAST("annual_value" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("fulfilment_due_on" IS NULL OR (CAST(TRY_CAST("fulfilment_due_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("fulfilled_on" IS NULL OR (CAST(TRY_CAST("fulfilled_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_contracts;
CREATE TABLE keyed_contracts AS SELECT * EXCLUDE (_ok) FROM typed_contracts WHERE _ok
QUALIFY row_number() OVER (PARTITION BY contract_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_invoices AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/invoices.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'invoice_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'order_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'issued_on': 'VARCHAR', 'due_on': 'VARCHAR', 'amount': 'VARCHAR', 'credits_invoice_id': 'VARCHAR', 'is_void': 'VARCHAR'});
CREATE TABLE typed_invoices AS SELECT _n,
  "invoice_id" AS invoice_id,
  "customer_id" AS customer_id,
  "order_id" AS order_id,
  "employee_id" AS employee_id,
  CAST(TRY_CAST("issued_on" AS DATE) AS TIMESTAMP) AS issued_on,
  CAST(TRY_CAST("due_on" AS DATE) AS TIMESTAMP) AS due_on,
  TRY_CAST("amount" AS DECIMAL(18,4)) AS amount,
  "credits_invoice_id" AS credits_invoice_id,
  CASE WHEN lower("is_void") IN ('yes','true','1','y','t') THEN true WHEN lower("is_void") IN ('no','false','0','n','f') THEN false END AS is_void,
  (("invoice_id") IS NOT NULL
   AND (CAST(TRY_CAST("issued_on" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (CAST(TRY_CAST("due_on" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("amount" AS DECIMAL(18,4))) IS NOT NULL
   AND ("is_void" IS NULL OR (CASE WHEN lower("is_void") IN ('yes','true','1','y','t') THEN true WHEN lower("is_void") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_invoices;
CREATE TABLE keyed_invoices AS SELECT * EXCLUDE (_ok) FROM typed_invoices WHERE _ok
QUALIFY row_number() OVER (PARTITION BY invoice_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_payments AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/payments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'payment_id': 'VARCHAR', 'invoice_id': 'VARCHAR', 'paid_at': 'VARCHAR', 'amount': 'VARCHAR'});
CREATE TABLE typed_payments AS SELECT _n,
  "payment_id" AS payment_id,
  "invoice_id" AS invoice_id,
  TRY_CAST("paid_at" AS TIMESTAMP) AS paid_at,
  TRY_CAST("amount" AS DECIMAL(18,4)) AS amount,
  (("payment_id") IS NOT NULL
   AND (TRY_CAST("paid_at" AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("amount" AS DECIMAL(18,4))) IS NOT NULL) AS _ok
FROM raw_payments;
CREATE TABLE keyed_payments AS SELECT * EXCLUDE (_ok) FROM typed_payments WHERE _ok
QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_sales_activities AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/sales_activities.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'activity_id': 'VARCHAR', 'activity_kind': 'VARCHAR', 'employee_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'product_id': 'VARCHAR', 'planned_for': 'VARCHAR', 'completed_at': 'VARCHAR', 'is_cancelled': 'VARCHAR', 'cancelled_at': 'VARCHAR'});
CREATE TABLE typed_sales_activities AS SELECT _n,
  "activity_id" AS activity_id,
  "activity_kind" AS activity_kind,
  "employee_id" AS employee_id,
  "customer_id" AS customer_id,
  "product_id" AS product_id,
  TRY_CAST("planned_for" AS TIMESTAMP) AS planned_for,
  TRY_CAST("completed_at" AS TIMESTAMP) AS completed_at,
  CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END AS is_cancelled,
  TRY_CAST("cancelled_at" AS TIMESTAMP) AS cancelled_at,
  (("activity_id") IS NOT NULL
   AND ("activity_kind") IS NOT NULL
   AND ("planned_for" IS NULL OR (TRY_CAST("planned_for" AS TIMESTAMP)) IS NOT NULL)
   AND ("completed_at" IS NULL OR (TRY_CAST("completed_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("is_cancelled" IS NULL OR (CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("cancelled_at" IS NULL OR (TRY_CAST("cancelled_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_sales_activities;
CREATE TABLE keyed_sales_activities AS SELECT * EXCLUDE (_ok) FROM typed_sales_activities WHERE _ok
QUALIFY row_number() OVER (PARTITION BY activity_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_interactions AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/interactions.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'interaction_id': 'VARCHAR', 'channel': 'VARCHAR', 'direction': 'VARCHAR', 'first_handler': 'VARCHAR', 'outcome': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'ticket_id': 'VARCHAR', 'started_at': 'VARCHAR', 'answered_at': 'VARCHAR', 'ended_at': 'VARCHAR', 'talk_seconds': 'VARCHAR', 'hold_seconds': 'VARCHAR', 'wrap_seconds': 'VARCHAR'});
CREATE TABLE typed_interactions AS SELECT _n,
  "interaction_id" AS interaction_id,
  "channel" AS channel,
  "direction" AS direction,
  "first_handler" AS first_handler,
  "outcome" AS outcome,
  "org_unit_id" AS org_unit_id,
  "employee_id" AS employee_id,
  "customer_id" AS customer_id,
  "ticket_id" AS ticket_id,
  TRY_CAST("started_at" AS TIMESTAMP) AS started_at,
  TRY_CAST("answered_at" AS TIMESTAMP) AS answered_at,
  TRY_CAST("ended_at" AS TIMESTAMP) AS ended_at,
  TRY_CAST("talk_seconds" AS DECIMAL(18,3)) AS talk_seconds,
  TRY_CAST("hold_seconds" AS DECIMAL(18,3)) AS hold_seconds,
  TRY_CAST("wrap_seconds" AS DECIMAL(18,3)) AS wrap_seconds,
  (("interaction_id") IS NOT NULL
   AND ("channel") IS NOT NULL
   AND ("direction") IS NOT NULL
   AND ("outcome") IS NOT NULL
   AND (TRY_CAST("started_at" AS TIMESTAMP)) IS NOT NULL
   AND ("answered_at" IS NULL OR (TRY_CAST("answered_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("ended_at" IS NULL OR (TRY_CAST("ended_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("talk_seconds" IS NULL OR (TRY_CAST("talk_seconds" AS DECIMAL(18,3))) IS NOT NULL)
   AND ("hold_seconds" IS NULL OR (TRY_CAST("hold_seconds" AS DECIMAL(18,3))) IS NOT NULL)
   AND ("wrap_seconds" IS NULL OR (TRY_CAST("wrap_seconds" AS DECIMAL(18,3))) IS NOT NULL)) AS _ok
FROM raw_interactions;
CREATE TABLE keyed_interactions AS SELECT * EXCLUDE (_ok) FROM typed_interactions WHERE _ok
QUALIFY row_number() OVER (PARTITION BY interaction_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_tickets AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/tickets.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'ticket_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'product_id': 'VARCHAR', 'channel': 'VARCHAR', 'category': 'VARCHAR', 'priority': 'VARCHAR', 'exclusion': 'VARCHAR', 'assignee_employee_id': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'first_responder_employee_id': 'VARCHAR', 'resolved_by_employee_id': 'VARCHAR', 'created_at': 'VARCHAR', 'first_response_at': 'VARCHAR', 'first_resolved_at': 'VARCHAR', 'reopened_at': 'VARCHAR', 'reopen_count': 'VARCHAR', 'resolved_at': 'VARCHAR', 'closed_at': 'VARCHAR', 'response_due_at': 'VARCHAR', 'due_at': 'VARCHAR', 'contact_count': 'VARCHAR', 'handling_seconds': 'VARCHAR', 'knowledge_article_id': 'VARCHAR', 'upset_flagged_at': 'VARCHAR', 'calmed_at': 'VARCHAR'});
CREATE TABLE typed_tickets AS SELECT _n,
  "ticket_id" AS ticket_id,
  "customer_id" AS customer_id,
  "product_id" AS product_id,
  "channel" AS channel,
  "category" AS category,
  "priority" AS priority,
  "exclusion" AS exclusion,
  "assignee_employee_id" AS assignee_employee_id,
  "org_unit_id" AS org_unit_id,
  "first_responder_employee_id" AS first_responder_employee_id,
  "resolved_by_employee_id" AS resolved_by_employee_id,
  TRY_CAST("created_at" AS TIMESTAMP) AS created_at,
  TRY_CAST("first_response_at" AS TIMESTAMP) AS first_response_at,
  TRY_CAST("first_resolved_at" AS TIMESTAMP) AS first_resolved_at,
  TRY_CAST("reopened_at" AS TIMESTAMP) AS reopened_at,
  CASE WHEN regexp_full_match("reopen_count", '[+-]?[0-9]+') THEN TRY_CAST("reopen_count" AS BIGINT) END AS reopen_count,
  TRY_CAST("resolved_at" AS TIMESTAMP) AS resolved_at,
  TRY_CAST("closed_at" AS TIMESTAMP) AS closed_at,
  TRY_CAST("response_due_at" AS TIMESTAMP) AS response_due_at,
  TRY_CAST("due_at" AS TIMESTAMP) AS due_at,
  CASE WHEN regexp_full_match("contact_count", '[+-]?[0-9]+') THEN TRY_CAST("contact_count" AS BIGINT) END AS contact_count,
  TRY_CAST("handling_seconds" AS DECIMAL(18,3)) AS handling_seconds,
  "knowledge_article_id" AS knowledge_article_id,
  TRY_CAST("upset_flagged_at" AS TIMESTAMP) AS upset_flagged_at,
  TRY_CAST("calmed_at" AS TIMESTAMP) AS calmed_at,
  (("ticket_id") IS NOT NULL
   AND (TRY_CAST("created_at" AS TIMESTAMP)) IS NOT NULL
   AND ("first_response_at" IS NULL OR (TRY_CAST("first_response_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("first_resolved_at" IS NULL OR (TRY_CAST("first_resolved_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("reopened_at" IS NULL OR (TRY_CAST("reopened_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("reopen_count" IS NULL OR (CASE WHEN regexp_full_match("reopen_count", '[+-]?[0-9]+') THEN TRY_CAST("reopen_count" AS BIGINT) END) IS NOT NULL)
   AND ("resolved_at" IS NULL OR (TRY_CAST("resolved_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("closed_at" IS NULL OR (TRY_CAST("closed_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("response_due_at" IS NULL OR (TRY_CAST("response_due_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("due_at" IS NULL OR (TRY_CAST("due_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("contact_count" IS NULL OR (CASE WHEN regexp_full_match("contact_count", '[+-]?[0-9]+') THEN TRY_CAST("contact_count" AS BIGINT) END) IS NOT NULL)
   AND ("handling_seconds" IS NULL OR (TRY_CAST("handling_seconds" AS DECIMAL(18,3))) IS NOT NULL)
   AND ("upset_flagged_at" IS NULL OR (TRY_CAST("upset_flagged_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("calmed_at" IS NULL OR (TRY_CAST("calmed_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_tickets;
CREATE TABLE keyed_tickets AS SELECT * EXCLUDE (_ok) FROM typed_tickets WHERE _ok
QUALIFY row_number() OVER (PARTITION BY ticket_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_ticket_events AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/ticket_events.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'event_id': 'VARCHAR', 'ticket_id': 'VARCHAR', 'event_kind': 'VARCHAR', 'occurred_at': 'VARCHAR', 'employee_id': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'needs_reply': 'VARCHAR', 'new_due_at': 'VARCHAR'});
CREATE TABLE typed_ticket_events AS SELECT _n,
  "event_id" AS event_id,
  "ticket_id" AS ticket_id,
  "event_kind" AS event_kind,
  TRY_CAST("occurred_at" AS TIMESTAMP) AS occurred_at,
  "employee_id" AS employee_id,
  "org_unit_id" AS org_unit_id,
  CASE WHEN lower("needs_reply") IN ('yes','true','1','y','t') THEN true WHEN lower("needs_reply") IN ('no','false','0','n','f') THEN false END AS needs_reply,
  TRY_CAST("new_due_at" AS TIMESTAMP) AS new_due_at,
  (("event_id") IS NOT NULL
   AND ("ticket_id") IS NOT NULL
   AND ("event_kind") IS NOT NULL
   AND (TRY_CAST("occurred_at" AS TIMESTAMP)) IS NOT NULL
   AND ("needs_reply" IS NULL OR (CASE WHEN lower("needs_reply") IN ('yes','true','1','y','t') THEN true WHEN lower("needs_reply") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("new_due_at" IS NULL OR (TRY_CAST("new_due_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_ticket_events;
CREATE TABLE keyed_ticket_events AS SELECT * EXCLUDE (_ok) FROM typed_ticket_events WHERE _ok
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_feedback AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/feedback.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'feedback_id': 'VARCHAR', 'feedback_kind': 'VARCHAR', 'channel': 'VARCHAR', 'customer_id': 'VARCHAR', 'product_id': 'VARCHAR', 'ticket_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'occurred_at': 'VARCHAR', 'received_at': 'VARCHAR', 'answered_at': 'VARCHAR', 'resolved_at': 'VARCHAR', 'is_withdrawn': 'VARCHAR', 'duplicate_of_feedback_id': 'VARCHAR'});
CREATE TABLE typed_feedback AS SELECT _n,
  "feedback_id" AS feedback_id,
  "feedback_kind" AS feedback_kind,
  "channel" AS channel,
  "customer_id" AS customer_id,
  "product_id" AS product_id,
  "ticket_id" AS ticket_id,
  "employee_id" AS employee_id,
  TRY_CAST("occurred_at" AS TIMESTAMP) AS occurred_at,
  TRY_CAST("received_at" AS TIMESTAMP) AS received_at,
  TRY_CAST("answered_at" AS TIMESTAMP) AS answered_at,
  TRY_CAST("resolved_at" AS TIMESTAMP) AS resolved_at,
  CASE WHEN lower("is_withdrawn") IN ('yes','true','1','y','t') THEN true WHEN lower("is_withdrawn") IN ('no','false','0','n','f') THEN false END AS is_withdrawn,
  "duplicate_of_feedback_id" AS duplicate_of_feedback_id,
  (("feedback_id") IS NOT NULL
   AND ("feedback_kind") IS NOT NULL
   AND ("occurred_at" IS NULL OR (TRY_CAST("occurred_at" AS TIMESTAMP)) IS NOT NULL)
   AND (TRY_CAST("received_at" AS TIMESTAMP)) IS NOT NULL
   AND ("answered_at" IS NULL OR (TRY_CAST("answered_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("resolved_at" IS NULL OR (TRY_CAST("resolved_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("is_withdrawn" IS NULL OR (CASE WHEN lower("is_withdrawn") IN ('yes','true','1','y','t') THEN true WHEN lower("is_withdrawn") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_feedback;
CREATE TABLE keyed_feedback AS SELECT * EXCLUDE (_ok) FROM typed_feedback WHERE _ok
QUALIFY row_number() OVER (PARTITION BY feedback_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_survey_answers AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/survey_answers.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'answer_id': 'VARCHAR', 'invitation_id': 'VARCHAR', 'survey_kind': 'VARCHAR', 'sent_at': 'VARCHAR', 'answered_at': 'VARCHAR', 'served_at': 'VARCHAR', 'score': 'VARCHAR', 'scale_min': 'VARCHAR', 'scale_max': 'VARCHAR', 'customer_id': 'VARCHAR', 'ticket_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'respondent_org_unit_id': 'VARCHAR', 'collected_by': 'VARCHAR'});
CREATE TABLE typed_survey_answers AS SELECT _n,
  "answer_id" AS answer_id,
  "invitation_id" AS invitation_id,
  "survey_kind" AS survey_kind,
  TRY_CAST("sent_at" AS TIMESTAMP) AS sent_at,
  TRY_CAST("answered_at" AS TIMESTAMP) AS answered_at,
  TRY_CAST("served_at" AS TIMESTAMP) AS served_at,
  TRY_CAST("score" AS DECIMAL(18,4)) AS score,
  TRY_CAST("scale_min" AS DECIMAL(18,4)) AS scale_min,
  TRY_CAST("scale_max" AS DECIMAL(18,4)) AS scale_max,
  "customer_id" AS customer_id,
  "ticket_id" AS ticket_id,
  "employee_id" AS employee_id,
  "org_unit_id" AS org_unit_id,
  "respondent_org_unit_id" AS respondent_org_unit_id,
  "collected_by" AS collected_by,
  (("answer_id") IS NOT NULL
   AND ("survey_kind") IS NOT NULL
   AND ("sent_at" IS NULL OR (TRY_CAST("sent_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("answered_at" IS NULL OR (TRY_CAST("answered_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("served_at" IS NULL OR (TRY_CAST("served_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("score" IS NULL OR (TRY_CAST("score" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("scale_min" IS NULL OR (TRY_CAST("scale_min" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("scale_max" IS NULL OR (TRY_CAST("scale_max" AS DECIMAL(18,4))) IS NOT NULL)) AS _ok
FROM raw_survey_answers;
CREATE TABLE keyed_survey_answers AS SELECT * EXCLUDE (_ok) FROM typed_survey_answers WHERE _ok
QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_social_mentions AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/social_mentions.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'mention_id': 'VARCHAR', 'platform': 'VARCHAR', 'posted_at': 'VARCHAR', 'sentiment': 'VARCHAR', 'needs_response': 'VARCHAR', 'is_spam': 'VARCHAR', 'responded_at': 'VARCHAR', 'duplicate_of_mention_id': 'VARCHAR'});
CREATE TABLE typed_social_mentions AS SELECT _n,
  "mention_id" AS mention_id,
  "platform" AS platform,
  TRY_CAST("posted_at" AS TIMESTAMP) AS posted_at,
  "sentiment" AS sentiment,
  CASE WHEN lower("needs_response") IN ('yes','true','1','y','t') THEN true WHEN lower("needs_response") IN ('no','false','0','n','f') THEN false END AS needs_response,
  CASE WHEN lower("is_spam") IN ('yes','true','1','y','t') THEN true WHEN lower("is_spam") IN ('no','false','0','n','f') THEN false END AS is_spam,
  TRY_CAST("responded_at" AS TIMESTAMP) AS responded_at,
  "duplicate_of_mention_id" AS duplicate_of_mention_id,
  (("mention_id") IS NOT NULL
   AND (TRY_CAST("posted_at" AS TIMESTAMP)) IS NOT NULL
   AND ("needs_response" IS NULL OR (CASE WHEN lower("needs_response") IN ('yes','true','1','y','t') THEN true WHEN lower("needs_response") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("is_spam" IS NULL OR (CASE WHEN lower("is_spam") IN ('yes','true','1','y','t') THEN true WHEN lower("is_spam") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("responded_at" IS NULL OR (TRY_CAST("responded_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_social_mentions;
CREATE TABLE keyed_social_mentions AS SELECT * EXCLUDE (_ok) FROM typed_social_mentions WHERE _ok
QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_knowledge_articles AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/knowledge_articles.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'article_id': 'VARCHAR', 'title': 'VARCHAR', 'product_id': 'VARCHAR', 'owner_employee_id': 'VARCHAR', 'published_at': 'VARCHAR', 'retired_at': 'VARCHAR'});
CREATE TABLE typed_knowledge_articles AS SELECT _n,
  "article_id" AS article_id,
  "title" AS title,
  "product_id" AS product_id,
  "owner_employee_id" AS owner_employee_id,
  TRY_CAST("published_at" AS TIMESTAMP) AS published_at,
  TRY_CAST("retired_at" AS TIMESTAMP) AS retired_at,
  (("article_id") IS NOT NULL
   AND (TRY_CAST("published_at" AS TIMESTAMP)) IS NOT NULL
   AND ("retired_at" IS NULL OR (TRY_CAST("retired_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_knowledge_articles;
CREATE TABLE keyed_knowledge_articles AS SELECT * EXCLUDE (_ok) FROM typed_knowledge_articles WHERE _ok
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_knowledge_reviews AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/knowledge_reviews.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'knowledge_review_id': 'VARCHAR', 'article_id': 'VARCHAR', 'review_kind': 'VARCHAR', 'due_on': 'VARCHAR', 'completed_at': 'VARCHAR', 'result': 'VARCHAR', 'employee_id': 'VARCHAR'});
CREATE TABLE typed_knowledge_reviews AS SELECT _n,
  "knowledge_review_id" AS knowledge_review_id,
  "article_id" AS article_id,
  "review_kind" AS review_kind,
  CAST(TRY_CAST("due_on" AS DATE) AS TIMESTAMP) AS due_on,
  TRY_CAST("completed_at" AS TIMESTAMP) AS completed_at,
  "result" AS result,
  "employee_id" AS employee_id,
  (("knowledge_review_id") IS NOT NULL
   AND ("article_id") IS NOT NULL
   AND ("review_kind") IS NOT NULL
   AND ("due_on" IS NULL OR (CAST(TRY_CAST("due_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("completed_at" IS NULL OR (TRY_CAST("completed_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_knowledge_reviews;
CREATE TABLE keyed_knowledge_reviews AS SELECT * EXCLUDE (_ok) FROM typed_knowledge_reviews WHERE _ok
QUALIFY row_number() OVER (PARTITION BY knowledge_review_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_self_service_sessions AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/self_service_sessions.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'session_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'channel': 'VARCHAR', 'started_at': 'VARCHAR', 'outcome': 'VARCHAR', 'article_id': 'VARCHAR', 'ticket_id': 'VARCHAR'});
CREATE TABLE typed_self_service_sessions AS SELECT _n,
  "session_id" AS session_id,
  "customer_id" AS customer_id,
  "channel" AS channel,
  TRY_CAST("started_at" AS TIMESTAMP) AS started_at,
  "outcome" AS outcome,
  "article_id" AS article_id,
  "ticket_id" AS ticket_id,
  (("session_id") IS NOT NULL
   AND (TRY_CAST("started_at" AS TIMESTAMP)) IS NOT NULL) AS _ok
FROM raw_self_service_sessions;
CREATE TABLE keyed_self_service_sessions AS SELECT * EXCLUDE (_ok) FROM typed_self_service_sessions WHERE _ok
QUALIFY row_number() OVER (PARTITION BY session_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_quality_reviews AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/quality_reviews.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'quality_review_id': 'VARCHAR', 'ticket_id': 'VARCHAR', 'interaction_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'served_at': 'VARCHAR', 'reviewed_at': 'VARCHAR', 'score': 'VARCHAR', 'max_score': 'VARCHAR', 'met_standard': 'VARCHAR'});
CREATE TABLE typed_quality_reviews AS SELECT _n,
  "quality_review_id" AS quality_review_id,
  "ticket_id" AS ticket_id,
  "interaction_id" AS interaction_id,
  "employee_id" AS employee_id,
  TRY_CAST("served_at" AS TIMESTAMP) AS served_at,
  TRY_CAST("reviewed_at" AS TIMESTAMP) AS reviewed_at,
  TRY_CAST("score" AS DECIMAL(18,4)) AS score,
  TRY_CAST("max_score" AS DECIMAL(18,4)) AS max_score,
  CASE WHEN lower("met_standard") IN ('yes','true','1','y','t') THEN true WHEN lower("met_standard") IN ('no','false','0','n','f') THEN false END AS met_standard,
  (("quality_review_id") IS NOT NULL
   AND ("served_at" IS NULL OR (TRY_CAST("served_at" AS TIMESTAMP)) IS NOT NULL)
   AND (TRY_CAST("reviewed_at" AS TIMESTAMP)) IS NOT NULL
   AND ("score" IS NULL OR (TRY_CAST("score" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("max_score" IS NULL OR (TRY_CAST("max_score" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("met_standard" IS NULL OR (CASE WHEN lower("met_standard") IN ('yes','true','1','y','t') THEN true WHEN lower("met_standard") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_quality_reviews;
CREATE TABLE keyed_quality_reviews AS SELECT * EXCLUDE (_ok) FROM typed_quality_reviews WHERE _ok
QUALIFY row_number() OVER (PARTITION BY quality_review_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_touchpoints AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/touchpoints.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'touchpoint_id': 'VARCHAR', 'customer_id': 'VARCHAR', 'journey_stage': 'VARCHAR', 'touchpoint': 'VARCHAR', 'occurred_at': 'VARCHAR', 'met_standard': 'VARCHAR'});
CREATE TABLE typed_touchpoints AS SELECT _n,
  "touchpoint_id" AS touchpoint_id,
  "customer_id" AS customer_id,
  "journey_stage" AS journey_stage,
  "touchpoint" AS touchpoint,
  TRY_CAST("occurred_at" AS TIMESTAMP) AS occurred_at,
  CASE WHEN lower("met_standard") IN ('yes','true','1','y','t') THEN true WHEN lower("met_standard") IN ('no','false','0','n','f') THEN false END AS met_standard,
  (("touchpoint_id") IS NOT NULL
   AND ("journey_stage") IS NOT NULL
   AND ("touchpoint") IS NOT NULL
   AND (TRY_CAST("occurred_at" AS TIMESTAMP)) IS NOT NULL
   AND ("met_standard" IS NULL OR (CASE WHEN lower("met_standard") IN ('yes','true','1','y','t') THEN true WHEN lower("met_standard") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_touchpoints;
CREATE TABLE keyed_touchpoints AS SELECT * EXCLUDE (_ok) FROM typed_touchpoints WHERE _ok
QUALIFY row_number() OVER (PARTITION BY touchpoint_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_trainings AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/trainings.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'training_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'course': 'VARCHAR', 'planned_on': 'VARCHAR', 'completed_on': 'VARCHAR', 'is_cancelled': 'VARCHAR', 'cancelled_at': 'VARCHAR'});
CREATE TABLE typed_trainings AS SELECT _n,
  "training_id" AS training_id,
  "employee_id" AS employee_id,
  "course" AS course,
  CAST(TRY_CAST("planned_on" AS DATE) AS TIMESTAMP) AS planned_on,
  CAST(TRY_CAST("completed_on" AS DATE) AS TIMESTAMP) AS completed_on,
  CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END AS is_cancelled,
  TRY_CAST("cancelled_at" AS TIMESTAMP) AS cancelled_at,
  (("training_id") IS NOT NULL
   AND ("employee_id") IS NOT NULL
   AND (CAST(TRY_CAST("planned_on" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("completed_on" IS NULL OR (CAST(TRY_CAST("completed_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("is_cancelled" IS NULL OR (CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("cancelled_at" IS NULL OR (TRY_CAST("cancelled_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_trainings;
CREATE TABLE keyed_trainings AS SELECT * EXCLUDE (_ok) FROM typed_trainings WHERE _ok
QUALIFY row_number() OVER (PARTITION BY training_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_skill_assessments AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/skill_assessments.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'skill_assessment_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'skill': 'VARCHAR', 'taken_at': 'VARCHAR', 'passed': 'VARCHAR', 'score': 'VARCHAR'});
CREATE TABLE typed_skill_assessments AS SELECT _n,
  "skill_assessment_id" AS skill_assessment_id,
  "employee_id" AS employee_id,
  "skill" AS skill,
  TRY_CAST("taken_at" AS TIMESTAMP) AS taken_at,
  CASE WHEN lower("passed") IN ('yes','true','1','y','t') THEN true WHEN lower("passed") IN ('no','false','0','n','f') THEN false END AS passed,
  TRY_CAST("score" AS DECIMAL(18,4)) AS score,
  (("skill_assessment_id") IS NOT NULL
   AND ("employee_id") IS NOT NULL
   AND (TRY_CAST("taken_at" AS TIMESTAMP)) IS NOT NULL
   AND ("passed" IS NULL OR (CASE WHEN lower("passed") IN ('yes','true','1','y','t') THEN true WHEN lower("passed") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)
   AND ("score" IS NULL OR (TRY_CAST("score" AS DECIMAL(18,4))) IS NOT NULL)) AS _ok
FROM raw_skill_assessments;
CREATE TABLE keyed_skill_assessments AS SELECT * EXCLUDE (_ok) FROM typed_skill_assessments WHERE _ok
QUALIFY row_number() OVER (PARTITION BY skill_assessment_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_knowledge_shares AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/knowledge_shares.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'share_id': 'VARCHAR', 'share_kind': 'VARCHAR', 'employee_id': 'VARCHAR', 'shared_at': 'VARCHAR', 'adopted_at': 'VARCHAR', 'retired_at': 'VARCHAR'});
CREATE TABLE typed_knowledge_shares AS SELECT _n,
  "share_id" AS share_id,
  "share_kind" AS share_kind,
  "employee_id" AS employee_id,
  TRY_CAST("shared_at" AS TIMESTAMP) AS shared_at,
  TRY_CAST("adopted_at" AS TIMESTAMP) AS adopted_at,
  TRY_CAST("retired_at" AS TIMESTAMP) AS retired_at,
  (("share_id") IS NOT NULL
   AND ("share_kind") IS NOT NULL
   AND (TRY_CAST("shared_at" AS TIMESTAMP)) IS NOT NULL
   AND ("adopted_at" IS NULL OR (TRY_CAST("adopted_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("retired_at" IS NULL OR (TRY_CAST("retired_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_knowledge_shares;
CREATE TABLE keyed_knowledge_shares AS SELECT * EXCLUDE (_ok) FROM typed_knowledge_shares WHERE _ok
QUALIFY row_number() OVER (PARTITION BY share_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_expenses AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/expenses.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'expense_id': 'VARCHAR', 'expense_class': 'VARCHAR', 'posted_on': 'VARCHAR', 'amount': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'campaign_id': 'VARCHAR', 'customer_id': 'VARCHAR'});
CREATE TABLE typed_expenses AS SELECT _n,
  "expense_id" AS expense_id,
  "expense_class" AS expense_class,
  CAST(TRY_CAST("posted_on" AS DATE) AS TIMESTAMP) AS posted_on,
  TRY_CAST("amount" AS DECIMAL(18,4)) AS amount,
  "org_unit_id" AS org_unit_id,
  "campaign_id" AS campaign_id,
  "customer_id" AS customer_id,
  (("expense_id") IS NOT NULL
   AND ("expense_class") IS NOT NULL
   AND (CAST(TRY_CAST("posted_on" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("amount" AS DECIMAL(18,4))) IS NOT NULL) AS _ok
FROM raw_expenses;
CREATE TABLE keyed_expenses AS SELECT * EXCLUDE (_ok) FROM typed_expenses WHERE _ok
QUALIFY row_number() OVER (PARTITION BY expense_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_financial_statements AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/financial_statements.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'statement_line_id': 'VARCHAR', 'item': 'VARCHAR', 'period_start': 'VARCHAR', 'period_end': 'VARCHAR', 'amount': 'VARCHAR'});
CREATE TABLE typed_financial_statements AS SELECT _n,
  "statement_line_id" AS statement_line_id,
  "item" AS item,
  CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP) AS period_start,
  CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP) AS period_end,
  TRY_CAST("amount" AS DECIMAL(18,4)) AS amount,
  (("statement_line_id") IS NOT NULL
   AND ("item") IS NOT NULL
   AND (CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("amount" AS DECIMAL(18,4))) IS NOT NULL) AS _ok
FROM raw_financial_statements;
CREATE TABLE keyed_financial_statements AS SELECT * EXCLUDE (_ok) FROM typed_financial_statements WHERE _ok
QUALIFY row_number() OVER (PARTITION BY statement_line_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_market_sizes AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/market_sizes.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'market_size_id': 'VARCHAR', 'segment': 'VARCHAR', 'product_line': 'VARCHAR', 'region': 'VARCHAR', 'period_start': 'VARCHAR', 'period_end': 'VARCHAR', 'market_value': 'VARCHAR', 'is_target_segment': 'VARCHAR', 'source': 'VARCHAR'});
CREATE TABLE typed_market_sizes AS SELECT _n,
  "market_size_id" AS market_size_id,
  "segment" AS segment,
  "product_line" AS product_line,
  "region" AS region,
  CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP) AS period_start,
  CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP) AS period_end,
  TRY_CAST("market_value" AS DECIMAL(18,4)) AS market_value,
  CASE WHEN lower("is_target_segment") IN ('yes','true','1','y','t') THEN true WHEN lower("is_target_segment") IN ('no','false','0','n','f') THEN false END AS is_target_segment,
  "source" AS source,
  (("market_size_id") IS NOT NULL
   AND (CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("market_value" AS DECIMAL(18,4))) IS NOT NULL
   AND ("is_target_segment" IS NULL OR (CASE WHEN lower("is_target_segment") IN ('yes','true','1','y','t') THEN true WHEN lower("is_target_segment") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_market_sizes;
CREATE TABLE keyed_market_sizes AS SELECT * EXCLUDE (_ok) FROM typed_market_sizes WHERE _ok
QUALIFY row_number() OVER (PARTITION BY market_size_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_partner_services AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/partner_services.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'partner_service_id': 'VARCHAR', 'partner': 'VARCHAR', 'partner_kind': 'VARCHAR', 'customer_id': 'VARCHAR', 'requested_at': 'VARCHAR', 'responded_at': 'VARCHAR', 'due_at': 'VARCHAR', 'completed_at': 'VARCHAR', 'is_cancelled': 'VARCHAR'});
CREATE TABLE typed_partner_services AS SELECT _n,
  "partner_service_id" AS partner_service_id,
  "partner" AS partner,
  "partner_kind" AS partner_kind,
  "customer_id" AS customer_id,
  TRY_CAST("requested_at" AS TIMESTAMP) AS requested_at,
  TRY_CAST("responded_at" AS TIMESTAMP) AS responded_at,
  TRY_CAST("due_at" AS TIMESTAMP) AS due_at,
  TRY_CAST("completed_at" AS TIMESTAMP) AS completed_at,
  CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END AS is_cancelled,
  (("partner_service_id") IS NOT NULL
   AND ("partner") IS NOT NULL
   AND ("partner_kind") IS NOT NULL
   AND (TRY_CAST("requested_at" AS TIMESTAMP)) IS NOT NULL
   AND ("responded_at" IS NULL OR (TRY_CAST("responded_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("due_at" IS NULL OR (TRY_CAST("due_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("completed_at" IS NULL OR (TRY_CAST("completed_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("is_cancelled" IS NULL OR (CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_partner_services;
CREATE TABLE keyed_partner_services AS SELECT * EXCLUDE (_ok) FROM typed_partner_services WHERE _ok
QUALIFY row_number() OVER (PARTITION BY partner_service_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_plans AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/plans.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'plan_id': 'VARCHAR', 'plan_item': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'product_id': 'VARCHAR', 'label': 'VARCHAR', 'period_start': 'VARCHAR', 'period_end': 'VARCHAR', 'planned_value': 'VARCHAR', 'achieved_on': 'VARCHAR', 'is_cancelled': 'VARCHAR'});
CREATE TABLE typed_plans AS SELECT _n,
  "plan_id" AS plan_id,
  "plan_item" AS plan_item,
  "org_unit_id" AS org_unit_id,
  "employee_id" AS employee_id,
  "product_id" AS product_id,
  "label" AS label,
  CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP) AS period_start,
  CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP) AS period_end,
  TRY_CAST("planned_value" AS DECIMAL(18,4)) AS planned_value,
  CAST(TRY_CAST("achieved_on" AS DATE) AS TIMESTAMP) AS achieved_on,
  CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END AS is_cancelled,
  (("plan_id") IS NOT NULL
   AND ("plan_item") IS NOT NULL
   AND (CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND (CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP)) IS NOT NULL
   AND ("planned_value" IS NULL OR (TRY_CAST("planned_value" AS DECIMAL(18,4))) IS NOT NULL)
   AND ("achieved_on" IS NULL OR (CAST(TRY_CAST("achieved_on" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("is_cancelled" IS NULL OR (CASE WHEN lower("is_cancelled") IN ('yes','true','1','y','t') THEN true WHEN lower("is_cancelled") IN ('no','false','0','n','f') THEN false END) IS NOT NULL)) AS _ok
FROM raw_plans;
CREATE TABLE keyed_plans AS SELECT * EXCLUDE (_ok) FROM typed_plans WHERE _ok
QUALIFY row_number() OVER (PARTITION BY plan_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_predictions AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/predictions.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'prediction_id': 'VARCHAR', 'prediction_kind': 'VARCHAR', 'customer_id': 'VARCHAR', 'interaction_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'kpi_id': 'VARCHAR', 'period_start': 'VARCHAR', 'period_end': 'VARCHAR', 'predicted_at': 'VARCHAR', 'predicted_value': 'VARCHAR', 'model': 'VARCHAR'});
CREATE TABLE typed_predictions AS SELECT _n,
  "prediction_id" AS prediction_id,
  "prediction_kind" AS prediction_kind,
  "customer_id" AS customer_id,
  "interaction_id" AS interaction_id,
  "employee_id" AS employee_id,
  "kpi_id" AS kpi_id,
  CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP) AS period_start,
  CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP) AS period_end,
  TRY_CAST("predicted_at" AS TIMESTAMP) AS predicted_at,
  TRY_CAST("predicted_value" AS DOUBLE) AS predicted_value,
  "model" AS model,
  (("prediction_id") IS NOT NULL
   AND ("prediction_kind") IS NOT NULL
   AND ("period_start" IS NULL OR (CAST(TRY_CAST("period_start" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND ("period_end" IS NULL OR (CAST(TRY_CAST("period_end" AS DATE) AS TIMESTAMP)) IS NOT NULL)
   AND (TRY_CAST("predicted_at" AS TIMESTAMP)) IS NOT NULL
   AND (TRY_CAST("predicted_value" AS DOUBLE)) IS NOT NULL) AS _ok
FROM raw_predictions;
CREATE TABLE keyed_predictions AS SELECT * EXCLUDE (_ok) FROM typed_predictions WHERE _ok
QUALIFY row_number() OVER (PARTITION BY prediction_id ORDER BY _n DESC) = 1;

CREATE TABLE raw_alerts AS SELECT row_number() OVER () AS _n, * FROM read_csv(getvariable('csvdir') || '/alerts.csv', header = true, delim = ',', quote = '"', escape = '"', nullstr = '', auto_detect = false, columns = {'alert_id': 'VARCHAR', 'kpi_id': 'VARCHAR', 'org_unit_id': 'VARCHAR', 'employee_id': 'VARCHAR', 'raised_at': 'VARCHAR', 'responded_at': 'VARCHAR', 'closed_at': 'VARCHAR', 'duplicate_of_alert_id': 'VARCHAR'});
CREATE TABLE typed_alerts AS SELECT _n,
  "alert_id" AS alert_id,
  "kpi_id" AS kpi_id,
  "org_unit_id" AS org_unit_id,
  "employee_id" AS employee_id,
  TRY_CAST("raised_at" AS TIMESTAMP) AS raised_at,
  TRY_CAST("responded_at" AS TIMESTAMP) AS responded_at,
  TRY_CAST("closed_at" AS TIMESTAMP) AS closed_at,
  "duplicate_of_alert_id" AS duplicate_of_alert_id,
  (("alert_id") IS NOT NULL
   AND (TRY_CAST("raised_at" AS TIMESTAMP)) IS NOT NULL
   AND ("responded_at" IS NULL OR (TRY_CAST("responded_at" AS TIMESTAMP)) IS NOT NULL)
   AND ("closed_at" IS NULL OR (TRY_CAST("closed_at" AS TIMESTAMP)) IS NOT NULL)) AS _ok
FROM raw_alerts;
CREATE TABLE keyed_alerts AS SELECT * EXCLUDE (_ok) FROM typed_alerts WHERE _ok
QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY _n DESC) = 1;

-- the latest recorded instant of the data, for runs without coverage.csv
CREATE VIEW recorded_instants AS
SELECT 'org_units' AS entity, 'valid_from' AS col, valid_from AS t FROM keyed_org_units
UNION ALL SELECT 'org_units' AS entity, 'valid_to' AS col, valid_to AS t FROM keyed_org_units
UNION ALL SELECT 'employees' AS entity, 'hired_on' AS col, hired_on AS t FROM keyed_employees
UNION ALL SELECT 'employees' AS entity, 'left_on' AS col, left_on AS t FROM keyed_employees
UNION ALL SELECT 'employees' AS entity, 'onboarding_started_on' AS col, onboarding_started_on AS t FROM keyed_employees
UNION ALL SELECT 'employees' AS entity, 'onboarding_completed_on' AS col, onboarding_completed_on AS t FROM keyed_employees
UNION ALL SELECT 'assignments' AS entity, 'valid_from' AS col, valid_from AS t FROM keyed_assignments
UNION ALL SELECT 'assignments' AS entity, 'valid_to' AS col, valid_to AS t FROM keyed_assignments
UNION ALL SELECT 'work_records' AS entity, 'work_date' AS col, work_date AS t FROM keyed_work_records
UNION ALL SELECT 'customers' AS entity, 'target_since' AS col, target_since AS t FROM keyed_customers
UNION ALL SELECT 'customers' AS entity, 'became_customer_at' AS col, became_customer_at AS t FROM keyed_customers
UNION ALL SELECT 'customer_status_history' AS entity, 'valid_from' AS col, valid_from AS t FROM keyed_customer_status_history
UNION ALL SELECT 'customer_status_history' AS entity, 'valid_to' AS col, valid_to AS t FROM keyed_customer_status_history
UNION ALL SELECT 'campaigns' AS entity, 'held_on' AS col, held_on AS t FROM keyed_campaigns
UNION ALL SELECT 'campaign_results' AS entity, 'result_date' AS col, result_date AS t FROM keyed_campaign_results
UNION ALL SELECT 'campaign_touches' AS entity, 'touched_at' AS col, touched_at AS t FROM keyed_campaign_touches
UNION ALL SELECT 'leads' AS entity, 'created_at' AS col, created_at AS t FROM keyed_leads
UNION ALL SELECT 'leads' AS entity, 'converted_at' AS col, converted_at AS t FROM keyed_leads
UNION ALL SELECT 'opportunities' AS entity, 'created_at' AS col, created_at AS t FROM keyed_opportunities
UNION ALL SELECT 'opportunities' AS entity, 'first_contact_at' AS col, first_contact_at AS t FROM keyed_opportunities
UNION ALL SELECT 'opportunities' AS entity, 'closed_at' AS col, closed_at AS t FROM keyed_opportunities
UNION ALL SELECT 'opportunity_stages' AS entity, 'entered_at' AS col, entered_at AS t FROM keyed_opportunity_stages
UNION ALL SELECT 'opportunity_stages' AS entity, 'left_at' AS col, left_at AS t FROM keyed_opportunity_stages
UNION ALL SELECT 'orders' AS entity, 'placed_at' AS col, placed_at AS t FROM keyed_orders
UNION ALL SELECT 'orders' AS entity, 'cancelled_at' AS col, cancelled_at AS t FROM keyed_orders
UNION ALL SELECT 'order_lines' AS entity, 'recognised_at' AS col, recognised_at AS t FROM keyed_order_lines
UNION ALL SELECT 'contracts' AS entity, 'signed_on' AS col, signed_on AS t FROM keyed_contracts
UNION ALL SELECT 'contracts' AS entity, 'terminated_on' AS col, terminated_on AS t FROM keyed_contracts
UNION ALL SELECT 'contracts' AS entity, 'fulfilled_on' AS col, fulfilled_on AS t FROM keyed_contracts
UNION ALL SELECT 'invoices' AS entity, 'issued_on' AS col, issued_on AS t FROM keyed_invoices
UNION ALL SELECT 'payments' AS entity, 'paid_at' AS col, paid_at AS t FROM keyed_payments
UNION ALL SELECT 'sales_activities' AS entity, 'completed_at' AS col, completed_at AS t FROM keyed_sales_activities
UNION ALL SELECT 'sales_activities' AS entity, 'cancelled_at' AS col, cancelled_at AS t FROM keyed_sales_activities
UNION ALL SELECT 'interactions' AS entity, 'started_at' AS col, started_at AS t FROM keyed_interactions
UNION ALL SELECT 'interactions' AS entity, 'answered_at' AS col, answered_at AS t FROM keyed_interactions
UNION ALL SELECT 'interactions' AS entity, 'ended_at' AS col, ended_at AS t FROM keyed_interactions
UNION ALL SELECT 'tickets' AS entity, 'created_at' AS col, created_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'first_response_at' AS col, first_response_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'first_resolved_at' AS col, first_resolved_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'reopened_at' AS col, reopened_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'resolved_at' AS col, resolved_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'closed_at' AS col, closed_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'upset_flagged_at' AS col, upset_flagged_at AS t FROM keyed_tickets
UNION ALL SELECT 'tickets' AS entity, 'calmed_at' AS col, calmed_at AS t FROM keyed_tickets
UNION ALL SELECT 'ticket_events' AS entity, 'occurred_at' AS col, occurred_at AS t FROM keyed_ticket_events
UNION ALL SELECT 'feedback' AS entity, 'occurred_at' AS col, occurred_at AS t FROM keyed_feedback
UNION ALL SELECT 'feedback' AS entity, 'received_at' AS col, received_at AS t FROM keyed_feedback
UNION ALL SELECT 'feedback' AS entity, 'answered_at' AS col, answered_at AS t FROM keyed_feedback
UNION ALL SELECT 'feedback' AS entity, 'resolved_at' AS col, resolved_at AS t FROM keyed_feedback
UNION ALL SELECT 'survey_answers' AS entity, 'sent_at' AS col, sent_at AS t FROM keyed_survey_answers
UNION ALL SELECT 'survey_answers' AS entity, 'answered_at' AS col, answered_at AS t FROM keyed_survey_answers
UNION ALL SELECT 'survey_answers' AS entity, 'served_at' AS col, served_at AS t FROM keyed_survey_answers
UNION ALL SELECT 'social_mentions' AS entity, 'posted_at' AS col, posted_at AS t FROM keyed_social_mentions
UNION ALL SELECT 'social_mentions' AS entity, 'responded_at' AS col, responded_at AS t FROM keyed_social_mentions
UNION ALL SELECT 'knowledge_articles' AS entity, 'published_at' AS col, published_at AS t FROM keyed_knowledge_articles
UNION ALL SELECT 'knowledge_articles' AS entity, 'retired_at' AS col, retired_at AS t FROM keyed_knowledge_articles
UNION ALL SELECT 'knowledge_reviews' AS entity, 'completed_at' AS col, completed_at AS t FROM keyed_knowledge_reviews
UNION ALL SELECT 'self_service_sessions' AS entity, 'started_at' AS col, started_at AS t FROM keyed_self_service_sessions
UNION ALL SELECT 'quality_reviews' AS entity, 'served_at' AS col, served_at AS t FROM keyed_quality_reviews
UNION ALL SELECT 'quality_reviews' AS entity, 'reviewed_at' AS col, reviewed_at AS t FROM keyed_quality_reviews
UNION ALL SELECT 'touchpoints' AS entity, 'occurred_at' AS col, occurred_at AS t FROM keyed_touchpoints
UNION ALL SELECT 'trainings' AS entity, 'completed_on' AS col, completed_on AS t FROM keyed_trainings
UNION ALL SELECT 'trainings' AS entity, 'cancelled_at' AS col, cancelled_at AS t FROM keyed_trainings
UNION ALL SELECT 'skill_assessments' AS entity, 'taken_at' AS col, taken_at AS t FROM keyed_skill_assessments
UNION ALL SELECT 'knowledge_shares' AS entity, 'shared_at' AS col, shared_at AS t FROM keyed_knowledge_shares
UNION ALL SELECT 'knowledge_shares' AS entity, 'adopted_at' AS col, adopted_at AS t FROM keyed_knowledge_shares
UNION ALL SELECT 'knowledge_shares' AS entity, 'retired_at' AS col, retired_at AS t FROM keyed_knowledge_shares
UNION ALL SELECT 'expenses' AS entity, 'posted_on' AS col, posted_on AS t FROM keyed_expenses
UNION ALL SELECT 'partner_services' AS entity, 'requested_at' AS col, requested_at AS t FROM keyed_partner_services
UNION ALL SELECT 'partner_services' AS entity, 'responded_at' AS col, responded_at AS t FROM keyed_partner_services
UNION ALL SELECT 'partner_services' AS entity, 'completed_at' AS col, completed_at AS t FROM keyed_partner_services
UNION ALL SELECT 'plans' AS entity, 'achieved_on' AS col, achieved_on AS t FROM keyed_plans
UNION ALL SELECT 'predictions' AS entity, 'predicted_at' AS col, predicted_at AS t FROM keyed_predictions
UNION ALL SELECT 'alerts' AS entity, 'raised_at' AS col, raised_at AS t FROM keyed_alerts
UNION ALL SELECT 'alerts' AS entity, 'responded_at' AS col, responded_at AS t FROM keyed_alerts
UNION ALL SELECT 'alerts' AS entity, 'closed_at' AS col, closed_at AS t FROM keyed_alerts;

-- run.py makes clock(as_of) and months(period, a, b) here
-- @clock

-- rule 3: customer -> survivor, following chains; a chain ends at the last record that exists
CREATE TABLE survivor AS
WITH RECURSIVE step AS (
  SELECT customer_id AS origin, customer_id AS here, 0 AS depth FROM keyed_customers
  UNION ALL
  SELECT s.origin, t.customer_id, s.depth + 1
  FROM step s JOIN keyed_customers c ON c.customer_id = s.here JOIN keyed_customers t ON t.customer_id = c.merged_into_customer_id
  WHERE s.depth < 20)
SELECT origin, arg_max(here, depth) AS customer_id FROM step GROUP BY origin;

-- keys that exist after loading. Only contracts among the referenced entities can itself be quarantined (no customer).

CREATE TABLE keys_alerts AS SELECT alert_id AS k FROM keyed_alerts WHERE true;
CREATE TABLE keys_campaigns AS SELECT campaign_id AS k FROM keyed_campaigns WHERE true;
CREATE TABLE keys_contracts AS SELECT contract_id AS k FROM keyed_contracts WHERE true AND customer_id IN (SELECT customer_id FROM keyed_customers);
CREATE TABLE keys_customers AS SELECT customer_id AS k FROM keyed_customers WHERE true;
CREATE TABLE keys_employees AS SELECT employee_id AS k FROM keyed_employees WHERE true;
CREATE TABLE keys_feedback AS SELECT feedback_id AS k FROM keyed_feedback WHERE true;
CREATE TABLE keys_interactions AS SELECT interaction_id AS k FROM keyed_interactions WHERE true;
CREATE TABLE keys_invoices AS SELECT invoice_id AS k FROM keyed_invoices WHERE true;
CREATE TABLE keys_knowledge_articles AS SELECT article_id AS k FROM keyed_knowledge_articles WHERE true;
CREATE TABLE keys_leads AS SELECT lead_id AS k FROM keyed_leads WHERE true;
CREATE TABLE keys_opportunities AS SELECT opportunity_id AS k FROM keyed_opportunities WHERE true;
CREATE TABLE keys_orders AS SELECT order_id AS k FROM keyed_orders WHERE true;
CREATE TABLE keys_org_units AS SELECT org_unit_id AS k FROM keyed_org_units WHERE true;
CREATE TABLE keys_products AS SELECT product_id AS k FROM keyed_products WHERE true;
CREATE TABLE keys_social_mentions AS SELECT mention_id AS k FROM keyed_social_mentions WHERE true;
CREATE TABLE keys_tickets AS SELECT ticket_id AS k FROM keyed_tickets WHERE true;

CREATE TABLE org_units AS SELECT
  x.org_unit_id AS org_unit_id,
  x.name AS name,
  r2.k AS parent_org_unit_id,
  x.unit_kind AS unit_kind,
  CASE WHEN x.valid_from < k.as_of THEN x.valid_from END AS valid_from,
  CASE WHEN x.valid_to < k.as_of THEN x.valid_to END AS valid_to
FROM keyed_org_units x CROSS JOIN clock k
  LEFT JOIN keys_org_units r2 ON r2.k = x.parent_org_unit_id
;

CREATE TABLE employees AS SELECT
  x.employee_id AS employee_id,
  x.name AS name,
  x.job_role AS job_role,
  CASE WHEN x.hired_on < k.as_of THEN x.hired_on END AS hired_on,
  CASE WHEN x.left_on < k.as_of THEN x.left_on END AS left_on,
  x.leave_reason AS leave_reason,
  CASE WHEN x.onboarding_started_on < k.as_of THEN x.onboarding_started_on END AS onboarding_started_on,
  CASE WHEN x.onboarding_completed_on < k.as_of THEN x.onboarding_completed_on END AS onboarding_completed_on
FROM keyed_employees x CROSS JOIN clock k
;

CREATE TABLE assignments AS SELECT
  x.assignment_id AS assignment_id,
  r1.k AS employee_id,
  r2.k AS org_unit_id,
  coalesce(x.is_primary, true) AS is_primary,
  CASE WHEN x.valid_from < k.as_of THEN x.valid_from END AS valid_from,
  CASE WHEN x.valid_to < k.as_of THEN x.valid_to END AS valid_to
FROM keyed_assignments x CROSS JOIN clock k
  LEFT JOIN keys_employees r1 ON r1.k = x.employee_id
  LEFT JOIN keys_org_units r2 ON r2.k = x.org_unit_id
WHERE r1.k IS NOT NULL
  AND r2.k IS NOT NULL
;

CREATE TABLE work_records AS SELECT
  x.work_record_id AS work_record_id,
  r1.k AS employee_id,
  CASE WHEN x.work_date < k.as_of THEN x.work_date END AS work_date,
  x.worked_hours AS worked_hours,
  x.output_quantity AS output_quantity
FROM keyed_work_records x CROSS JOIN clock k
  LEFT JOIN keys_employees r1 ON r1.k = x.employee_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE customers AS SELECT
  x.customer_id AS customer_id,
  x.name AS name,
  x.segment AS segment,
  x.region AS region,
  x.acquisition_channel AS acquisition_channel,
  coalesce(x.is_key_account, false) AS is_key_account,
  CASE WHEN x.target_since < k.as_of THEN x.target_since END AS target_since,
  CASE WHEN x.became_customer_at < k.as_of THEN x.became_customer_at END AS became_customer_at,
  r8.k AS won_by_employee_id,
  r9.k AS merged_into_customer_id
FROM keyed_customers x CROSS JOIN clock k
  LEFT JOIN keys_employees r8 ON r8.k = x.won_by_employee_id
  LEFT JOIN keys_customers r9 ON r9.k = x.merged_into_customer_id
WHERE (SELECT s.customer_id FROM survivor s WHERE s.origin = x.customer_id) = x.customer_id -- merged records count nowhere
;

CREATE TABLE customer_status_history AS SELECT
  x.customer_status_id AS customer_status_id,
  r1.k AS customer_id,
  x.status AS status,
  x.tier AS tier,
  x.is_key_account AS is_key_account,
  r5.k AS owner_employee_id,
  CASE WHEN x.valid_from < k.as_of THEN x.valid_from END AS valid_from,
  CASE WHEN x.valid_to < k.as_of THEN x.valid_to END AS valid_to
FROM keyed_customer_status_history x CROSS JOIN clock k
  LEFT JOIN keys_customers r1 ON r1.k = x.customer_id
  LEFT JOIN keys_employees r5 ON r5.k = x.owner_employee_id
WHERE r1.k IS NOT NULL
  AND (SELECT s.customer_id FROM survivor s WHERE s.origin = x.customer_id) = x.customer_id -- a merged record's own history is ignored
;

CREATE TABLE products AS SELECT
  x.product_id AS product_id,
  x.name AS name,
  x.product_line AS product_line,
  x.standard_cost AS standard_cost
FROM keyed_products x CROSS JOIN clock k
;

CREATE TABLE campaigns AS SELECT
  x.campaign_id AS campaign_id,
  x.name AS name,
  x.campaign_kind AS campaign_kind,
  x.channel AS channel,
  x.channel_group AS channel_group,
  x.planned_on AS planned_on,
  CASE WHEN x.held_on < k.as_of THEN x.held_on END AS held_on,
  coalesce(x.is_cancelled, false) AS is_cancelled,
  x.attendee_count AS attendee_count,
  r9.k AS owner_employee_id
FROM keyed_campaigns x CROSS JOIN clock k
  LEFT JOIN keys_employees r9 ON r9.k = x.owner_employee_id
;

CREATE TABLE campaign_results AS SELECT
  x.campaign_result_id AS campaign_result_id,
  r1.k AS campaign_id,
  x.channel AS channel,
  CASE WHEN x.result_date < k.as_of THEN x.result_date END AS result_date,
  x.spend AS spend,
  x.impressions AS impressions,
  x.clicks AS clicks,
  x.content_views AS content_views,
  x.shares AS shares,
  x.interactions AS interactions
FROM keyed_campaign_results x CROSS JOIN clock k
  LEFT JOIN keys_campaigns r1 ON r1.k = x.campaign_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE campaign_touches AS SELECT
  x.touch_id AS touch_id,
  r1.k AS campaign_id,
  x.person_key AS person_key,
  r3.customer_id AS customer_id,
  x.channel AS channel,
  CASE WHEN x.touched_at < k.as_of THEN x.touched_at END AS touched_at
FROM keyed_campaign_touches x CROSS JOIN clock k
  LEFT JOIN keys_campaigns r1 ON r1.k = x.campaign_id
  LEFT JOIN survivor r3 ON r3.origin = x.customer_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE leads AS SELECT
  x.lead_id AS lead_id,
  CASE WHEN x.created_at < k.as_of THEN x.created_at END AS created_at,
  x.channel AS channel,
  x.segment AS segment,
  r4.k AS campaign_id,
  r5.k AS product_id,
  r6.k AS employee_id,
  r7.customer_id AS referred_by_customer_id,
  x.status AS status,
  CASE WHEN x.converted_at < k.as_of THEN x.converted_at END AS converted_at,
  r10.customer_id AS customer_id,
  r11.k AS duplicate_of_lead_id
FROM keyed_leads x CROSS JOIN clock k
  LEFT JOIN keys_campaigns r4 ON r4.k = x.campaign_id
  LEFT JOIN keys_products r5 ON r5.k = x.product_id
  LEFT JOIN keys_employees r6 ON r6.k = x.employee_id
  LEFT JOIN survivor r7 ON r7.origin = x.referred_by_customer_id
  LEFT JOIN survivor r10 ON r10.origin = x.customer_id
  LEFT JOIN keys_leads r11 ON r11.k = x.duplicate_of_lead_id
;

CREATE TABLE opportunities AS SELECT
  x.opportunity_id AS opportunity_id,
  r1.customer_id AS customer_id,
  r2.k AS lead_id,
  r3.k AS employee_id,
  r4.k AS product_id,
  CASE WHEN x.created_at < k.as_of THEN x.created_at END AS created_at,
  CASE WHEN x.first_contact_at < k.as_of THEN x.first_contact_at END AS first_contact_at,
  CASE WHEN x.closed_at < k.as_of THEN x.closed_at END AS closed_at,
  x.outcome AS outcome,
  x.amount AS amount
FROM keyed_opportunities x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
  LEFT JOIN keys_leads r2 ON r2.k = x.lead_id
  LEFT JOIN keys_employees r3 ON r3.k = x.employee_id
  LEFT JOIN keys_products r4 ON r4.k = x.product_id
;

CREATE TABLE opportunity_stages AS SELECT
  x.opportunity_stage_id AS opportunity_stage_id,
  r1.k AS opportunity_id,
  x.stage AS stage,
  CASE WHEN x.entered_at < k.as_of THEN x.entered_at END AS entered_at,
  CASE WHEN x.left_at < k.as_of THEN x.left_at END AS left_at
FROM keyed_opportunity_stages x CROSS JOIN clock k
  LEFT JOIN keys_opportunities r1 ON r1.k = x.opportunity_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE orders AS SELECT
  x.order_id AS order_id,
  r1.customer_id AS customer_id,
  CASE WHEN x.placed_at < k.as_of THEN x.placed_at END AS placed_at,
  CASE WHEN x.cancelled_at < k.as_of THEN x.cancelled_at END AS cancelled_at,
  x.channel AS channel,
  x.region AS region,
  r6.k AS employee_id,
  r7.k AS campaign_id
FROM keyed_orders x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
  LEFT JOIN keys_employees r6 ON r6.k = x.employee_id
  LEFT JOIN keys_campaigns r7 ON r7.k = x.campaign_id
;

CREATE TABLE order_lines AS SELECT
  x.order_line_id AS order_line_id,
  r1.k AS order_id,
  r2.k AS product_id,
  x.line_kind AS line_kind,
  x.quantity AS quantity,
  x.net_amount AS net_amount,
  x.cost_amount AS cost_amount,
  CASE WHEN x.recognised_at < k.as_of THEN x.recognised_at END AS recognised_at
FROM keyed_order_lines x CROSS JOIN clock k
  LEFT JOIN keys_orders r1 ON r1.k = x.order_id
  LEFT JOIN keys_products r2 ON r2.k = x.product_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE contracts AS SELECT
  x.contract_id AS contract_id,
  r1.customer_id AS customer_id,
  r2.k AS product_id,
  r3.k AS employee_id,
  CASE WHEN x.signed_on < k.as_of THEN x.signed_on END AS signed_on,
  x.starts_on AS starts_on,
  x.expires_on AS expires_on,
  CASE WHEN x.terminated_on < k.as_of THEN x.terminated_on END AS terminated_on,
  x.contract_value AS contract_value,
  x.annual_value AS annual_value,
  r10.k AS renews_contract_id,
  x.fulfilment_due_on AS fulfilment_due_on,
  CASE WHEN x.fulfilled_on < k.as_of THEN x.fulfilled_on END AS fulfilled_on
FROM keyed_contracts x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
  LEFT JOIN keys_products r2 ON r2.k = x.product_id
  LEFT JOIN keys_employees r3 ON r3.k = x.employee_id
  LEFT JOIN keys_contracts r10 ON r10.k = x.renews_contract_id
WHERE r1.customer_id IS NOT NULL
;

CREATE TABLE invoices AS SELECT
  x.invoice_id AS invoice_id,
  r1.customer_id AS customer_id,
  r2.k AS order_id,
  r3.k AS employee_id,
  CASE WHEN x.issued_on < k.as_of THEN x.issued_on END AS issued_on,
  x.due_on AS due_on,
  x.amount AS amount,
  r7.k AS credits_invoice_id,
  coalesce(x.is_void, false) AS is_void
FROM keyed_invoices x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
  LEFT JOIN keys_orders r2 ON r2.k = x.order_id
  LEFT JOIN keys_employees r3 ON r3.k = x.employee_id
  LEFT JOIN keys_invoices r7 ON r7.k = x.credits_invoice_id
;

CREATE TABLE payments AS SELECT
  x.payment_id AS payment_id,
  r1.k AS invoice_id,
  CASE WHEN x.paid_at < k.as_of THEN x.paid_at END AS paid_at,
  x.amount AS amount
FROM keyed_payments x CROSS JOIN clock k
  LEFT JOIN keys_invoices r1 ON r1.k = x.invoice_id
;

CREATE TABLE sales_activities AS SELECT
  x.activity_id AS activity_id,
  x.activity_kind AS activity_kind,
  r2.k AS employee_id,
  r3.customer_id AS customer_id,
  r4.k AS product_id,
  x.planned_for AS planned_for,
  CASE WHEN x.completed_at < k.as_of THEN x.completed_at END AS completed_at,
  coalesce(x.is_cancelled, (CASE WHEN x.cancelled_at < k.as_of THEN x.cancelled_at END IS NOT NULL)) AS is_cancelled,
  CASE WHEN x.cancelled_at < k.as_of THEN x.cancelled_at END AS cancelled_at
FROM keyed_sales_activities x CROSS JOIN clock k
  LEFT JOIN keys_employees r2 ON r2.k = x.employee_id
  LEFT JOIN survivor r3 ON r3.origin = x.customer_id
  LEFT JOIN keys_products r4 ON r4.k = x.product_id
;

CREATE TABLE interactions AS SELECT
  x.interaction_id AS interaction_id,
  x.channel AS channel,
  x.direction AS direction,
  x.first_handler AS first_handler,
  x.outcome AS outcome,
  r5.k AS org_unit_id,
  r6.k AS employee_id,
  r7.customer_id AS customer_id,
  r8.k AS ticket_id,
  CASE WHEN x.started_at < k.as_of THEN x.started_at END AS started_at,
  CASE WHEN x.answered_at < k.as_of THEN x.answered_at END AS answered_at,
  CASE WHEN x.ended_at < k.as_of THEN x.ended_at END AS ended_at,
  x.talk_seconds AS talk_seconds,
  x.hold_seconds AS hold_seconds,
  x.wrap_seconds AS wrap_seconds
FROM keyed_interactions x CROSS JOIN clock k
  LEFT JOIN keys_org_units r5 ON r5.k = x.org_unit_id
  LEFT JOIN keys_employees r6 ON r6.k = x.employee_id
  LEFT JOIN survivor r7 ON r7.origin = x.customer_id
  LEFT JOIN keys_tickets r8 ON r8.k = x.ticket_id
;

CREATE TABLE tickets AS SELECT
  x.ticket_id AS ticket_id,
  r1.customer_id AS customer_id,
  r2.k AS product_id,
  x.channel AS channel,
  x.category AS category,
  x.priority AS priority,
  x.exclusion AS exclusion,
  r7.k AS assignee_employee_id,
  r8.k AS org_unit_id,
  r9.k AS first_responder_employee_id,
  r10.k AS resolved_by_employee_id,
  CASE WHEN x.created_at < k.as_of THEN x.created_at END AS created_at,
  CASE WHEN x.first_response_at < k.as_of THEN x.first_response_at END AS first_response_at,
  CASE WHEN x.first_resolved_at < k.as_of THEN x.first_resolved_at END AS first_resolved_at,
  CASE WHEN x.reopened_at < k.as_of THEN x.reopened_at END AS reopened_at,
  x.reopen_count AS reopen_count,
  CASE WHEN x.resolved_at < k.as_of THEN x.resolved_at END AS resolved_at,
  CASE WHEN x.closed_at < k.as_of THEN x.closed_at END AS closed_at,
  x.response_due_at AS response_due_at,
  x.due_at AS due_at,
  x.contact_count AS contact_count,
  x.handling_seconds AS handling_seconds,
  r22.k AS knowledge_article_id,
  CASE WHEN x.upset_flagged_at < k.as_of THEN x.upset_flagged_at END AS upset_flagged_at,
  CASE WHEN x.calmed_at < k.as_of THEN x.calmed_at END AS calmed_at
FROM keyed_tickets x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
  LEFT JOIN keys_products r2 ON r2.k = x.product_id
  LEFT JOIN keys_employees r7 ON r7.k = x.assignee_employee_id
  LEFT JOIN keys_org_units r8 ON r8.k = x.org_unit_id
  LEFT JOIN keys_employees r9 ON r9.k = x.first_responder_employee_id
  LEFT JOIN keys_employees r10 ON r10.k = x.resolved_by_employee_id
  LEFT JOIN keys_knowledge_articles r22 ON r22.k = x.knowledge_article_id
;

CREATE TABLE ticket_events AS SELECT
  x.event_id AS event_id,
  r1.k AS ticket_id,
  x.event_kind AS event_kind,
  CASE WHEN x.occurred_at < k.as_of THEN x.occurred_at END AS occurred_at,
  r4.k AS employee_id,
  r5.k AS org_unit_id,
  coalesce(x.needs_reply, true) AS needs_reply,
  x.new_due_at AS new_due_at
FROM keyed_ticket_events x CROSS JOIN clock k
  LEFT JOIN keys_tickets r1 ON r1.k = x.ticket_id
  LEFT JOIN keys_employees r4 ON r4.k = x.employee_id
  LEFT JOIN keys_org_units r5 ON r5.k = x.org_unit_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE feedback AS SELECT
  x.feedback_id AS feedback_id,
  x.feedback_kind AS feedback_kind,
  x.channel AS channel,
  r3.customer_id AS customer_id,
  r4.k AS product_id,
  r5.k AS ticket_id,
  r6.k AS employee_id,
  CASE WHEN x.occurred_at < k.as_of THEN x.occurred_at END AS occurred_at,
  CASE WHEN x.received_at < k.as_of THEN x.received_at END AS received_at,
  CASE WHEN x.answered_at < k.as_of THEN x.answered_at END AS answered_at,
  CASE WHEN x.resolved_at < k.as_of THEN x.resolved_at END AS resolved_at,
  coalesce(x.is_withdrawn, false) AS is_withdrawn,
  r12.k AS duplicate_of_feedback_id
FROM keyed_feedback x CROSS JOIN clock k
  LEFT JOIN survivor r3 ON r3.origin = x.customer_id
  LEFT JOIN keys_products r4 ON r4.k = x.product_id
  LEFT JOIN keys_tickets r5 ON r5.k = x.ticket_id
  LEFT JOIN keys_employees r6 ON r6.k = x.employee_id
  LEFT JOIN keys_feedback r12 ON r12.k = x.duplicate_of_feedback_id
;

CREATE TABLE survey_answers AS SELECT
  x.answer_id AS answer_id,
  x.invitation_id AS invitation_id,
  x.survey_kind AS survey_kind,
  CASE WHEN x.sent_at < k.as_of THEN x.sent_at END AS sent_at,
  CASE WHEN x.answered_at < k.as_of THEN x.answered_at END AS answered_at,
  CASE WHEN x.served_at < k.as_of THEN x.served_at END AS served_at,
  x.score AS score,
  x.scale_min AS scale_min,
  x.scale_max AS scale_max,
  r9.customer_id AS customer_id,
  r10.k AS ticket_id,
  r11.k AS employee_id,
  r12.k AS org_unit_id,
  r13.k AS respondent_org_unit_id,
  x.collected_by AS collected_by
FROM keyed_survey_answers x CROSS JOIN clock k
  LEFT JOIN survivor r9 ON r9.origin = x.customer_id
  LEFT JOIN keys_tickets r10 ON r10.k = x.ticket_id
  LEFT JOIN keys_employees r11 ON r11.k = x.employee_id
  LEFT JOIN keys_org_units r12 ON r12.k = x.org_unit_id
  LEFT JOIN keys_org_units r13 ON r13.k = x.respondent_org_unit_id
;

CREATE TABLE social_mentions AS SELECT
  x.mention_id AS mention_id,
  x.platform AS platform,
  CASE WHEN x.posted_at < k.as_of THEN x.posted_at END AS posted_at,
  x.sentiment AS sentiment,
  coalesce(x.needs_response, true) AS needs_response,
  coalesce(x.is_spam, false) AS is_spam,
  CASE WHEN x.responded_at < k.as_of THEN x.responded_at END AS responded_at,
  r7.k AS duplicate_of_mention_id
FROM keyed_social_mentions x CROSS JOIN clock k
  LEFT JOIN keys_social_mentions r7 ON r7.k = x.duplicate_of_mention_id
;

CREATE TABLE knowledge_articles AS SELECT
  x.article_id AS article_id,
  x.title AS title,
  r2.k AS product_id,
  r3.k AS owner_employee_id,
  CASE WHEN x.published_at < k.as_of THEN x.published_at END AS published_at,
  CASE WHEN x.retired_at < k.as_of THEN x.retired_at END AS retired_at
FROM keyed_knowledge_articles x CROSS JOIN clock k
  LEFT JOIN keys_products r2 ON r2.k = x.product_id
  LEFT JOIN keys_employees r3 ON r3.k = x.owner_employee_id
;

CREATE TABLE knowledge_reviews AS SELECT
  x.knowledge_review_id AS knowledge_review_id,
  r1.k AS article_id,
  x.review_kind AS review_kind,
  x.due_on AS due_on,
  CASE WHEN x.completed_at < k.as_of THEN x.completed_at END AS completed_at,
  x.result AS result,
  r6.k AS employee_id
FROM keyed_knowledge_reviews x CROSS JOIN clock k
  LEFT JOIN keys_knowledge_articles r1 ON r1.k = x.article_id
  LEFT JOIN keys_employees r6 ON r6.k = x.employee_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE self_service_sessions AS SELECT
  x.session_id AS session_id,
  r1.customer_id AS customer_id,
  x.channel AS channel,
  CASE WHEN x.started_at < k.as_of THEN x.started_at END AS started_at,
  x.outcome AS outcome,
  r5.k AS article_id,
  r6.k AS ticket_id
FROM keyed_self_service_sessions x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
  LEFT JOIN keys_knowledge_articles r5 ON r5.k = x.article_id
  LEFT JOIN keys_tickets r6 ON r6.k = x.ticket_id
;

CREATE TABLE quality_reviews AS SELECT
  x.quality_review_id AS quality_review_id,
  r1.k AS ticket_id,
  r2.k AS interaction_id,
  r3.k AS employee_id,
  CASE WHEN x.served_at < k.as_of THEN x.served_at END AS served_at,
  CASE WHEN x.reviewed_at < k.as_of THEN x.reviewed_at END AS reviewed_at,
  x.score AS score,
  x.max_score AS max_score,
  x.met_standard AS met_standard
FROM keyed_quality_reviews x CROSS JOIN clock k
  LEFT JOIN keys_tickets r1 ON r1.k = x.ticket_id
  LEFT JOIN keys_interactions r2 ON r2.k = x.interaction_id
  LEFT JOIN keys_employees r3 ON r3.k = x.employee_id
;

CREATE TABLE touchpoints AS SELECT
  x.touchpoint_id AS touchpoint_id,
  r1.customer_id AS customer_id,
  x.journey_stage AS journey_stage,
  x.touchpoint AS touchpoint,
  CASE WHEN x.occurred_at < k.as_of THEN x.occurred_at END AS occurred_at,
  x.met_standard AS met_standard
FROM keyed_touchpoints x CROSS JOIN clock k
  LEFT JOIN survivor r1 ON r1.origin = x.customer_id
;

CREATE TABLE trainings AS SELECT
  x.training_id AS training_id,
  r1.k AS employee_id,
  x.course AS course,
  x.planned_on AS planned_on,
  CASE WHEN x.completed_on < k.as_of THEN x.completed_on END AS completed_on,
  coalesce(x.is_cancelled, (CASE WHEN x.cancelled_at < k.as_of THEN x.cancelled_at END IS NOT NULL)) AS is_cancelled,
  CASE WHEN x.cancelled_at < k.as_of THEN x.cancelled_at END AS cancelled_at
FROM keyed_trainings x CROSS JOIN clock k
  LEFT JOIN keys_employees r1 ON r1.k = x.employee_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE skill_assessments AS SELECT
  x.skill_assessment_id AS skill_assessment_id,
  r1.k AS employee_id,
  x.skill AS skill,
  CASE WHEN x.taken_at < k.as_of THEN x.taken_at END AS taken_at,
  x.passed AS passed,
  x.score AS score
FROM keyed_skill_assessments x CROSS JOIN clock k
  LEFT JOIN keys_employees r1 ON r1.k = x.employee_id
WHERE r1.k IS NOT NULL
;

CREATE TABLE knowledge_shares AS SELECT
  x.share_id AS share_id,
  x.share_kind AS share_kind,
  r2.k AS employee_id,
  CASE WHEN x.shared_at < k.as_of THEN x.shared_at END AS shared_at,
  CASE WHEN x.adopted_at < k.as_of THEN x.adopted_at END AS adopted_at,
  CASE WHEN x.retired_at < k.as_of THEN x.retired_at END AS retired_at
FROM keyed_knowledge_shares x CROSS JOIN clock k
  LEFT JOIN keys_employees r2 ON r2.k = x.employee_id
;

CREATE TABLE expenses AS SELECT
  x.expense_id AS expense_id,
  x.expense_class AS expense_class,
  CASE WHEN x.posted_on < k.as_of THEN x.posted_on END AS posted_on,
  x.amount AS amount,
  r4.k AS org_unit_id,
  r5.k AS campaign_id,
  r6.customer_id AS customer_id
FROM keyed_expenses x CROSS JOIN clock k
  LEFT JOIN keys_org_units r4 ON r4.k = x.org_unit_id
  LEFT JOIN keys_campaigns r5 ON r5.k = x.campaign_id
  LEFT JOIN survivor r6 ON r6.origin = x.customer_id
;

CREATE TABLE financial_statements AS SELECT
  x.statement_line_id AS statement_line_id,
  x.item AS item,
  x.period_start AS period_start,
  x.period_end AS period_end,
  x.amount AS amount
FROM keyed_financial_statements x CROSS JOIN clock k
;

CREATE TABLE market_sizes AS SELECT
  x.market_size_id AS market_size_id,
  x.segment AS segment,
  x.product_line AS product_line,
  x.region AS region,
  x.period_start AS period_start,
  x.period_end AS period_end,
  x.market_value AS market_value,
  coalesce(x.is_target_segment, false) AS is_target_segment,
  x.source AS source
FROM keyed_market_sizes x CROSS JOIN clock k
;

CREATE TABLE partner_services AS SELECT
  x.partner_service_id AS partner_service_id,
  x.partner AS partner,
  x.partner_kind AS partner_kind,
  r3.customer_id AS customer_id,
  CASE WHEN x.requested_at < k.as_of THEN x.requested_at END AS requested_at,
  CASE WHEN x.responded_at < k.as_of THEN x.responded_at END AS responded_at,
  x.due_at AS due_at,
  CASE WHEN x.completed_at < k.as_of THEN x.completed_at END AS completed_at,
  coalesce(x.is_cancelled, false) AS is_cancelled
FROM keyed_partner_services x CROSS JOIN clock k
  LEFT JOIN survivor r3 ON r3.origin = x.customer_id
;

CREATE TABLE plans AS SELECT
  x.plan_id AS plan_id,
  x.plan_item AS plan_item,
  r2.k AS org_unit_id,
  r3.k AS employee_id,
  r4.k AS product_id,
  x.label AS label,
  x.period_start AS period_start,
  x.period_end AS period_end,
  x.planned_value AS planned_value,
  CASE WHEN x.achieved_on < k.as_of THEN x.achieved_on END AS achieved_on,
  coalesce(x.is_cancelled, false) AS is_cancelled
FROM keyed_plans x CROSS JOIN clock k
  LEFT JOIN keys_org_units r2 ON r2.k = x.org_unit_id
  LEFT JOIN keys_employees r3 ON r3.k = x.employee_id
  LEFT JOIN keys_products r4 ON r4.k = x.product_id
;

CREATE TABLE predictions AS SELECT
  x.prediction_id AS prediction_id,
  x.prediction_kind AS prediction_kind,
  r2.customer_id AS customer_id,
  r3.k AS interaction_id,
  r4.k AS employee_id,
  x.kpi_id AS kpi_id,
  x.period_start AS period_start,
  x.period_end AS period_end,
  CASE WHEN x.predicted_at < k.as_of THEN x.predicted_at END AS predicted_at,
  x.predicted_value AS predicted_value,
  x.model AS model
FROM keyed_predictions x CROSS JOIN clock k
  LEFT JOIN survivor r2 ON r2.origin = x.customer_id
  LEFT JOIN keys_interactions r3 ON r3.k = x.interaction_id
  LEFT JOIN keys_employees r4 ON r4.k = x.employee_id
;

CREATE TABLE alerts AS SELECT
  x.alert_id AS alert_id,
  x.kpi_id AS kpi_id,
  r2.k AS org_unit_id,
  r3.k AS employee_id,
  CASE WHEN x.raised_at < k.as_of THEN x.raised_at END AS raised_at,
  CASE WHEN x.responded_at < k.as_of THEN x.responded_at END AS responded_at,
  CASE WHEN x.closed_at < k.as_of THEN x.closed_at END AS closed_at,
  r7.k AS duplicate_of_alert_id
FROM keyed_alerts x CROSS JOIN clock k
  LEFT JOIN keys_org_units r2 ON r2.k = x.org_unit_id
  LEFT JOIN keys_employees r3 ON r3.k = x.employee_id
  LEFT JOIN keys_alerts r7 ON r7.k = x.duplicate_of_alert_id
;
