import KPICore
import KPIModel
import KPIReport
import KPIService
import Testing

/// Two sets of books, entry by entry and month by month.
struct VerifyingTests {
    /// - Parameters:
    ///   - sales, booked: amounts by month from January 2025 on; nil: no entry.
    private func workspace(
        sales: [String?], booked: [String?], _ more: String, right: String = "{kpi: booked}"
    ) throws -> QualityWorkspace {
        func lines(_ amounts: [String?], _ stage: String) -> [String] {
            amounts.enumerated().compactMap { index, amount in
                amount.map { "\(stage)\(index + 1),C1,2025-0\(index + 1)-05T08:00,,\($0),\(stage)" }
            }
        }
        let workspace = try QualityWorkspace(
            [], orders: lines(sales, "sold") + lines(booked, "booked"), customers: ["C1"],
            more:
                "coverage: {from: 2025-01-01, to: 2025-0\(max(sales.count, booked.count) + 1)-01}\n"
        )
        try workspace.scratch.write(
            """
            dataset: orders
            time: [placed_at, shipped_on]
            coverage: {from: 2025-01-01, to: 2025-0\(max(sales.count, booked.count) + 1)-01}
            columns:
              order_id: text
              customer: text
              placed_at: timestamp
              shipped_on: date
              amount: money
              stage: text
            references: {customer: {to: customers, on: customer}}
            dimensions: {stage: stage, tier: customer.tier}
            measures:
              sold: {aggregate: sum(amount), where: stage = "sold", label: Sold}
              booked: {aggregate: sum(amount), where: stage = "booked", label: Booked}

            """, to: "datasets/orders.yaml")
        try workspace.scratch.write(
            """
            kpis:
              - {id: sold, label: Sold, formula: sold}
              - {id: booked, label: Booked, formula: booked}

            """, to: "kpis/all.yaml")
        try workspace.scratch.write(
            """
            verification: books
            label: Books
            left: {kpi: sold}
            right: \(right)
            collector: sales
            verifier: finance
            \(more)

            """, to: "verifications/books.yaml")
        return workspace
    }

    private func compare(
        _ workspace: QualityWorkspace, from: String? = nil, to: String? = nil
    ) async throws -> SourceComparison {
        try await workspace.load()
        var words = VerifyText()
        (words.from, words.to) = (from, to)
        return try #require(try await workspace.company.verifySources(words).first)
    }

