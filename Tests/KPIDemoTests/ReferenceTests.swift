import Testing

/// What one file says of another's rows.
@Suite struct ReferenceTests {
    private let folder = Demo.small

    @Test(arguments: [
        ("assignments", "employee_id", "employees"), ("assignments", "org_unit_id", "org_units"),
        ("work_records", "employee_id", "employees"),
        ("customer_status_history", "customer_id", "customers"),
        ("campaign_results", "campaign_id", "campaigns"),
        ("campaign_touches", "campaign_id", "campaigns"),
        ("opportunity_stages", "opportunity_id", "opportunities"),
        ("order_lines", "order_id", "orders"), ("contracts", "customer_id", "customers"),
        ("ticket_events", "ticket_id", "tickets"),
        ("knowledge_reviews", "article_id", "knowledge_articles"),
        ("trainings", "employee_id", "employees"),
        ("skill_assessments", "employee_id", "employees"),
    ])
    func requiredParentsAreThere(entity: String, column: String, parent: String) {
        let keys = Set(folder.rows(parent, Self.key(of: parent)).map { $0[0] })
        let missing = folder.column(entity, column).filter { !keys.contains($0) }
        #expect(missing.isEmpty, "\(missing.prefix(3))")
    }

    /// Optional ones resolve too, but for the few that are documented.
    @Test(arguments: [
        ("tickets", "customer_id", "customers", 0), ("tickets", "product_id", "products", 1),
        ("tickets", "assignee_employee_id", "employees", 0),
        ("tickets", "knowledge_article_id", "knowledge_articles", 3),
        ("leads", "campaign_id", "campaigns", 2), ("leads", "customer_id", "customers", 0),
        ("leads", "duplicate_of_lead_id", "leads", 0), ("feedback", "product_id", "products", 6),
        ("orders", "customer_id", "customers", 0), ("orders", "employee_id", "employees", 0),
        ("orders", "campaign_id", "campaigns", 0), ("invoices", "order_id", "orders", 0),
        ("invoices", "credits_invoice_id", "invoices", 0),
        ("payments", "invoice_id", "invoices", 0), ("interactions", "ticket_id", "tickets", 0),
        ("survey_answers", "ticket_id", "tickets", 1), ("opportunities", "lead_id", "leads", 0),
        ("contracts", "renews_contract_id", "contracts", 0),
        ("predictions", "interaction_id", "interactions", 0),
        ("customers", "merged_into_customer_id", "customers", 0),
    ])
    func optionalReferencesMostlyResolve(
        entity: String, column: String, parent: String, perMille: Int
    ) {
        let keys = Set(folder.rows(parent, Self.key(of: parent)).map { $0[0] })
        let values = folder.column(entity, column).filter { !$0.isEmpty }
        let missing = values.filter { !keys.contains($0) }.count
        #expect(!values.isEmpty)
        #expect(missing * 1000 <= values.count * perMille, "\(missing) of \(values.count)")
    }

    private static func key(of entity: String) -> String {
        let header = entityHeaders.first { $0.entity == entity }?.header ?? ""
        return String(header.prefix { $0 != "," })
    }

    @Test func eventsTellTheCourseOfTheirTicket() {
        let events = Dictionary(
            grouping: folder.rows("ticket_events", "ticket_id", "event_kind", "occurred_at")
        ) { $0[0] }
        let tickets = folder.rows(
            "tickets", "ticket_id", "created_at", "first_response_at", "first_resolved_at",
            "resolved_at", "reopened_at")
        for ticket in tickets {
            let own = events[ticket[0]] ?? []
            func times(_ kind: String) -> [String] { own.filter { $0[1] == kind }.map { $0[2] } }
            #expect(times("customer_message").first == ticket[1])
            #expect(times("agent_reply").first ?? "" == ticket[2])
            #expect(times("resolved").first ?? "" == ticket[3])
            #expect(ticket[4].isEmpty || times("resolved").last == ticket[4])
            #expect(times("reopened").first ?? "" == ticket[5])
            #expect(own.map { $0[2] } == own.map { $0[2] }.sorted())
        }
    }

    @Test func customersBeginWithTheirFirstActiveRow() {
        var first: [String: String] = [:]
        let history = folder.rows("customer_status_history", "customer_id", "status", "valid_from")
        for row in history where row[1] == "active" {
            first[row[0]] = min(first[row[0]] ?? "9", row[2])
        }
        for row in folder.rows("customers", "customer_id", "became_customer_at") {
            #expect(first[row[0]] ?? "" == row[1])
        }
    }

    @Test func aCustomersStandingsFollowOneAnother() {
        let history = folder.rows(
            "customer_status_history", "customer_id", "valid_from", "valid_to")
        for (last, next) in zip(history, history.dropFirst()) where last[0] == next[0] {
            #expect(last[2] == next[1] && last[1] < last[2])
        }
    }

    @Test func nobodyIsInTwoTeamsAtOnce() {
        let rows = folder.rows(
            "assignments", "employee_id", "valid_from", "valid_to", "is_primary")
        for postings in Dictionary(grouping: rows.filter { $0[3] != "false" }, by: { $0[0] }).values
        {
            let sorted = postings.sorted { $0[1] < $1[1] }
            for (last, next) in zip(sorted, sorted.dropFirst()) {
                #expect(!last[2].isEmpty && last[2] <= next[1])
            }
        }
    }

