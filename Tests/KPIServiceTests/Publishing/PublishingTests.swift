import Foundation
import GRDB
import KPICore
import KPIReport
import KPIService
import Testing

@Suite("Publishing freezes cells")
struct PublishingTests {
    private func words(_ kpis: [String], by: [String] = [], to: String? = nil) -> QuestionText {
        var words = QuestionText()
        words.kpis = kpis
        words.groupings = by
        words.from = to
        words.to = to
        return words
    }

    @Test("Published cells are read back digit by digit, also after later changes")
    func frozen() async throws {
        let workspace = try await PublishedWorkspace()
        let kpis = ["revenue", "win-rate", "deal-cycle", "revenue-growth", "revenue-share"]
        let groupings = ["", "owner", "region,owner"]
        let question = words(kpis, by: groupings, to: "2025-02")
        let before = try await workspace.computed(question)
        try await workspace.publish(kpis, "2025-02", by: groupings)
        try await workspace.change("won,250.50", "won,1")
        let published = try await workspace.company().publishedAnswer(question)
        #expect(CSVReport.text(published) == CSVReport.text(before))
    }

    @Test("Without names every active KPI is published, with the levels it has")
    func allOfThem() async throws {
        let workspace = try await PublishedWorkspace([
            ("kpis/all.yaml", "id: opened-deals,", "id: opened-deals, state: draft,"),
            ("kpis/all.yaml", "id: deal-cycle,", "id: deal-cycle, effective: 2025-03-01,"),
            ("kpis/all.yaml", "id: resolution-time,", "id: resolution-time, state: pilot,"),
        ])
        try workspace.scratch.write(
            "company: Us\npeople: owners\nlevels: {region: region}\n", to: "organization.yaml")
        try workspace.edit("datasets/deals.yaml", "dimensions:", "person: person\ndimensions:")
        try workspace.edit(
            "datasets/deals.yaml", "  region: {of: person.region, label: {zh: 大区, en: Region}}\n",
            "")
        let blocks = try await workspace.publish([], "2025-02")
        let kpis = Set(blocks.map(\.kpi))
        #expect(kpis.isDisjoint(with: ["opened-deals", "deal-cycle", "resolution-time"]))
        #expect(kpis.count == 8)
        #expect(Set(blocks.map(\.dimensions)) == [[], ["region"]])
    }

    @Test("A draft is not published; a pilot is, when it is named")
    func draft() async throws {
        let workspace = try await PublishedWorkspace([
            ("kpis/all.yaml", "id: revenue,", "id: revenue, state: draft,"),
            ("kpis/all.yaml", "id: win-rate,", "id: win-rate, state: pilot,"),
        ])
        #expect(try await code { try await workspace.publish(["revenue"], "2025-02") } == "KPI0424")
        #expect(try await workspace.publish(["win-rate"], "2025-02").count == 1)
    }