    private func results(_ comparison: SourceComparison) -> [String] {
        comparison.rows.map { [$0.outcome.status, $0.outcome.reason].joined(separator: " ") }
            .map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }
    }

    @Test("Equal sides differ by at most the tolerance, which is of the right side")
    func equal() async throws {
        let workspace = try workspace(
            sales: ["100", "105", "105.01", "94.99", "0", "1"],
            booked: ["100", "100", "100", "100", "0", "0"], "tolerance: 5%")
        let comparison = try await compare(workspace)
        #expect(
            results(comparison) == ["within", "within", "beyond", "beyond", "within", "beyond"])
        #expect(comparison.findings.map(\.period) == ["2025-03", "2025-04", "2025-06"])
        let row = comparison.rows[2]
        #expect(abs(row.difference! - 5.01) < 1e-9 && abs(row.share! - 0.0501) < 1e-9)
        #expect(comparison.rows[5].share == nil)
        #expect(comparison.collector == "sales" && comparison.verifier == "finance")
    }

    @Test("A tolerance may be an amount, a side a formula, an amount of nothing another than none")
    func amounts() async throws {
        let workspace = try workspace(
            sales: ["100", "100", "100"], booked: ["40", "50", nil],
            "tolerance: 20\nrecords: orders",
            right: "{formula: booked × 2, label: {zh: 两倍, en: Twice}}")
        let comparison = try await compare(workspace, from: "2025-01", to: "2025-04")
        // April is not covered; March has nothing booked, which is 0.
        #expect(results(comparison) == ["within", "within", "beyond", "none left no_data"])
        #expect(comparison.right.label.en == "Twice")
    }

    @Test("Sides that rise together contradict each other where one falls")
    func bothRise() async throws {
        let workspace = try workspace(
            sales: ["100", "110", "120", "110", "110.5", "130"],
            booked: ["50", "60", "55", "40", "80", "81"], "direction: both_rise\ntolerance: 1")
        let comparison = try await compare(workspace)
        // In May the left side does not change by more than the tolerance, in June the right side does not.
        #expect(
            results(comparison) == [
                "none no_previous", "within", "contradicts", "within", "within", "within",
            ])
        #expect(comparison.rows[2].leftChange == 10 && comparison.rows[2].rightChange == -5)
    }

    @Test("Opposite sides contradict each other where both rise or both fall")
    func opposite() async throws {
        let workspace = try workspace(
            sales: ["100", "110", "120", "110"], booked: ["50", "60", "55", "40"],
            "direction: opposite")
        #expect(
            try await results(compare(workspace)) == [
                "none no_previous", "contradicts", "within", "contradicts",
            ])
    }

    @Test("The period before the first is looked at, and is no row")
    func periodBefore() async throws {
        let workspace = try workspace(
            sales: ["100", "110", "120"], booked: ["50", "60", "55"], "direction: both_rise")
        let comparison = try await compare(workspace, from: "2025-03")
        #expect(comparison.rows.map(\.period) == ["2025-03"])
        #expect(results(comparison) == ["contradicts"])
    }

    @Test("A change to a period that is not over says nothing")
    func unfinished() async throws {
        let workspace = try workspace(
            sales: ["100", "110", "120"], booked: ["50", "60", "55"], "direction: both_rise")
        try await workspace.load()
        var words = VerifyText()
        (words.from, words.to, words.asOf) = ("2025-02", "2025-03", "2025-03-20")
        let comparison = try await workspace.company.verifySources(words)[0]
        #expect(results(comparison) == ["within", "none unfinished"])
    }

    @Test("Breakdowns are compared beside the whole; a group of one side only has its reason")
    func breakdowns() async throws {
        let workspace = try workspace(
            sales: ["100", "100"], booked: ["100", "90"], "by: [tier, stage]\ntolerance: 5%")
        let comparison = try await compare(workspace)
        #expect(comparison.rows.filter { $0.dimension == "tier" }.map(\.member) == ["A", "A"])
        #expect(
            comparison.findings.map(\.dimension) == [
                "", "tier", "stage", "stage", "stage", "stage",
            ])
    }

    @Test("Both sides have the value that compute shows")
    func sameCells() async throws {
        let workspace = try workspace(
            sales: ["100", "110"], booked: ["50", "60"], "by: [tier]")
        let comparison = try await compare(workspace)
        let company = try await workspace.company
        var words = QuestionText()
        words.kpis = ["sold", "booked"]
        words.groupings = ["", "tier"]
        let cells = try await company.compute(QuestionReader(company.workspace).question(words))
            .cells
        for row in comparison.rows {
            for (kpi, side) in [("sold", row.left), ("booked", row.right)] {
                let key = CellKey(
                    kpi: kpi, grain: "month", period: row.period,
                    members: row.dimension.isEmpty ? [:] : [row.dimension: row.member])
                #expect(cells[key]?.value == side.value && cells[key]?.state == side.state)
            }
        }
    }

    @Test("The records behind both sides are listed, of the dataset that is named")
    func records() async throws {
        let workspace = try workspace(
            sales: ["100", "100"], booked: ["100", "90"], "tolerance: 5%\nrecords: orders",
            right: "{formula: booked}")
        let comparison = try await compare(workspace)
        let row = try #require(comparison.findings.first)
        let company = try await workspace.company
        let sides = try await company.records(behind: row, of: "books")
        #expect(sides.map { $0.records.map(\.total) } == [[1], [1]])
        #expect(sides[1].records[0].table["line"]?[0] == .integer(5))
        let text = try workspace.scratch.read("verifications/books.yaml")
        try workspace.scratch.write(
            text.replacing("records: orders", with: "records: customers"),
            to: "verifications/books.yaml")
        let others = try await workspace.company.records(behind: row, of: "books")
        #expect(others.map { $0.records.count } == [0, 0])
    }

    @Test("A verification that there is not is named with the nearest")
    func unknown() async throws {
        let workspace = try workspace(sales: ["1"], booked: ["1"], "")
        try await workspace.load()
        var words = VerifyText()
        words.ids = ["book"]
        let error = await #expect(throws: Diagnostics.self) {
            try await workspace.company.verifySources(words)
        }
        #expect(error?.items.map(\.code) == ["KPI0430"])
        #expect(error?.items[0].text().contains("‘books’") == true)
    }

    @Test("CSV has a row for each period and group")
    func forms() async throws {
        let workspace = try workspace(
            sales: ["100", "120"], booked: ["100", "100"], "tolerance: 5%")
        let report = VerificationReport([try await compare(workspace)])
        let rows = report.csv.split(separator: "\n").map(String.init)
        #expect(rows.count == 3)
        #expect(
            rows[2]
                == "books,month,2025-02,,,120,100,CNY,20,0.2,,,beyond,,final,final,sales,finance,sold,booked"
        )
        #expect(report.json.contains("\"share\": 0.2, \"left_change\": null"))
        #expect(report.table(.en).contains("1 within, 1 to look into, 0 not comparable"))
        #expect(report.table(.zh).contains("超出容差"))
    }
}

/// What the library ships.
struct ShippedVerificationTests {
    @Test("The library verifies four pairs of figures, and new workspaces get them")
    func shipped() throws {
        let scratch = try ScratchWorkspace()
        let report = try StandardWorkspace.write(to: scratch.folder, data: nil)
        #expect(report.files.filter { $0.hasPrefix("verifications/") }.count == 4)
        let workspace = try Company.read(scratch.folder)
        #expect(
            workspace.verifications.map(\.id).sorted() == [
                "resolution-against-contacts", "sales-against-opportunities",
                "sales-against-statements", "satisfaction-against-repurchase",
            ])
        #expect(workspace.dataset("survey_answers")?.collected != nil)
    }
}
