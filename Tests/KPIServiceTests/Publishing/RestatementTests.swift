import Foundation
import KPICore
import KPIService
import Testing

/// Reference workspace: D1 100 won by Ann on 20 January, D2 250.50 won by Ann on 10 February, D3 lost by
/// Bob on 11 February.
@Suite("Restatements: was, is, why")
struct RestatementTests {
    // MARK: Records

    @Test("Nothing is restated when nothing changed, also after loading the same files again")
    func nothing() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish([], "2025-02", by: ["owner", "region"])
        #expect(try await workspace.restated().isEmpty)
        try await workspace.load(again: true)
        #expect(try await workspace.restated().isEmpty)
    }

    @Test("A late record restates the cells of its day, and no others")
    func late() async throws {
        let workspace = try await PublishedWorkspace()
        for month in ["2025-01", "2025-02"] { try await workspace.publish(["revenue"], month) }
        try await workspace.add("D7,Ann,2025-02-01,2025-02-12,won,10.25")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "260.75", "late records")
            ])
    }

    @Test("A corrected value is a correction")
    func corrected() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue", "win-rate"], "2025-02")
        try await workspace.change("won,250.50", "won,200.00")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "200", "corrected records")
            ])
    }

    @Test("A record that moves to another day restates both periods")
    func movedDay() async throws {
        let workspace = try await PublishedWorkspace()
        for month in ["2025-01", "2025-02", "2025-03"] {
            try await workspace.publish(["revenue"], month)
        }
        try await workspace.change("2025-01-15,2025-02-10", "2025-01-15,2025-03-10")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "0", "corrected records"),
                Restated("revenue 2025-03", "0", "250.5", "corrected records"),
            ])
    }

    @Test("A record that moves to another group restates both; one cell goes, the company stays")
    func movedGroup() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02", by: ["owner"])
        try await workspace.change("D2,Ann", "D2,Bob")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02 owner=Ann", "250.5", "absent", "corrected records"),
                Restated("revenue 2025-02 owner=Bob", "0", "250.5", "corrected records"),
            ])
    }

    @Test("A cell that appears is listed")
    func appearing() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-01", by: ["owner"])
        try await workspace.add("D7,Dan,2025-01-01,2025-01-12,lost,")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-01 owner=Dan", "absent", "0", "late records")
            ])
    }

    @Test("A record that is no longer in a snapshot is a correction")
    func deleted() async throws {
        let workspace = try await PublishedWorkspace([
            ("sources/deals.yaml", "files:", "mode: snapshot\nfiles:")
        ])
        try await workspace.publish(["revenue"], "2025-02")
        try await workspace.change("D2,Ann,2025-01-15,2025-02-10,won,250.50\n", "")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "0", "corrected records")
            ])
    }

    @Test("A team that moves behind a reference restates the cells of both")
    func referenced() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["opened-deals"], "2025-01", by: ["region"])
        try workspace.edit("data/owners.csv", "Bob,North", "Bob,South")
        try await workspace.load()
        #expect(
            try await workspace.restated() == [
                Restated("opened-deals 2025-01 region=North", "3", "2", "referenced records"),
                Restated("opened-deals 2025-01 region=South", "absent", "1", "referenced records"),
            ])
    }

    @Test("Moved windows depend on other days")
    func windows() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(
            ["revenue", "revenue-growth", "revenue-ytd", "revenue-3m"], "2025-03")
        // January: neither in March nor in the month before it.
        try await workspace.change("won,100.00", "won,110.00")
        #expect(
            try await workspace.restated() == [
                Restated("revenue-ytd 2025-03", "350.5", "360.5", "corrected records"),
                Restated("revenue-3m 2025-03", "350.5", "360.5", "corrected records"),
            ])
    }

    @Test("Both late and corrected records are told, with their counts and loads")
    func counts() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["win-rate"], "2025-02")
        try await workspace.change(
            "D2,Ann,2025-01-15,2025-02-10,won", "D2,Ann,2025-01-15,2025-02-10,lost")
        try await workspace.add("D7,Ann,2025-02-01,2025-02-12,won,10")
        let item = try #require(try await workspace.company().restatements().items.first)
        #expect(Restated(item).why == ["late records", "corrected records"])
        guard case .lateRecords(let late) = item.reasons[0],
            case .correctedRecords(let corrected) = item.reasons[1]
        else { return }
        #expect(late.map(\.inserted) == [1] && late.map(\.column) == ["closed_on"])
        #expect(corrected.map(\.updated) == [1] && corrected[0].loads.count == 2)
    }

    // MARK: Definitions

    private func versionParts(_ workspace: PublishedWorkspace) async throws -> [DefinitionPart] {
        let items = try await workspace.company().restatements().items
        return items.flatMap(\.reasons).flatMap { reason -> [DefinitionPart] in
            if case .newVersion(let parts) = reason { parts } else { [] }
        }
    }

    @Test("Another formula is a new version, and both versions are named")
    func formula() async throws {
        let workspace = try await PublishedWorkspace()
        let blocks = try await workspace.publish(["win-rate", "win-gain"], "2025-02")
        try workspace.edit("kpis/all.yaml", "成交数 ÷ (成交数 + 丢单数)", "丢单数 ÷ (成交数 + 丢单数 + 成交数)")
        let items = try await workspace.company().restatements(["win-rate"]).items
        #expect(
            items.map(Restated.init) == [
                Restated("win-rate 2025-02", "0.5", "0.3333333333333333", "new version")
            ])
        #expect(items[0].wasVersion.hash == blocks[0].version)
        #expect(items[0].nowVersion?.hash != blocks[0].version)
        #expect(Set(try await versionParts(workspace)) == [.formula])
    }

    @Test("A definition that is written otherwise and gives the same figures restates nothing")
    func sameFigures() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["win-rate"], "2025-02")
        try workspace.edit("kpis/all.yaml", "(成交数 + 丢单数)", "(丢单数 + 成交数)")
        #expect(try await workspace.restated().isEmpty)
    }

    @Test("Another measure is a new version")
    func measure() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        try workspace.edit(
            "datasets/deals.yaml", "sum(amount), where: stage = \"won\"",
            "sum(amount), where: stage = \"lost\"")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "0", "new version")
            ])
        #expect(try await versionParts(workspace) == [.measure])
    }

    @Test("Another week makes a week's cells go: the calendar of the definition is another")
    func calendar() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-W07")
        try workspace.edit("plumbline.yaml", "currency: CNY", "currency: CNY\nweek_start: sunday")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-W07", "250.5", "absent", "new version")
            ])
        #expect(try await versionParts(workspace) == [.calendar])
    }

    @Test("Another mapping is a new version, and the records it brings are corrected")
    func mapping() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        try workspace.edit(
            "sources/deals.yaml", "amount: amount", "amount: {from: amount, missing: ['250.50']}")
        try await workspace.load()
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "0", "corrected records", "new version")
            ])
        #expect(try await versionParts(workspace) == [.mapping])
    }

    @Test("A card that is gone makes its published cells go")
    func removed() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["opened-deals"], "2025-02")
        try workspace.edit("kpis/all.yaml", "id: opened-deals", "id: new-deals")
        #expect(
            try await workspace.restated() == [
                Restated("opened-deals 2025-02", "2", "absent", "new version")
            ])
        #expect(try await versionParts(workspace) == [.removed])
    }

    @Test("A definition that takes effect later does not restate earlier periods")
    func effective() async throws {
        func card(_ formula: String) -> String {
            "  - {id: own, label: {zh: 自定, en: Own}, unit: currency, formula: \(formula)}\n"
        }
        func dated(_ day: String) -> String {
            card("成交额 × 2, effective: \(day), earlier: [{formula: 成交额}]")
        }
        let workspace = try await PublishedWorkspace([
            ("kpis/all.yaml", "kpis:\n", "kpis:\n" + card("成交额"))
        ])
        try await workspace.publish(["own"], "2025-02")
        try workspace.edit("kpis/all.yaml", card("成交额"), dated("2025-03-01"))
        #expect(try await workspace.restated().isEmpty)
        try workspace.edit("kpis/all.yaml", "2025-03-01", "2025-02-01")
        #expect(
            try await workspace.restated() == [
                Restated("own 2025-02", "250.5", "501", "new version")
            ])
    }

    @Test("A dimension that is defined otherwise is told")
    func grouping() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02", by: ["owner"])
        try workspace.edit("datasets/deals.yaml", "{of: owner,", "{of: stage,")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02 owner=Ann", "250.5", "absent", "new grouping"),
                Restated("revenue 2025-02 owner=Bob", "0", "absent", "new grouping"),
                Restated("revenue 2025-02 owner=lost", "absent", "0", "new grouping"),
                Restated("revenue 2025-02 owner=won", "absent", "250.5", "new grouping"),
            ])
    }

    // MARK: Coverage, time, store

    @Test("Declared coverage that no longer holds a period is told")
    func coverage() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-01")
        try workspace.edit("datasets/deals.yaml", "from: 2025-01-01", "from: 2025-02-01")
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-01", "100", "no_data", "coverage")
            ])
    }

    @Test("A period that was not over is restated as time passed")
    func timePassed() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["resolution-time"], "2025-04", unfinished: true)
        let tickets = try workspace.scratch.read("data/tickets.csv")
        try workspace.scratch.write(
            tickets + "T5,mail,2025-05-02T09:00,\n", to: "data/tickets.csv")
        try await workspace.load()
        let items = try await workspace.company().restatements().items
        #expect(items.map { Restated($0).why } == [["time passed"]])
        #expect(items.first?.was?.state == .partial && items.first?.now?.state == .final)
    }

    @Test("A table that was made anew cannot be compared: its records were reloaded")
    func anew() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        try workspace.edit("datasets/deals.yaml", "amount: money", "amount: money(4)")
        try workspace.edit("data/deals.csv", "won,250.50", "won,250.5011")
        try await workspace.load(again: true)
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "250.5011", "records reloaded")
            ])
    }

    @Test("A store that was made anew is not taken for the one that was published from")
    func anotherStore() async throws {
        let workspace = try await PublishedWorkspace()
        try await workspace.publish(["revenue"], "2025-02")
        for name in ["records.duckdb", "records.duckdb.wal"] {
            try? FileManager.default.removeItem(
                atPath: workspace.scratch.folder + "/store/" + name)
        }
        try workspace.edit("data/deals.csv", "won,250.50", "won,99")
        try await workspace.load()
        #expect(
            try await workspace.restated() == [
                Restated("revenue 2025-02", "250.5", "99", "records reloaded")
            ])
    }
}
