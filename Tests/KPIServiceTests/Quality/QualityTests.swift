import KPICore
import KPIModel
import KPIReport
import KPIService
import Testing

/// `plumb quality`: what is fresh, complete, as expected, and collected by whom.
struct QualityTests {
    private static let orders = [
        "O1,C1,2025-03-01T08:00,2025-03-02,10.00,paid",
        "O2,C2,2025-03-01T09:00,,,paid",
        "O3,C9,2025-03-02T10:00,,30.00,paid",
        "O4,,2025-03-04T11:00,,40.00,",
        "O5,C1,,2025-03-01,,paid",
    ]

    private func quality(
        _ workspace: QualityWorkspace, _ kpis: [String] = [], now: Instant = QualityWorkspace.noon
    ) async throws -> Quality {
        try await workspace.company.quality(kpis, now: now)
    }

    @Test("A record misses a value where all else holds that the KPI asks")
    func completeness() async throws {
        let workspace = try QualityWorkspace([], orders: Self.orders)
        try await workspace.load()
        let quality = try await quality(workspace)
        let revenue = try #require(quality.kpis.first { $0.id == "revenue" })
        // O5 has no time, so it is in no period. O2 misses the amount, O4 the stage.
        #expect(revenue.records == 4)
        #expect(revenue.incomplete == 2)
        #expect(revenue.completeness == 0.5)
        #expect(revenue.gaps.map(\.column) == ["amount", "stage"])
        #expect(revenue.gaps.map(\.missing) == [1, 1])
        // Without a condition the stage does not matter.
        let mean = try #require(quality.kpis.first { $0.id == "mean-amount" })
        #expect(mean.gaps.map(\.column) == ["amount"])
        #expect(mean.records == 4 && mean.incomplete == 1)
        // Behind a reference: O3 finds no customer; O4 could be paid by one of tier A, but misses both.
        let top = try #require(quality.kpis.first { $0.id == "top-revenue" })
        #expect(top.gaps.map(\.column) == ["amount", "customer.tier"])
        #expect(top.records == 3 && top.incomplete == 2)
        #expect(top.datasets == ["orders", "customers"])
        let whole = try QualityWorkspace([], orders: [Self.orders[0]])
        try await whole.load()
        #expect(try await self.quality(whole).kpis.map(\.completeness) == [1, 1, 1])
    }

    @Test("Ages are those of the clock that is given")
    func ages() async throws {
        let workspace = try QualityWorkspace(["{fresh: 10 days}"], orders: Self.orders)
        try await workspace.load()
        let now = try await quality(workspace, ["revenue"])
        #expect(now.now == "2025-03-10T12:00:00+08:00")
        #expect(now.datasets.map(\.id) == ["orders"])
        #expect(now.datasets[0].watermark == "2025-03-04T11:00:00+08:00")
        #expect(now.kpis[0].age == 521_999)
        #expect(!now.hasFindings && !now.kpis[0].isStale)
        let later = try await quality(
            workspace, ["revenue"], now: QualityWorkspace.noon + 5 * microsecondsPerDay)
        #expect(later.hasFindings && later.kpis[0].isStale && later.datasets[0].isStale)
        // A cell does not know the clock.
        let company = try await workspace.company
        let question = try QuestionReader(company.workspace).question(QuestionText())
        let before = try await company.compute(question)
        _ = try await quality(workspace, now: QualityWorkspace.noon + 900 * microsecondsPerDay)
        #expect(try await company.compute(question) == before)
    }

