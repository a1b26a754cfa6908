import KPICore
import KPIEngine
import KPIIngest
import KPIService
import TestSupport
import Testing

/// Random tables: what is counted is what SQL over the file itself counts.
struct ExpectationLawTests {
    private static let stages = ["paid", "open", "lost", "void"]

    /// Lines of orders with missing, repeated and odd values.
    private func orders(_ random: inout SplitMix) -> [String] {
        (0..<random.int(0...40)).map { _ in
            func maybe(_ text: String) -> String {
                random.int(0...5) == 0 ? "" : text
            }
            let day = random.int(1...9)
            let hour = random.int(10...23)
            return [
                maybe("O\(random.int(1...30))"),
                maybe("C\(random.int(1...4))"),
                "2025-03-0\(day)T\(hour):00", maybe("2025-03-0\(random.int(1...9))"),
                maybe("\(random.int(-9...99)).50"),
                maybe(random.pick(Self.stages)),
            ].joined(separator: ",")
        }
    }

    /// Expectations, each with an independent count of the records that it is about and that fail.
    private func rules(_ random: inout SplitMix) -> [(
        rule: String, checked: String, failed: String
    )] {
        let low = random.int(-20...50)
        let high = random.int(low...110)
        let allowed = Self.stages.filter { _ in random.oneIn(2) } + ["paid"]
        let list = allowed.joined(separator: ", ")
        let quoted = allowed.map { "'\($0)'" }.joined(separator: ", ")
        return [
            (
                "{unique: order_id}", "order_id IS NOT NULL",
                "order_id IN (SELECT order_id FROM o GROUP BY 1 HAVING count(*) > 1)"
            ),
            (
                "{unique: [order_id, stage]}", "order_id IS NOT NULL AND stage IS NOT NULL",
                "(SELECT count(*) FROM o AS p WHERE p.order_id = o.order_id AND p.stage = o.stage) > 1"
            ),
            ("{present: amount}", "TRUE", "amount IS NULL"),
            (
                "{range: amount, from: \(low), to: \(high)}", "amount IS NOT NULL",
                "NOT amount BETWEEN \(low) AND \(high)"
            ),
            (
                "{one_of: stage, values: [\(list)]}", "stage IS NOT NULL",
                "stage NOT IN (\(quoted))"
            ),
            ("{refers: customer}", "customer IS NOT NULL", "customer NOT IN ('C1', 'C2')"),
            (
                "{condition: amount > \(low) and stage != \"void\"}", "TRUE",
                "NOT coalesce(amount > \(low) AND stage IS DISTINCT FROM 'void', FALSE)"
            ),
        ]
    }

    @Test(
        "Counts equal those of SQL over the file; what holds is never reported", arguments: 0..<25)
    func counts(seed: Int) async throws {
        var random = SplitMix(seed: UInt64(seed))
        let orders = orders(&random)
        let rules = rules(&random)
        let workspace = try QualityWorkspace(rules.map(\.rule), orders: orders)
        let report = try await workspace.load()
        let witness = try await witness(workspace)
        #expect(report.expectations.count == rules.count)
        for (outcome, rule) in zip(report.expectations, rules) {
            let counts = try await witness.query(
                "SELECT count(*), count(*) FILTER (WHERE \(rule.failed)) FROM o WHERE \(rule.checked)"
            )
            let finding = outcome.finding
            #expect(
                ["\(finding.checked)", "\(finding.failed)"] == counts.texts[0], "\(rule.rule)")
            #expect(finding.examples.count == min(3, finding.failed))
        }
        // The same again, asked of the store.
        let quality = try await workspace.company.quality(now: QualityWorkspace.noon)
        let dataset = try #require(quality.datasets.first { $0.id == "orders" })
        #expect(dataset.checks.map(\.finding) == report.expectations.map(\.finding))
    }

    /// What each KPI asks, in SQL: the records that it takes or would take, and those that miss a value.
    private static let completeness: [(kpi: String, records: String, incomplete: String)] = [
        (
            "revenue", "stage = 'paid' OR stage IS NULL",
            "stage IS NULL OR stage = 'paid' AND amount IS NULL"
        ),
        ("mean-amount", "TRUE", "amount IS NULL"),
        (
            "top-revenue",
            "stage = 'paid' OR stage IS NULL AND coalesce(customer IN ('C1', 'C2'), FALSE)",
            """
            stage = 'paid' AND coalesce(customer NOT IN ('C1', 'C2'), TRUE)
            OR coalesce(customer IN ('C1', 'C2'), FALSE) AND (stage IS NULL OR stage = 'paid' AND amount IS NULL)
            """
        ),
    ]

    @Test("Incomplete records are those that SQL over the file finds", arguments: 0..<15)
    func incomplete(seed: Int) async throws {
        var random = SplitMix(seed: UInt64(2000 + seed))
        let workspace = try QualityWorkspace([], orders: orders(&random))
        try await workspace.load()
        let witness = try await witness(workspace)
        let quality = try await workspace.company.quality(now: QualityWorkspace.noon)
        for rule in Self.completeness {
            let counts = try await witness.query(
                """
                SELECT count(*) FILTER (WHERE coalesce(\(rule.records), FALSE)),
                count(*) FILTER (WHERE coalesce(\(rule.incomplete), FALSE)) FROM o
                """)
            let kpi = try #require(quality.kpis.first { $0.id == rule.kpi })
            #expect(["\(kpi.records)", "\(kpi.incomplete)"] == counts.texts[0], "\(rule.kpi)")
        }
    }

    /// The file of a workspace as a table `o`.
    private func witness(_ workspace: QualityWorkspace) async throws -> Connection {
        let witness = try await Database.inMemory().connect()
        try await witness.execute(
            """
            CREATE TABLE o AS SELECT * FROM read_csv('\(workspace.scratch.folder)/data/orders.csv',
            header = true, columns = {'order_id': 'VARCHAR', 'customer': 'VARCHAR', 'placed_at': 'VARCHAR',
            'shipped_on': 'VARCHAR', 'amount': 'DECIMAL(18,2)', 'stage': 'VARCHAR'})
            """)
        return witness
    }

    @Test("Numbers of records by day equal those of SQL over the file", arguments: 0..<15)
    func volumes(seed: Int) async throws {
        var random = SplitMix(seed: UInt64(1000 + seed))
        let orders = orders(&random)
        let low = random.int(0...3)
        let high = random.int(low...8)
        let workspace = try QualityWorkspace(
            ["{rows: {per: day, from: \(low), to: \(high)}}"], orders: orders)
        let finding = try #require(try await workspace.load().expectations.first).finding
        // Hours begin at 10, so every day is the first part of the field.
        let days = orders.map {
            Int($0.split(separator: ",", omittingEmptySubsequences: false)[2].prefix(10).suffix(2))!
        }
        // Shipping dates move the watermark too: a date reaches to the end of its day.
        let shipped = orders.compactMap {
            Int($0.split(separator: ",", omittingEmptySubsequences: false)[3].suffix(2))
        }
        guard let first = days.min(), let last = days.max() else {
            #expect(finding.checked == 0)
            return
        }
        let end = max(last - 1, shipped.max() ?? 0)
        let whole = first <= end ? Array(first...end) : []
        let wrong = whole.filter { day in
            !(low...high).contains(days.filter { $0 == day }.count)
        }
        #expect(finding.checked == whole.count)
        #expect(finding.failed == wrong.count)
    }
}