    @Test("What is published is not published again, unless as another revision")
    func again() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        #expect(
            try await code { try await workspace.publish(["revenue"], "2025-02", by: ["owner"]) }
                == "KPI0421")
        try await workspace.change("won,250.50", "won,200")
        #expect(try await workspace.restated().count == 1)
        let second = try await workspace.publish(["revenue"], "2025-02", again: true)
        #expect(second.map(\.revision) == [2])
        #expect(try await workspace.restated().isEmpty)
        let all = try await workspace.company().published()
        #expect(all.map(\.revision) == [1, 2])
        #expect(all.map { $0.cells[0].figures.value.exactNumber?.description } == ["250.5", "200"])
    }

    @Test("A refused publication leaves nothing behind")
    func allOrNothing() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        _ = try await code {
            try await workspace.publish(["win-rate", "revenue", "deal-cycle"], "2025-02")
        }
        #expect(try await workspace.company().published().map(\.kpi) == ["revenue"])
    }

    @Test("A period that is not over is refused by name, and marked where it is allowed")
    func unfinished() async throws {
        let workspace = try await PublishedWorkspace()
        #expect(try await code { try await workspace.publish(["revenue"], "2025-04") } == "KPI0422")
        #expect(try await code { try await workspace.publish(["revenue"], "2025-07") } == "KPI0422")
        let blocks = try await workspace.publish(["revenue"], "2025-04", unfinished: true)
        #expect(blocks.map(\.isUnfinished) == [true])
        #expect(blocks[0].cells[0].figures.state == .partial)
    }

    @Test("What cannot be published is refused with its code")
    func refusals() async throws {
        let workspace = try await PublishedWorkspace()
        #expect(try await code { try await workspace.publish(["revenue"], "2025-13") } == "KPI0405")
        #expect(try await code { try await workspace.publish(["revnue"], "2025-02") } == "KPI0401")
        #expect(
            try await code { try await workspace.publish(["revenue"], "2025-02", by: ["chanel"]) }
                == "KPI0402")
        #expect(
            try await code { try await workspace.publish(["revenue"], "2025-02", by: ["channel"]) }
                == "KPI0403")
    }

    @Test("A question about published cells names what is not published")
    func notPublished() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        let company = try await workspace.company()
        #expect(
            try await code { _ = try company.publishedAnswer(words(["revenue"], by: ["owner"])) }
                == "KPI0425")
        #expect(
            try await code { _ = try company.publishedAnswer(words(["revenue"], to: "2025-03")) }
                == "KPI0425")
        #expect(try company.publishedAnswer(words([])).cellCount == 1)
    }

    // MARK: The file

    @Test(
        "Published rows cannot be changed, deleted or replaced, whoever opens the file",
        arguments: ["definitions", "publications", "published_blocks", "published_cells"])
    func isFrozen(table: String) async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02", by: ["owner"])
        let queue = try DatabaseQueue(path: workspace.statePath)
        let column = ["definitions": "text", "publications": "note"][table] ?? "rowid"
        let set = table == "published_cells" ? "value = '1'" : "\(column) = \(column)"
        for sql in [
            "UPDATE \(table) SET \(set)", "DELETE FROM \(table)",
            "INSERT OR REPLACE INTO \(table) SELECT * FROM \(table)",
        ] {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                try await queue.write { try $0.execute(sql: sql) }
            }
        }
    }

    @Test("A cell that was changed behind the triggers is told, not shown")
    func sealed() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        let queue = try DatabaseQueue(path: workspace.statePath)
        try await queue.write {
            try $0.execute(sql: "DROP TRIGGER published_cells_no_update")
            try $0.execute(sql: "UPDATE published_cells SET value = '251'")
        }
        let company = try await workspace.company()
        #expect(try await code { _ = try company.published() } == "KPI0513")
        #expect(try await code { _ = try await company.restatements() } == "KPI0513")
    }

    @Test("A file that is no state is refused")
    func damaged() async throws {
        let workspace = try await PublishedWorkspace()
        let company = try await workspace.company()
        try workspace.scratch.write(
            String(repeating: "not a database ", count: 100), to: "store/state.sqlite")
        #expect(try await code { _ = try company.published() } == "KPI0510")
        try FileManager.default.removeItem(atPath: workspace.statePath)
        let queue = try DatabaseQueue(path: workspace.statePath)
        try await queue.write { try $0.execute(sql: "CREATE TABLE other (id INTEGER)") }
        #expect(try await code { _ = try company.published() } == "KPI0510")
    }

    @Test("A state of a newer release is refused")
    func newer() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        let queue = try DatabaseQueue(path: workspace.statePath)
        try await queue.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 of tomorrow')")
        }
        let company = try await workspace.company()
        #expect(try await code { _ = try company.published() } == "KPI0511")
    }

    @Test("A state that another program holds is named as in use")
    func locked() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        let company = try await workspace.company()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: workspace.statePath, configuration: configuration)
        try queue.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        #expect(try await code { _ = try company.published() } == "KPI0512")
        try queue.inDatabase { try $0.execute(sql: "ROLLBACK") }
        #expect(try company.published().count == 1)
    }
}