    @Test("What would refuse a load is a finding, a warning is none")
    func findings() async throws {
        let workspace = try QualityWorkspace(["{present: amount}"], orders: Self.orders)
        try await workspace.load()
        let warned = try await quality(workspace)
        #expect(!warned.hasFindings)
        #expect(warned.kpis[0].failed.map(\.finding.failed) == [2])
        #expect(
            warned.datasets.first { $0.id == "orders" }?.failed.first?.since
                == "2025-03-10T12:00:00+08:00")
        // Declared after the load.
        try workspace.write(["{present: amount, severity: refuse}"])
        #expect(try await quality(workspace).hasFindings)
        try workspace.write(["{present: placed_at, severity: refuse}", "{unique: order_id}"])
        #expect(try await quality(workspace).datasets.flatMap(\.failed).map(\.refuses) == [true])
    }

    @Test("Since when it fails: after the last load that met it")
    func since() async throws {
        let workspace = try QualityWorkspace(["{present: amount}"], orders: [Self.orders[0]])
        func load(_ orders: [String], day: Int64) async throws -> String {
            try workspace.orders(orders)
            try await workspace.load(now: QualityWorkspace.noon + day * microsecondsPerDay)
            return try await quality(workspace).datasets.flatMap(\.failed).map(\.since).joined()
        }
        #expect(try await load([Self.orders[0]], day: 0) == "")
        #expect(try await load(Array(Self.orders[0...1]), day: 1) == "2025-03-11T12:00:00+08:00")
        #expect(try await load(Array(Self.orders[0...2]), day: 2) == "2025-03-11T12:00:00+08:00")
        #expect(try await load([Self.orders[2]], day: 3) == "")
        #expect(try await load(Array(Self.orders[0...1]), day: 4) == "2025-03-14T12:00:00+08:00")
    }

    @Test("Records set aside are counted once, whatever is wrong with them")
    func setAside() async throws {
        let workspace = try QualityWorkspace(
            [], orders: Self.orders + ["O6,C1,yesterday,2025-03-01,much,paid"],
            source: "rejects: 50%\n")
        try await workspace.load()
        let quality = try await quality(workspace)
        #expect(quality.datasets.first { $0.id == "orders" }?.setAside == 1)
        #expect(quality.kpis[0].setAside == 1)
    }

    @Test("An explanation says how far its data can be trusted")
    func explanation() async throws {
        let workspace = try QualityWorkspace(["{present: amount}"], orders: Self.orders)
        try await workspace.load()
        let explanation = try await workspace.company.explain(
            "revenue", period: "2025-03", members: [])
        let quality = try #require(explanation.quality)
        #expect(quality.incomplete == 2)
        #expect(quality.failed.map(\.finding.expectation) == ["present amount"])
    }

    // MARK: Who collected

    private static let collected =
        "collected: {by: stage, own: own, other: agency, score: amount, where: customer is present, kinds: customer}\n"

    /// Scores of two kinds; the sums are worked by hand.
    private static let scores = [
        ("C1", "own", ["1.00", "1.00", "0.80"]),
        ("C1", "agency", ["0.60", "0.80", "0.40", "0.60"]),
        ("C1", "other", ["0.10"]), ("C2", "agency", ["0.50"]), ("C9", "own", ["0.50"]),
        ("", "own", ["0.90"]),
    ].flatMap { customer, by, scores in
        scores.map { "O,\(customer),2025-03-01T08:00,,\($0),\(by)" }
    }

    @Test("Answers that the assessed collected are compared with those of the agency, kind by kind")
    func marks() async throws {
        let workspace = try QualityWorkspace([], orders: Self.scores, more: Self.collected)
        try await workspace.load()
        let marks = try await workspace.company.quality(grain: .month).marks
        #expect(marks.map(\.kind) == ["C1", "C9"])
        #expect(marks.map(\.period) == ["2025-03", "2025-03"])
        #expect(marks.map(\.own) == [3, 1])
        #expect(marks.map(\.other) == [4, 0])
        #expect(marks.map(\.all) == [8, 1])
        // Means 2.8 ÷ 3 and 0.6; the squared errors of the means are 0.0133… ÷ 3 and 0.0266… ÷ 4, which gives
        // exactly 5 degrees of freedom, and t of 5 is 2.5705818.
        let first = marks[0]
        #expect(abs(first.difference! - 1 / 3.0) < 1e-12)
        let half = 2.570581836 * (1 / 90.0).squareRoot()
        #expect(abs(first.interval!.lowerBound - (1 / 3.0 - half)) < 1e-8)
        #expect(abs(first.interval!.upperBound - (1 / 3.0 + half)) < 1e-8)
        #expect(marks[1].difference == nil && marks[1].interval == nil)
        let total = try await workspace.company.quality(grain: .total).marks
        #expect(total.map(\.period) == ["total", "total"])
    }

    @Test("Where the assessed collected nothing there is no mark")
    func noMarks() async throws {
        let others = Self.scores.filter { !$0.hasSuffix("own") }
        let workspace = try QualityWorkspace([], orders: others, more: Self.collected)
        try await workspace.load()
        #expect(try await workspace.company.quality().marks.isEmpty)
    }

    @Test("A KPI says how many of its own records the assessed collected")
    func share() async throws {
        let orders = Self.orders + ["O7,C1,2025-03-04T08:00,,5.00,paid"]
        let collected = "collected: {by: order_id, own: O1, score: amount}\n"
        let workspace = try QualityWorkspace([], orders: orders, more: collected)
        try await workspace.load()
        let kpis = try await workspace.company.quality().kpis
        // Paid orders, with and without time; O3 is no order of a known customer.
        #expect(kpis.map(\.ownCollected) == [1, 1, 1])
        #expect(kpis.map(\.collected) == [5, 6, 4])
    }
}

/// The forms in which quality is written.
struct QualityReportTests {
    @Test("CSV has a row for each fact, JSON the same under the names of the columns")
    func forms() async throws {
        let workspace = try QualityWorkspace(
            ["{present: amount, severity: refuse}"],
            orders: [
                "O1,C1,2025-03-01T08:00,2025-03-02,10.00,paid"
            ])
        try await workspace.load()
        try workspace.write(["{range: amount, to: 9}"])
        let report = QualityReport(
            try await workspace.company.quality(["revenue"], now: QualityWorkspace.noon))
        let rows = report.csv.split(separator: "\n")
        #expect(rows.count == 8)
        #expect(rows[0].hasPrefix("subject,id,item,name,period,records,failed,value,low,high,"))
        #expect(
            rows[1] == "dataset,orders,freshness,,,1,,734400,,,ok,2025-03-02T00:00:00+08:00"
                || rows[1].hasPrefix("dataset,orders,freshness,,,1,,"))
        #expect(
            rows[3] == "dataset,orders,expectation,range amount ..9,,1,1,,,,warn,orders.csv:2 10.00"
        )
        #expect(rows[6] == "kpi,revenue,validity,,,,1,,,,warn,orders: range amount ..9")
        #expect(
            report.json.contains("\"name\": \"range amount ..9\", \"period\": null, \"records\": 1")
        )
        for language in Language.allCases {
            let table = report.table(language)
            #expect(table.contains("range amount ..9"))
            #expect(table.contains("100.00%"))
        }
    }
}
