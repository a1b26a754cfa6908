/// The header of each file of the standard model.
let entityHeaders: [(entity: String, header: String)] = [
    (
        "org_units",
        "org_unit_id,name,parent_org_unit_id,unit_kind,valid_from,valid_to"
    ),
    (
        "employees",
        "employee_id,name,job_role,hired_on,left_on,leave_reason,"
            + "onboarding_started_on,onboarding_completed_on"
    ),
    (
        "assignments",
        "assignment_id,employee_id,org_unit_id,is_primary,valid_from,valid_to"
    ),
    (
        "work_records",
        "work_record_id,employee_id,work_date,worked_hours,output_quantity"
    ),
    (
        "customers",
        "customer_id,name,segment,region,acquisition_channel,is_key_account,"
            + "target_since,became_customer_at,won_by_employee_id,merged_into_customer_id"
    ),
    (
        "customer_status_history",
        "customer_status_id,customer_id,status,tier,is_key_account,owner_employee_id,"
            + "valid_from,valid_to"
    ),
    (
        "products",
        "product_id,name,product_line,standard_cost"
    ),
    (
        "campaigns",
        "campaign_id,name,campaign_kind,channel,channel_group,planned_on,held_on,"
            + "is_cancelled,attendee_count,owner_employee_id"
    ),
    (
        "campaign_results",
        "campaign_result_id,campaign_id,channel,result_date,spend,impressions,clicks,"
            + "content_views,shares,interactions"
    ),
    (
        "campaign_touches",
        "touch_id,campaign_id,person_key,customer_id,channel,touched_at"
    ),
    (
        "leads",
        "lead_id,created_at,channel,segment,campaign_id,product_id,employee_id,"
            + "referred_by_customer_id,status,converted_at,customer_id,duplicate_of_lead_id"
    ),
    (
        "opportunities",
        "opportunity_id,customer_id,lead_id,employee_id,product_id,created_at,"
            + "first_contact_at,closed_at,outcome,amount"
    ),
    (
        "opportunity_stages",
        "opportunity_stage_id,opportunity_id,stage,entered_at,left_at"
    ),
    (
        "orders",
        "order_id,customer_id,placed_at,cancelled_at,channel,region,employee_id,"
            + "campaign_id"
    ),
    (
        "order_lines",
        "order_line_id,order_id,product_id,line_kind,quantity,net_amount,cost_amount,"
            + "recognised_at"
    ),
    (
        "contracts",
        "contract_id,customer_id,product_id,employee_id,signed_on,starts_on,"
            + "expires_on,terminated_on,contract_value,annual_value,renews_contract_id,"
            + "fulfilment_due_on,fulfilled_on"
    ),
    (
        "invoices",
        "invoice_id,customer_id,order_id,employee_id,issued_on,due_on,amount,"
            + "credits_invoice_id,is_void"
    ),
    (
        "payments",
        "payment_id,invoice_id,paid_at,amount"
    ),
    (
        "sales_activities",
        "activity_id,activity_kind,employee_id,customer_id,product_id,planned_for,"
            + "completed_at,is_cancelled,cancelled_at"
    ),
    (
        "interactions",
        "interaction_id,channel,direction,first_handler,outcome,org_unit_id,"
            + "employee_id,customer_id,ticket_id,started_at,answered_at,ended_at,"
            + "talk_seconds,hold_seconds,wrap_seconds"
    ),
    (
        "tickets",
        "ticket_id,customer_id,product_id,channel,category,priority,exclusion,"
            + "assignee_employee_id,org_unit_id,first_responder_employee_id,"
            + "resolved_by_employee_id,created_at,first_response_at,first_resolved_at,"
            + "reopened_at,reopen_count,resolved_at,closed_at,response_due_at,due_at,"
            + "contact_count,handling_seconds,knowledge_article_id,upset_flagged_at,"
            + "calmed_at"
    ),
    (
        "ticket_events",
        "event_id,ticket_id,event_kind,occurred_at,employee_id,org_unit_id,"
            + "needs_reply,new_due_at"
    ),
    (
        "feedback",
        "feedback_id,feedback_kind,channel,customer_id,product_id,ticket_id,"
            + "employee_id,occurred_at,received_at,answered_at,resolved_at,is_withdrawn,"
            + "duplicate_of_feedback_id"
    ),
    (
        "survey_answers",
        "answer_id,invitation_id,survey_kind,sent_at,answered_at,served_at,score,"
            + "scale_min,scale_max,customer_id,ticket_id,employee_id,org_unit_id,"
            + "respondent_org_unit_id,collected_by"
    ),
    (
        "social_mentions",
        "mention_id,platform,posted_at,sentiment,needs_response,is_spam,responded_at,"
            + "duplicate_of_mention_id"
    ),
    (
        "knowledge_articles",
        "article_id,title,product_id,owner_employee_id,published_at,retired_at"
    ),
    (
        "knowledge_reviews",
        "knowledge_review_id,article_id,review_kind,due_on,completed_at,result,"
            + "employee_id"
    ),
    (
        "self_service_sessions",
        "session_id,customer_id,channel,started_at,outcome,article_id,ticket_id"
    ),
    (
        "quality_reviews",
        "quality_review_id,ticket_id,interaction_id,employee_id,served_at,"
            + "reviewed_at,score,max_score,met_standard"
    ),
    (
        "touchpoints",
        "touchpoint_id,customer_id,journey_stage,touchpoint,occurred_at,met_standard"
    ),
    (
        "trainings",
        "training_id,employee_id,course,planned_on,completed_on,is_cancelled,"
            + "cancelled_at"
    ),
    (
        "skill_assessments",
        "skill_assessment_id,employee_id,skill,taken_at,passed,score"
    ),
    (
        "knowledge_shares",
        "share_id,share_kind,employee_id,shared_at,adopted_at,retired_at"
    ),
    (
        "expenses",
        "expense_id,expense_class,posted_on,amount,org_unit_id,campaign_id,"
            + "customer_id"
    ),
    (
        "financial_statements",
        "statement_line_id,item,period_start,period_end,amount"
    ),
    (
        "market_sizes",
        "market_size_id,segment,product_line,region,period_start,period_end,"
            + "market_value,is_target_segment,source"
    ),
    (
        "partner_services",
        "partner_service_id,partner,partner_kind,customer_id,requested_at,"
            + "responded_at,due_at,completed_at,is_cancelled"
    ),
    (
        "plans",
        "plan_id,plan_item,org_unit_id,employee_id,product_id,label,period_start,"
            + "period_end,planned_value,achieved_on,is_cancelled"
    ),
    (
        "predictions",
        "prediction_id,prediction_kind,customer_id,interaction_id,employee_id,kpi_id,"
            + "period_start,period_end,predicted_at,predicted_value,model"
    ),
    (
        "alerts",
        "alert_id,kpi_id,org_unit_id,employee_id,raised_at,responded_at,closed_at,"
            + "duplicate_of_alert_id"
    ),
]
