/// Other words for columns and values of the standard model, as exports have them.
enum Vocabulary {
    /// By column, in lower case without spaces and signs.
    static let columns: [String: [String]] = [
        "ticket_id": [
            "工单号", "工单编号", "单号", "caseid", "case", "工单", "casenumber", "ticketnumber", "ticketno",
            "issueid",
            "incident",
        ],
        "customer_id": [
            "客户号", "客户编号", "客户id", "客户", "会员号", "customer", "accountid", "account", "clientid",
            "client",
            "customerno",
        ],
        "order_id": ["订单号", "订单编号", "ordernumber", "orderno", "invoiceno", "salesorder"],
        "lead_id": ["线索编号", "线索id", "mqlid", "prospectid", "leadno"],
        "opportunity_id": ["商机编号", "商机id", "dealid", "deal"],
        "employee_id": [
            "工号", "员工编号", "坐席", "坐席工号", "agent", "agentid", "salesagent", "salesrep", "owner",
            "负责人", "handler",
        ],
        "assignee_employee_id": [
            "处理人", "受理人", "负责人", "客服", "坐席", "agent", "assignedto", "assignee", "owner",
        ],
        "product_id": ["产品编号", "商品编号", "产品", "商品", "product", "sku", "item"],
        "org_unit_id": [
            "团队", "小组", "部门", "组织", "team", "group", "assignmentgroup", "department", "office",
        ],
        "campaign_id": ["活动编号", "活动", "campaign", "xyzcampaignid", "campaignname"],
        "channel": ["渠道", "来源", "来源渠道", "源", "via", "source", "origin", "contacttype", "medium"],
        "category": [
            "类别", "问题类型", "问题分类", "分类", "主题", "type", "issuetype", "subject", "topic",
        ],
        "priority": ["优先级", "紧急程度", "urgency", "severity"],
        "created_at": [
            "创建时间", "创建", "提交时间", "登记时间", "受理时间", "开单时间", "opened", "openedat", "createddate",
            "createdon", "opendate", "firstcontactdate", "submitted",
        ],
        "first_response_at": [
            "首次响应时间", "首次回复时间", "首次回复", "首次响应", "首响时间", "firstreply", "firstrepliedat",
            "firstresponse",
        ],
        "resolved_at": [
            "解决时间", "解决", "完成时间", "办结时间", "resolved", "solved", "resolveddate", "resolutiondate",
            "solvedat",
        ],
        "closed_at": ["关闭时间", "结单时间", "closed", "closeddate", "closedate", "wondate"],
        "due_at": ["截止时间", "承诺时间", "应完成时间", "到期时间", "due", "duedate", "deadline", "sladue"],
        "reopen_count": ["重开次数", "reopens"],
        "contact_count": ["联系次数", "contacts"],
        "placed_at": [
            "下单时间", "订单时间", "下单日期", "orderdate", "purchasedate", "invoicedate",
            "orderpurchasetimestamp",
        ],
        "cancelled_at": ["取消时间", "canceledat", "cancellationdate"],
        "net_amount": ["金额", "不含税金额", "销售额", "amount", "price", "revenue", "linetotal", "sales"],
        "amount": ["金额", "成交额", "value", "closevalue", "price", "paymentvalue"],
        "quantity": ["数量", "件数", "qty"],
        "recognised_at": ["发货时间", "确认时间", "shippedat", "shipdate", "deliveredat", "recognizedat"],
        "paid_at": ["付款时间", "回款时间", "到账时间", "paymentdate"],
        "issued_on": ["开票日期", "invoicedate"],
        "due_on": ["到期日", "应付日期", "应收日期", "duedate"],
        "converted_at": ["转化时间", "成交时间", "wondate", "conversiondate"],
        "outcome": ["结果", "状态", "阶段", "dealstage", "result", "stage"],
        "status": ["状态", "state"],
        "segment": ["细分市场", "行业", "客群", "sector", "businesssegment", "industry"],
        "region": ["地区", "区域", "省份", "country", "state", "regionaloffice"],
        "score": ["评分", "得分", "分数", "打分", "rating", "reviewscore", "npsscore", "csat"],
        "answered_at": [
            "答复时间", "填写时间", "评价时间", "reviewanswertimestamp", "responsedate", "surveydate",
        ],
        "sent_at": ["发送时间", "邀请时间", "reviewcreationdate", "invitedate"],
        "name": ["名称", "姓名", "客户名称", "公司名称", "fullname", "company"],
        "hired_on": ["入职日期", "入职时间", "hiredate", "startdate"],
        "left_on": ["离职日期", "离职时间", "enddate", "terminationdate"],
        "spend": ["花费", "投放费用", "消耗", "spent", "cost"],
        "impressions": ["曝光量", "展示次数", "展现量", "views"],
        "clicks": ["点击量", "点击次数"],
        "result_date": ["日期", "date", "day"],
        "posted_on": ["记账日期", "入账日期", "date", "postingdate"],
        "valid_from": ["生效日期", "开始日期", "from", "startdate", "effectivefrom"],
        "valid_to": ["失效日期", "结束日期", "to", "enddate", "effectiveto"],
        "became_customer_at": ["成为客户时间", "首单时间", "成交日期", "customersince", "firstorder"],
        "talk_seconds": ["通话时长", "通话秒数", "talktime", "duration"],
        "started_at": ["开始时间", "来电时间", "starttime", "callstart"],
        "ended_at": ["结束时间", "挂断时间", "endtime", "callend"],
        "contract_value": ["合同金额", "合同额", "contractamount"],
        "signed_on": ["签订日期", "签约日期", "signdate"],
        "expires_on": ["到期日期", "合同到期日", "expirydate", "enddate"],
    ]

