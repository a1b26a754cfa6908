import KPICore
import KPIService
import TestSupport
import Testing

/// Keeping and dropping questions.
struct KeepTests {
    private static func words(_ kpi: String, by: String? = nil) -> QuestionText {
        var words = QuestionText()
        words.kpis = [kpi]
        words.grains = ["month"]
        words.groupings = by.map { ["", $0] } ?? []
        return words
    }

    private func company() async throws -> (ScratchWorkspace, Company) {
        var random = SplitMix(seed: 5)
        let scratch = try ScratchWorkspace()
        try ChangingCompany(&random).write(to: scratch)
        return (scratch, try await scratch.loaded())
    }

    @Test("A question that cannot be answered leaves the kept one of its name as it is")
    func refused() async throws {
        let (scratch, company) = try await company()
        defer { withExtendedLifetime(scratch) {} }
        #expect(try await company.keep(Self.words("total"), name: "甲").isNew)
        for wrong in [Self.words("nosuch"), Self.words("total", by: "nodim")] {
            await #expect(throws: Diagnostics.self) { try await company.keep(wrong, name: "甲") }
        }
        let kept = try await company.keptQuestions()
        #expect(kept.map(\.name) == ["甲"] && kept[0].words.kpis == ["total"])
        let question = try QuestionReader(company.workspace).question(Self.words("total"))
        #expect(try await company.keptAnswer(question) != nil)
    }

    @Test("A question takes the place of the one of its name, and is forgotten when dropped")
    func replaced() async throws {
        let (scratch, company) = try await company()
        defer { withExtendedLifetime(scratch) {} }
        _ = try await company.keep(Self.words("total"), name: "a")
        _ = try await company.keep(Self.words("deals", by: "channel"), name: "a")
        let kept = try await company.keptQuestions()
        #expect(kept.map(\.words.kpis) == [["deals"]])
        let reader = QuestionReader(company.workspace)
        #expect(try await company.keptAnswer(reader.question(Self.words("total"))) == nil)
        #expect(try await company.keptAnswer(reader.question(Self.words("deals"))) != nil)
        #expect(try await company.drop("a"))
        #expect(try await !company.drop("a"))
        #expect(try await company.keptAnswer(reader.question(Self.words("deals"))) == nil)
    }

    @Test("A name is a word", arguments: ["", " a", "a b", "a\nb", "a'b"])
    func names(_ name: String) async throws {
        let (scratch, company) = try await company()
        defer { withExtendedLifetime(scratch) {} }
        await #expect(throws: Diagnostics.self) {
            try await company.keep(Self.words("total"), name: name)
        }
        #expect(try await company.keptQuestions().isEmpty)
    }

    @Test("Only the periods that changed records touch are computed again")
    func touched() async throws {
        let (scratch, company) = try await company()
        defer { withExtendedLifetime(scratch) {} }
        var words = Self.words("total")
        words.grains = ["day", "month", "total"]
        let first = try await company.keep(words, name: "a")
        #expect(first.renewed == first.periods)
        #expect(try await company.refresh().map(\.renewed) == [0])
        var lines = try scratch.read("data/deals.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let place = try #require(lines.indices.dropFirst().first { !lines[$0][4].isEmpty })
        lines[place][7] = "123.45"
        let changed = lines.map { $0.joined(separator: ",") }
        try scratch.write(changed.joined(separator: "\n") + "\n", to: "data/deals.csv")
        _ = try await scratch.loaded()
        // One day, its month, and the total.
        #expect(try await company.refresh().map(\.renewed) == [3])
    }

    @Test("Of a changed definition only its own partials and cells are computed again")
    func redefined() async throws {
        let (scratch, company) = try await company()
        defer { withExtendedLifetime(scratch) {} }
        // Large is on the day of closing, waiting on the time of opening.
        var words = Self.words("large")
        words.kpis = ["large", "waiting"]
        let first = try await company.keep(words, name: "a")
        #expect(first.scanned == 2)
        let dataset = try scratch.read("datasets/deals.yaml")
        try scratch.write(
            dataset.replacing("where: quantity > 3", with: "where: quantity > 4"),
            to: "datasets/deals.yaml")
        let changed = try await Company.open(scratch.folder)
        let report = try await changed.refresh()[0]
        #expect(report.failure == nil && report.scanned == 1 && !report.isNew)
        #expect(report.redefined == ["large"] && report.cells * 2 == first.cells)
        let question = try QuestionReader(changed.workspace).question(words)
        let kept = try #require(try await changed.keptAnswer(question))
        #expect(try await kept.cells == changed.computeFromRecords(question).cells)
    }
}
