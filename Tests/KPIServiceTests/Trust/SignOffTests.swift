import Foundation
import KPICore
import KPIIngest
import KPIService
import Testing

/// Records kept by hand count once somebody else has verified them.
struct SignOffTests {
    private static let files = [
        "plumbline.yaml": "name: A\ntime_zone: Asia/Shanghai\n",
        "datasets/audits.yaml": """
        dataset: audits
        key: audit
        time: [done_on]
        coverage: {from: 2026-01-01, to: 2026-02-01}
        columns: {audit: text, done_on: date}
        measures: {audits_done: {aggregate: count()}}
        """,
        "sources/audits.yaml": """
        source: audits
        dataset: audits
        files: audits.csv
        sign_off: {collector: Quality team}
        columns: {audit: audit, done_on: done_on}
        """,
        "kpis/a.yaml": "kpis: [{id: audits, label: Audits, formula: audits_done}]\n",
        "data/audits.csv": "audit,done_on\nA,2026-01-05\nB,2026-01-06\n",
    ]

    private func workspace() throws -> ScratchWorkspace {
        let scratch = try ScratchWorkspace()
        for (path, text) in Self.files { try scratch.write(text, to: path) }
        return scratch
    }

    /// Loads everything and counts the audits; nil where there are no data.
    private func load(_ scratch: ScratchWorkspace) async throws -> (
        count: Double?, loader: Loader, company: Company, report: LoadReport
    ) {
        let company = try await Company.open(scratch.folder)
        var loader = Loader(warehouse: company.warehouse, dataFolder: scratch.folder + "/data")
        loader.isSignedOff = try company.signOffs()
        let report = try await loader.load()
        var words = QuestionText()
        words.kpis = ["audits"]
        (words.from, words.to) = ("2026-01", "2026-01")
        let question = try QuestionReader(company.workspace).question(words)
        let cell = try await company.compute(question).cells.first?.value
        return (cell?.value.number, loader, company, report)
    }

    @Test("They wait, count once signed off, and wait again when they change")
    func course() async throws {
        let scratch = try workspace()
        defer { withExtendedLifetime(scratch) {} }
        let first = try await load(scratch)
        #expect(first.report.files.map(\.outcome) == [.awaitsSignOff])
        #expect(first.count == 0)
        let pending = try first.company.pendingFiles(first.loader)
        #expect(pending.map(\.file) == ["audits.csv"] && pending.map(\.rows) == [2])

        #expect(throws: Diagnostics.self) {
            try first.company.signOff("audits", by: "quality TEAM ", note: "", first.loader)
        }
        #expect(throws: Diagnostics.self) {
            try first.company.signOff("others", by: "Finance", note: "", first.loader)
        }
        let signed = try first.company.signOff("audits", by: "Finance", note: "", first.loader)
        #expect(signed.count == 1)
        let left = try first.company.pendingFiles(first.loader)
        #expect(left.isEmpty)
        let counted = try await load(scratch).count
        #expect(counted == 2)

        try scratch.write(
            "audit,done_on\nA,2026-01-05\nC,2026-01-07\nD,2026-01-08\n", to: "data/audits.csv")
        let changed = try await load(scratch)
        #expect(changed.report.files.map(\.outcome) == [.awaitsSignOff])
        #expect(changed.count == 2)
        _ = try changed.company.signOff("audits", by: "Finance", note: "seen", changed.loader)
        let later = try await load(scratch).count
        #expect(later == 4)
    }

    @Test(
        "Templates have the headers of the entity, also as a spreadsheet",
        arguments: ["csv", "xlsx"])
    func template(kind: String) async throws {
        let scratch = try ScratchWorkspace()
        let path = scratch.folder + "/market_sizes." + kind
        try await EmptyFile.write(["market_size_id", "segment", "市场总额"], to: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        #expect((size ?? 0) > 20)
        if kind == "csv" {
            #expect(try CSVHeader.names(of: path) == ["market_size_id", "segment", "市场总额"])
        }
    }
}