    /// By column: what exports say for a value of the standard model.
    static let values: [String: [String: String]] = [
        "channel": [
            "电话": "phone", "热线": "phone", "tel": "phone", "telephone": "phone", "call": "phone",
            "在线": "chat", "在线客服": "chat", "im": "chat", "邮件": "email", "邮箱": "email",
            "e-mail": "email", "mail": "email", "网站": "web", "网页": "web", "官网": "web",
            "社交媒体": "social", "微信": "app",
        ],
        "priority": [
            "紧急": "urgent", "高": "high", "中": "normal", "普通": "normal", "一般": "normal",
            "低": "low", "medium": "normal", "critical": "urgent",
        ],
        "outcome": [
            "赢单": "won", "成交": "won", "输单": "lost", "丢单": "lost", "win": "won", "closed won": "won",
            "closed lost": "lost", "loss": "lost",
        ],
        "direction": [
            "呼入": "inbound", "来电": "inbound", "in": "inbound", "呼出": "outbound", "out": "outbound",
        ],
        "status": ["活跃": "active", "流失": "churned", "不活跃": "inactive", "在用": "active"],
        "line_kind": [
            "商品": "product", "产品": "product", "服务": "service", "折扣": "discount", "退款": "refund",
            "退货": "refund", "运费": "shipping", "手续费": "fee",
        ],
        "feedback_kind": [
            "投诉": "complaint", "问题": "problem", "意见": "opinion", "建议": "suggestion", "表扬": "praise",
        ],
        "survey_kind": ["满意度": "csat", "净推荐值": "nps", "费力度": "ces", "态度": "attitude"],
        "unit_kind": ["公司": "company", "部门": "department", "团队": "team", "小组": "team"],
    ]

    /// Dates beside ISO 8601 that exports have.
    static let patterns = [
        "d/m/yyyy HH:MM:SS", "m/d/yyyy HH:MM:SS", "d/m/yyyy HH:MM", "m/d/yyyy HH:MM", "d/m/yyyy",
        "m/d/yyyy", "m/d/yyyy h:MM AM", "m/d/yyyy hh:MM:SS AM", "d.m.yyyy HH:MM", "d.m.yyyy",
        "d-m-yyyy HH:MM", "d-m-yyyy", "yyyy年m月d日 HH:MM", "yyyy年m月d日", "yyyymmdd", "d-mon-yyyy",
        "yyyy.m.d HH:MM", "yyyy.m.d",
    ]
}
