import KPICore
import KPIModel
import Testing

/// What `expectations:` and `collected:` of a dataset may say.
@Suite struct ExpectationFileTests {
    private static let answers = """
        dataset: answers
        key: id
        time: [answered_at, planned_on]
        provenance: third_party
        columns:
          id: text
          answered_at: timestamp
          planned_on: {type: date, planned: true}
          score: {type: decimal(2), unit: "score[1..5]"}
          kind: text
          is_late: boolean
          customer: text
          collected_by: text
        references:
          customer: {to: customers, on: customer}
        dimensions:
          valid: score is present
        measures:
          count: {aggregate: count()}

        """
    private static let customers = "dataset: customers\nkey: id\ncolumns: {id: text, name: text}\n"

    private func folder(_ more: String, settings: String = "") throws -> Folder {
        try Folder([
            "plumbline.yaml": Folder.settings + settings,
            "datasets/answers.yaml": Self.answers + more,
            "datasets/customers.yaml": Self.customers,
        ])
    }

    @Test func everyRuleIsRead() throws {
        let folder = try folder(
            """
            expectations:
              - {unique: [kind, customer]}
              - {unique: id, severity: refuse, label: {zh: 编号唯一, en: One number each}}
              - {present: score}
              - {range: score, from: 1, to: 5}
              - {range: answered_at, from: 2025-01-01}
              - {range: planned_on, to: 2026-12-31}
              - {one_of: kind, values: [csat, nps]}
              - {one_of: is_late, values: [false]}
              - {refers: customer}
              - {condition: valid or kind = "nps"}
              - {fresh: 36 hours}
              - {rows: {per: month, from: 1, to: 100, time: planned_on}}

            """)
        #expect(folder.found == [])
        let workspace = try #require(WorkspaceReader.read(folder.path).workspace)
        let expectations = try #require(workspace.dataset("answers")).expectations
        #expect(
            expectations.map(\.text) == [
                "unique kind, customer", "unique id", "present score", "range score 1..5",
                "range answered_at 2025-01-01..", "range planned_on ..2026-12-31",
                "one_of kind csat, nps", "one_of is_late false", "refers customer",
                "condition valid or kind = \"nps\"", "fresh 36 hours",
                "rows per month by planned_on 1..100",
            ])
        #expect(expectations.map(\.severity).filter { $0 == .refuse }.count == 1)
        #expect(expectations[1].label == Bilingual(zh: "编号唯一", en: "One number each"))
        #expect(expectations[10].rule == .fresh(36 * 3600 * microsecondsPerSecond))
        // Midnight of the workspace's zone.
        let start = CivilDate(year: 2025, month: 1, dayOfMonth: 1).day
        let midnight = workspace.calendar.startOfDay(start)
        #expect(
            expectations[4].rule
                == .range("answered_at", from: .timestamp(midnight, utc: true), to: nil))
        #expect(
            expectations[8].datasets(in: workspace, of: workspace.dataset("answers")!)
                == ["customers"])
    }

    @Test func whatIsWrongIsSaidWhereItStands() throws {
        let folder = try folder(
            """
            expectations:
              - {unique: nope}
              - {range: kind, from: 1}
              - {range: score}
              - {range: score, from: low}
              - {one_of: kind}
              - {one_of: planned_on, values: [2025-13-01]}
              - {refers: account}
              - {condition: score}
              - {condition: scor > 1}
              - {condition: answered_at < period_end()}
              - {fresh: soon}
              - {rows: {per: fortnight, from: 1}}
              - {rows: {per: day}}
              - {rows: {per: day, from: 1, time: id}}
              - {present: score, unique: id}
              - {present: score, from: 1}
              - {present: kind, severity: stop}
              - {label: nothing}
              - {present: id}
              - {present: id, severity: refuse}

            """)
        #expect(
            folder.found == [
                "datasets/answers.yaml:21:14 KPI0107", "datasets/answers.yaml:22:13 KPI0206",
                "datasets/answers.yaml:23:13 KPI0205", "datasets/answers.yaml:24:26 KPI0206",
                "datasets/answers.yaml:25:14 KPI0205", "datasets/answers.yaml:26:35 KPI0206",
                "datasets/answers.yaml:27:14 KPI0107", "datasets/answers.yaml:28:17 KPI0124",
                "datasets/answers.yaml:29:17 KPI0107", "datasets/answers.yaml:30:17 KPI0130",
                "datasets/answers.yaml:31:13 KPI0206", "datasets/answers.yaml:32:18 KPI0207",
                "datasets/answers.yaml:33:12 KPI0205", "datasets/answers.yaml:34:38 KPI0107",
                "datasets/answers.yaml:35:5 KPI0206", "datasets/answers.yaml:36:22 KPI0204",
                "datasets/answers.yaml:37:31 KPI0207", "datasets/answers.yaml:38:5 KPI0206",
                "datasets/answers.yaml:40:5 KPI0209",
            ])
    }

    @Test func whoCollectedIsAColumnWithAScore() throws {
        let good = try folder(
            """
            collected: {by: collected_by, own: own_department, score: score, where: valid, kinds: kind}

            """)
        #expect(good.found == [])
        let dataset = try #require(WorkspaceReader.read(good.path).workspace?.dataset("answers"))
        #expect(dataset.collected?.other == "third_party")
        #expect(dataset.collected?.kinds == "kind")
        #expect(dataset.expectations.isEmpty)
        let bad = try folder("collected: {by: nobody, own: x, score: kind}\n")
        #expect(bad.found == ["datasets/answers.yaml:20:17 KPI0107"])
        let text = try folder("collected: {by: collected_by, own: x, score: kind}\n")
        #expect(text.found == ["datasets/answers.yaml:20:46 KPI0129"])
    }

    @Test func aWorkspaceMayRefuseWhatTheAssessedCollected() throws {
        let folder = try folder(
            "collected: {by: collected_by, own: own_department, score: score}\n",
            settings: "provenance: {satisfaction: refuse}\n")
        #expect(folder.found == [])
        let dataset = try #require(WorkspaceReader.read(folder.path).workspace?.dataset("answers"))
        #expect(dataset.expectations.map(\.text) == ["not collected_by own_department"])
        #expect(dataset.expectations.map(\.severity) == [.refuse])
        let wrong = try self.folder("", settings: "provenance: {satisfaction: maybe}\n")
        #expect(wrong.found == ["plumbline.yaml:4:28 KPI0207"])
    }
}
