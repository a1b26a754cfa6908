import Foundation
import KPICore
import KPIIngest
import KPIService
import Testing

/// A table beside the files says from when to when they are complete.
@Suite("The table of coverage")
struct CoverageTableTests {
    private static let files = [
        "plumbline.yaml": "name: A\ntime_zone: Asia/Shanghai\ncoverage: coverage.csv\n",
        "datasets/audits.yaml": """
        dataset: audits
        key: audit
        time: [done_on, sent_on]
        columns: {audit: text, done_on: date, sent_on: date}
        measures:
          audits_done: {aggregate: count()}
          audits_sent: {aggregate: count(), time: sent_on}
        """,
        "sources/audits.yaml": """
        source: audits
        dataset: audits
        files: audits.csv
        columns: {audit: audit, done_on: done_on, sent_on: sent_on}
        """,
        "kpis/a.yaml": """
        kpis:
          - {id: done, label: Done, formula: audits_done}
          - {id: sent, label: Sent, formula: audits_sent}
        """,
        "data/audits.csv": "audit,done_on,sent_on\nA,2026-02-05,2026-02-06\n",
    ]

    /// Loads with this table and says both counts from January to March, empty where there are no data.
    private func counts(_ table: String?, in scratch: ScratchWorkspace) async throws -> [String] {
        let company = try await Company.open(scratch.folder)
        if let table {
            try scratch.write(table, to: "data/coverage.csv")
            let folder = scratch.folder + "/data"
            _ = try await Loader(warehouse: company.warehouse, dataFolder: folder).load()
        }
        var words = QuestionText()
        words.grains = ["month"]
        (words.from, words.to) = ("2026-01", "2026-03")
        let question = try QuestionReader(company.workspace).question(words)
        let cells = try await company.compute(question).cells
        return ["done", "sent"].map { kpi in
            ["2026-01", "2026-02", "2026-03"].map { month in
                let cell = cells.first { $0.key.kpi == kpi && $0.key.period == month }?.value
                return cell?.value.number.map { "\(Int($0))" } ?? "-"
            }.joined(separator: " ")
        }
    }

    private func workspace() throws -> ScratchWorkspace {
        let scratch = try ScratchWorkspace()
        for (path, text) in Self.files { try scratch.write(text, to: path) }
        return scratch
    }

    private static let header = "entity,time_axis,covered_from,covered_to\n"

    @Test(
        "Nothing is a count of 0 where the table says so, by time axis, and the next load replaces it"
    )
    func course() async throws {
        let scratch = try workspace()
        let both = try await counts(Self.header + "audits,,2026-01-01,2026-04-01\n", in: scratch)
        #expect(both == ["0 1 0", "0 1 0"])
        let kept = try await counts(nil, in: scratch)
        #expect(kept == both)
        let one = try await counts(
            Self.header + "audits,sent_on,2026-02-01,2026-04-01\n", in: scratch)
        #expect(one == ["- 1 -", "- 1 0"])
        let named = try await counts(
            Self.header
                + "audits,,2026-01-01,2026-04-01\naudits,sent_on,2026-02-01,2026-03-01\n",
            in: scratch)
        #expect(named == ["0 1 0", "- 1 -"])
        let gap = try await counts(
            Self.header + "audits,,2026-01-01,2026-02-01\naudits,,2026-03-01,2026-04-01\n",
            in: scratch)
        #expect(gap == ["0 - 0", "0 - 0"])
    }

    @Test(
        "A table that cannot be meant refuses the load, with the line, and nothing is changed",
        arguments: [
            ("audit,,2026-01-01,2026-04-01", 2, "KPI0210"),
            ("audits,done,2026-01-01,2026-04-01", 2, "KPI0107"),
            ("audits,,2026-01-01,2026-04-31", 2, "KPI0206"),
            ("audits,,2026-04-01,2026-04-01", 2, "KPI0206"),
            ("audits,,2026-01-01,2026-02-02\naudits,,2026-02-01,2026-04-01", 3, "KPI0206"),
        ])
    func refusals(lines: String, line: Int, code: String) async throws {
        let scratch = try workspace()
        let before = try await counts(Self.header + "audits,,2026-01-01,2026-04-01\n", in: scratch)
        let found = await #expect(throws: Diagnostics.self) {
            try await counts(Self.header + lines + "\n", in: scratch)
        }
        let first = try #require(found?.items.first)
        #expect(first.place?.file == "coverage.csv" && first.place?.line == line)
        #expect(first.problem.code == code)
        let after = try await counts(nil, in: scratch)
        #expect(after == before)
    }

    @Test("A table that is named and not there refuses the load; one without its columns too")
    func missing() async throws {
        let scratch = try workspace()
        let company = try await Company.open(scratch.folder)
        let loader = Loader(warehouse: company.warehouse, dataFolder: scratch.folder + "/data")
        await #expect(throws: Diagnostics.self) { try await loader.load() }
        try scratch.write("entity,from,covered_to\n", to: "data/coverage.csv")
        let found = await #expect(throws: Diagnostics.self) { try await loader.load() }
        #expect(found?.items.first?.text().contains("covered_from") == true)
    }
}
