import KPICore
import KPIModel
import Testing

/// Who may record and collect what.
@Suite struct ProvenanceTests {
    private func folder(
        _ files: [String: String], settings: String = ""
    ) throws -> Folder {
        try Folder(files.merging(["plumbline.yaml": Folder.settings + settings]) { $1 })
    }

    // MARK: Times

    private static let cases = """
        dataset: cases
        key: id
        time: [opened_at, closed_at]
        columns:
          id: text
          visit: text
          opened_at: {type: timestamp, provenance: system}
          closed_at: {type: timestamp, provenance: PROVENANCE}
          shown_at: {type: timestamp, of: "coalesce(closed_at, opened_at)"}
        references: {visit: {to: visits, on: visit}}
        measures:
          plain: {aggregate: "mean(duration(opened_at, closed_at))"}
          computed: {aggregate: "mean(duration(opened_at, shown_at))"}
          behind: {aggregate: "mean(duration(opened_at, visit.ended_at))"}

        """
    private static let visits = """
        dataset: visits
        key: id
        provenance: PROVENANCE
        columns: {id: text, ended_at: timestamp}

        """

    private func times(_ provenance: String, _ settings: String = "") throws -> Folder {
        try folder(
            [
                "datasets/cases.yaml": Self.cases.replacing("PROVENANCE", with: provenance),
                "datasets/visits.yaml": Self.visits.replacing("PROVENANCE", with: provenance),
            ], settings: settings)
    }

    @Test func durationsNeedSystemTimesAlsoComputedAndBehindReferences() throws {
        #expect(try times("system").found == [])
        #expect(
            try times("manual").found == [
                "datasets/cases.yaml:12:22 KPI0132", "datasets/cases.yaml:13:25 KPI0132",
                "datasets/cases.yaml:14:23 KPI0132",
            ])
    }

    @Test func aWorkspaceMayMarkThemInstead() throws {
        let folder = try times("manual", "provenance: {times: mark}\n")
        #expect(folder.found.map { $0.suffix(7) } == ["KPI0230", "KPI0230", "KPI0230"])
        #expect(folder.findings.allSatisfy { $0.severity == .warning })
    }

    // MARK: Satisfaction

    private static let answers = """
        dataset: answers
        key: id
        time: answered_at
        columns:
          id: text
          answered_at: timestamp
          score: {type: integer, provenance: PROVENANCE}
        measures:
          happy: {aggregate: count(), where: score >= 4}
          all: {aggregate: count(), where: score is present}

        """

    private func satisfaction(
        _ provenance: String, _ card: String, settings: String = ""
    ) throws -> Folder {
        try folder(
            [
                "datasets/answers.yaml": Self.answers.replacing("PROVENANCE", with: provenance),
                "kpis/all.yaml":
                    "kpis:\n  - {id: csat, label: csat, formula: happy ÷ all, \(card)}\n",
            ], settings: settings)
    }

    @Test func aCardMayRequireWhereItsColumnsComeFrom() throws {
        let requires = "requires_provenance: third_party"
        #expect(try satisfaction("third_party", requires).found == [])
        let marked = try satisfaction("manual", requires).findings
        #expect(marked.map(\.code) == ["KPI0231"])
        #expect(marked.map(\.severity) == [.warning])
        #expect(marked[0].text().contains("answers.score (manual)"))
        let refused = try satisfaction(
            "manual", requires, settings: "provenance: {satisfaction: refuse}\n"
        ).findings
        #expect(refused.map(\.severity) == [.error])
        #expect(try satisfaction("manual", "requires_provenance: nobody").found.count == 1)
    }

    @Test func whoIsAssessedDoesNotCollectSatisfaction() throws {
        let same = "assessed: Service desk, collector: service  desk, verifier: audit"
        let other = "assessed: service desk, collector: agency, verifier: audit"
        #expect(try satisfaction("third_party", other).found == [])
        let found = try satisfaction("third_party", same).findings
        #expect(found.map(\.code) == ["KPI0232"])
        #expect(found.map(\.severity) == [.warning])
        // Of other data who is assessed may keep the records.
        #expect(try satisfaction("system", same).found == [])
        let refused = try satisfaction(
            "third_party", same, settings: "provenance: {satisfaction: refuse}\n")
        #expect(refused.findings.map(\.severity) == [.error])
    }
}