    @Test(arguments: [
        ("tickets", "resolved_by_employee_id", "resolved_at"),
        ("orders", "employee_id", "placed_at"),
        ("ticket_events", "employee_id", "occurred_at"),
        ("interactions", "employee_id", "started_at"),
        ("work_records", "employee_id", "work_date"), ("trainings", "employee_id", "completed_on"),
        ("sales_activities", "employee_id", "completed_at"),
    ])
    func whoActsIsEmployed(entity: String, column: String, time: String) {
        let years = Dictionary(
            folder.rows("employees", "employee_id", "hired_on", "left_on").map { ($0[0], $0) }
        ) { first, _ in first }
        for row in folder.rows(entity, column, time) where !row[0].isEmpty && !row[1].isEmpty {
            let date = String(row[1].prefix(10))
            let (hired, left) = (years[row[0]]?[1] ?? "9", years[row[0]]?[2] ?? "")
            #expect(hired <= date && (left.isEmpty || date < left), "\(row)")
        }
    }

    /// Orders are billed with tax, credit notes take off, and what is paid is mostly the amount.
    @Test func invoicesGoWithTheLinesOfTheirOrder() {
        var net: [String: Double] = [:]
        for row in folder.rows("order_lines", "order_id", "line_kind", "net_amount")
        where row[1] != "refund" {
            net[row[0], default: 0] += Double(row[2]) ?? 0
        }
        let invoices = folder.rows(
            "invoices", "order_id", "amount", "credits_invoice_id", "is_void")
        for row in invoices where !row[0].isEmpty && row[2].isEmpty {
            #expect(abs((Double(row[1]) ?? 0) - (net[row[0]] ?? 0) * 1.13) < 0.02)
        }
        #expect(invoices.contains { !$0[2].isEmpty } && invoices.contains { $0[3] == "true" })
    }

    @Test func statementsAreTheSumOfRevenueAndExpenses() {
        let cancelled = Set(
            folder.rows("orders", "order_id", "cancelled_at").filter { !$0[1].isEmpty }.map {
                $0[0]
            })
        var revenue: [String: Double] = [:]
        for row in folder.rows(
            "order_lines", "order_id", "line_kind", "recognised_at", "net_amount")
        where !["shipping", "fee"].contains(row[1]) && !cancelled.contains(row[0]) {
            revenue[month(row[2]), default: 0] += Double(row[3]) ?? 0
        }
        let rows = folder.rows("financial_statements", "item", "period_start", "amount")
        for row in rows where row[0] == "operating_revenue" {
            #expect(abs((Double(row[2]) ?? 0) - (revenue[month(row[1])] ?? 0)) < 0.01)
        }
        #expect(rows.count { $0[0] == "total_assets" } == 25)
        #expect(rows.count { $0[0] == "operating_profit" } == 24)
    }

    /// Every KPI finds something in the last month.
    @Test func theLastMonthHasWhatKPIsNeed() {
        func last(_ entity: String, _ time: String, _ kind: String) -> [String: Int] {
            let rows = folder.rows(entity, time, kind).filter { $0[0].hasPrefix("2026-10") }
            return Dictionary(grouping: rows) { $0[1] }.mapValues(\.count)
        }
        let answers = folder.rows("survey_answers", "answered_at", "survey_kind", "score")
            .filter { $0[0].hasPrefix("2026-10") && !$0[2].isEmpty }
        let kinds = Dictionary(grouping: answers) { $0[1] }.mapValues(\.count)
        #expect(kinds.count == 9 && kinds.values.allSatisfy { $0 >= 5 }, "\(kinds)")
        let campaigns = last("campaigns", "planned_on", "campaign_kind")
        #expect(campaigns["trade_show"] ?? 0 > 0 && campaigns["offline_event"] ?? 0 > 0)
        #expect(last("knowledge_reviews", "completed_at", "review_kind")["audit"] ?? 0 > 0)
        #expect(last("knowledge_reviews", "due_on", "review_kind")["update"] ?? 0 > 0)
        #expect(!last("employees", "onboarding_completed_on", "job_role").isEmpty)
        #expect(!last("skill_assessments", "taken_at", "passed").isEmpty)
        #expect(!last("trainings", "planned_on", "course").isEmpty)
        #expect(last("partner_services", "due_at", "partner_kind")["dealer"] ?? 0 > 0)
        #expect(!last("tickets", "upset_flagged_at", "channel").isEmpty)
        #expect(!last("contracts", "expires_on", "product_id").isEmpty)
        #expect(!last("contracts", "fulfilment_due_on", "product_id").isEmpty)
        #expect(!last("alerts", "responded_at", "kpi_id").isEmpty)
        #expect(last("plans", "period_start", "plan_item").count == 3)
        #expect(last("market_sizes", "period_start", "segment").values.reduce(0, +) == 48)
        let predictions = last("predictions", "predicted_at", "prediction_kind")
        #expect(predictions["churn_probability"] ?? 0 > 0 && predictions["nps_after"] ?? 0 > 0)
    }

    @Test func realityIsALittleMessy() {
        let into = folder.rows("customers", "customer_id", "merged_into_customer_id")
            .filter { !$0[1].isEmpty }
        let merged = Set(into.map { $0[0] })
        #expect(into.contains { merged.contains($0[1]) })
        #expect(
            Set(folder.column("tickets", "exclusion")) == [
                "", "spam", "test", "merged", "duplicate",
            ])
        #expect(Set(folder.column("leads", "status")).isSuperset(of: ["", "invalid", "converted"]))
        #expect(Set(folder.column("leads", "duplicate_of_lead_id")).count > 1)
        #expect(Set(folder.column("orders", "cancelled_at")).count > 1)
        #expect(folder.column("order_lines", "line_kind").contains("refund"))
        #expect(folder.column("payments", "amount").contains { $0.hasPrefix("-") })
        #expect(folder.column("payments", "invoice_id").contains(""))
    }
}
