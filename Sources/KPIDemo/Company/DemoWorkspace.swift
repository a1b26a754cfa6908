/// The definitions of the demonstration company: every file of its workspace but the data.
package enum DemoWorkspace {
    /// Path in the workspace → content.
    package static let files: [String: String] = [
        "plumbline.yaml": """
        # A made-up company. Its data are written by ‘plumb demo’; change the definitions at will.
        name: {zh: 演示公司, en: Demonstration company}
        locale: en
        time_zone: Asia/Shanghai
        currency: CNY

        """,
        "organization.yaml": """
        # The levels by which everything can be broken down: company, department, team, person.
        company: {zh: 演示公司, en: Demonstration company}
        people: employees
        levels:
          department: {of: unit.department, label: {zh: 部门, en: Department}}
          team: {of: unit.team, label: {zh: 团队, en: Team}}

        """,
        "datasets/people.yaml": """
        dataset: employees
        label: {zh: 员工, en: Employees}
        key: employee
        columns:
          employee: text
          name: text
          team: text
          hired_on: date
        references:
          unit: {to: teams, on: team}

        """,
        "datasets/teams.yaml": """
        dataset: teams
        label: {zh: 团队, en: Teams}
        key: team
        columns:
          team: text
          department: text
          team_zh: text

        """,
        "datasets/customers.yaml": """
        dataset: customers
        label: {zh: 客户, en: Customers}
        key: customer
        time: [became_customer_on]
        columns:
          customer: text
          segment: text
          region: text
          became_customer_on: date
          owner: text
        references:
          owner_record: {to: employees, on: owner}
        person: owner_record
        dimensions:
          segment: {of: segment, label: {zh: 客户细分, en: Segment}}
          region: {of: region, label: {zh: 大区, en: Region}}
        measures:
          new_customers: {aggregate: count(), label: {zh: 新增客户数, en: Customers won}}

        """,
        "datasets/tickets.yaml": tickets,
        "datasets/ratings.yaml": ratings,
        "datasets/orders.yaml": orders,
        "datasets/deals.yaml": deals,
        "datasets/campaigns.yaml": campaigns,
        "sources/teams.yaml": source("teams", ["team", "department", "team_zh"]),
        "sources/employees.yaml": source("employees", ["employee", "name", "team", "hired_on"]),
        "sources/customers.yaml": source(
            "customers", ["customer", "segment", "region", "became_customer_on", "owner"]),
        "sources/tickets.yaml": source(
            "tickets",
            [
                "ticket", "customer", "employee", "channel", "category", "priority", "opened_at",
                "first_replied_at", "resolved_at", "reopen_count", "reassignment_count", "due_at",
            ]),
        "sources/ratings.yaml": source(
            "ratings", ["rating", "ticket", "rated_at", "score", "nps"]),
        "sources/orders.yaml": source(
            "orders",
            [
                "order_id", "customer", "employee", "product", "product_line", "ordered_at",
                "amount", "kind", "campaign",
            ]),
        "sources/opportunities.yaml": source(
            "opportunities", dataset: "deals",
            [
                "deal", "customer", "employee", "product_line", "created_on", "closed_on", "stage",
                "amount",
            ]),
        "sources/campaigns.yaml": source(
            "campaigns",
            [
                "campaign", "channel", "started_on", "ended_on", "spend", "impressions", "clicks",
                "leads",
            ]),
        "kpis/service.yaml": serviceCards,
        "kpis/sales.yaml": salesCards,
        "kpis/marketing.yaml": marketingCards,
        ".gitignore": "store/\n.plumb/\ndata/\n",
    ]

    /// A source whose headers are the columns of its dataset.
    private static func source(
        _ name: String, dataset: String? = nil, _ columns: [String]
    ) -> String {
        let mapped = columns.map { "  \($0): \($0)\n" }.joined()
        return "source: \(name)\ndataset: \(dataset ?? name)\nfiles: \(name).csv\ncolumns:\n"
            + mapped
    }

    private static let tickets = """
        dataset: tickets
        label: {zh: 工单, en: Tickets}
        key: ticket
        time: [opened_at, first_replied_at, resolved_at]
        columns:
          ticket: text
          customer: text
          employee: text
          channel: text
          category: text
          priority: text
          opened_at: {type: timestamp, required: true}
          first_replied_at: timestamp
          resolved_at: timestamp
          reopen_count: integer
          reassignment_count: integer
          due_at: {type: timestamp, planned: true}
        references:
          handler: {to: employees, on: employee}
          client: {to: customers, on: customer}
        person: handler
        dimensions:
          channel: {of: channel, label: {zh: 渠道, en: Channel}}
          category: {of: category, label: {zh: 问题类别, en: Category}}
          priority: {of: priority, label: {zh: 优先级, en: Priority}}
          segment: {of: client.segment, label: {zh: 客户细分, en: Segment}}
        measures:
          issues: {aggregate: count(), label: {zh: 总问题数, en: Tickets opened}}
          resolved_issues:
            aggregate: count()
            where: resolved_at is present
            label: {zh: 已解决问题数, en: Tickets resolved}
          first_contact:
            aggregate: count()
            where: resolved_at is present and reopen_count = 0 and reassignment_count = 0
            label: {zh: 首次解决问题数, en: Tickets resolved at first contact}
          reopened:
            aggregate: count()
            where: reopen_count > 0
            label: {zh: 重开工单数, en: Tickets reopened}
          reply_time:
            aggregate: mean(duration(opened_at, first_replied_at))
            open: first_replied_at is missing
            label: {zh: 首次响应时长, en: Time to first reply}
          resolution_time:
            aggregate: mean(duration(opened_at, resolved_at))
            open: resolved_at is missing
            label: {zh: 解决时长, en: Time to resolve}
          kept:
            aggregate: count()
            where: resolved_at <= due_at
            label: {zh: 按时解决数, en: Tickets resolved in time}

        """

    private static let ratings = """
        dataset: ratings
        label: {zh: 满意度评价, en: Ratings}
        key: rating
        time: [rated_at]
        columns:
          rating: text
          ticket: text
          rated_at: timestamp
          score: {type: integer, unit: "score[1..5]"}
          nps: {type: integer, unit: "score[0..10]"}
        references:
          case: {to: tickets, on: ticket}
        person: case.handler
        dimensions:
          channel: {of: case.channel, label: {zh: 渠道, en: Channel}}
        measures:
          answers: {aggregate: count(score), label: {zh: 评价数, en: Ratings}}
          satisfied: {aggregate: count(), where: score >= 4, label: {zh: 满意评价数, en: Ratings of 4 and 5}}
          mean_score: {aggregate: mean(score), label: {zh: 平均评分, en: Mean rating}}
          nps_answers: {aggregate: count(nps), label: {zh: 推荐度回答数, en: Answers to the NPS question}}
          promoters: {aggregate: count(), where: nps >= 9, label: {zh: 推荐者数, en: Promoters}}
          detractors: {aggregate: count(), where: nps <= 6, label: {zh: 贬损者数, en: Detractors}}

        """

    private static let orders = """
        dataset: orders
        label: {zh: 订单, en: Orders}
        key: order_id
        time: [ordered_at]
        columns:
          order_id: text
          customer: text
          employee: text
          product: text
          product_line: text
          ordered_at: timestamp
          amount: money
          kind: text
          campaign: text
        references:
          handler: {to: employees, on: employee}
          client: {to: customers, on: customer}
        person: handler
        dimensions:
          product_line: {of: product_line, label: {zh: 产品线, en: Product line}}
          region: {of: client.region, label: {zh: 大区, en: Region}}
          segment: {of: client.segment, label: {zh: 客户细分, en: Segment}}
          campaign: {of: campaign, label: {zh: 营销活动, en: Campaign}}
        measures:
          gross_sales: {aggregate: sum(amount), where: kind = "sale", label: {zh: 销售总额, en: Gross sales}}
          returned: {aggregate: sum(amount), where: kind = "return", label: {zh: 退货额, en: Returns}}
          order_count: {aggregate: count(), where: kind = "sale", label: {zh: 订单数量, en: Number of orders}}
          buyers: {aggregate: distinct(customer), where: kind = "sale", label: {zh: 购买客户数, en: Customers who bought}}
          repeat_buyers:
            per: customer
            where: kind = "sale"
            having: count() >= 2
            aggregate: count()
            label: {zh: 重复购买客户数, en: Customers who bought again}

        """

    private static let deals = """
        dataset: deals
        label: {zh: 商机, en: Opportunities}
        key: deal
        time: [closed_on, created_on]
        columns:
          deal: text
          customer: text
          employee: text
          product_line: text
          created_on: date
          closed_on: date
          stage: text
          amount: money
        references:
          handler: {to: employees, on: employee}
          client: {to: customers, on: customer}
        person: handler
        dimensions:
          product_line: {of: product_line, label: {zh: 产品线, en: Product line}}
        measures:
          won: {aggregate: count(), where: stage = "won", label: {zh: 赢单数, en: Deals won}}
          lost: {aggregate: count(), where: stage = "lost", label: {zh: 丢单数, en: Deals lost}}
          deal_cycle:
            aggregate: median(duration(created_on, closed_on))
            where: stage = "won"
            label: {zh: 成交历时, en: Cycle of won deals}

        """

    private static let campaigns = """
        dataset: campaigns
        label: {zh: 营销活动, en: Campaigns}
        key: campaign
        time: [started_on]
        columns:
          campaign: text
          channel: text
          started_on: date
          ended_on: date
          spend: money
          impressions: integer
          clicks: integer
          leads: integer
        dimensions:
          campaign: {of: campaign, label: {zh: 营销活动, en: Campaign}}
          channel: {of: channel, label: {zh: 渠道, en: Channel}}
        measures:
          spend_total: {aggregate: sum(spend), label: {zh: 营销投入, en: Spend}}
          views: {aggregate: sum(impressions), label: {zh: 展示次数, en: Impressions}}
          click_total: {aggregate: sum(clicks), label: {zh: 点击数, en: Clicks}}
          lead_total: {aggregate: sum(leads), label: {zh: 线索数, en: Leads}}

        """
}
