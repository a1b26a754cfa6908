import KPICore
import KPIService
import Testing

/// A cell whose records are listed.
struct ExplainCase: Sendable, CustomTestStringConvertible {
    let example: Example
    let kpi: String
    let period: String
    var members: [String] = []

    var testDescription: String { "\(kpi) \(period) \(members)" }

    static let all: [ExplainCase] = [
        .init(example: .crm, kpi: "win-rate", period: "2017-Q2", members: ["manager=Cara Losch"]),
        .init(
            example: .crm, kpi: "win-rate", period: "2017-Q2", members: ["manager=Rocco Neubert"]),
        .init(example: .crm, kpi: "win-rate", period: "total"),
        .init(example: .crm, kpi: "sales-revenue", period: "2017-07"),
        .init(example: .crm, kpi: "sales-cycle-length", period: "2017-Q3"),
        .init(example: .crm, kpi: "sales-growth-rate", period: "2017-06"),
        .init(
            example: .crm, kpi: "sales-growth-rate", period: "2017-Q3",
            members: ["product=GTX Pro"]),
        .init(
            example: .crm, kpi: "revenue-mix-share", period: "2017-Q4",
            members: ["regional_office=East"]),
        .init(
            example: .serviceDesk, kpi: "average-resolution-time", period: "2016-05",
            members: ["priority=1"]),
        .init(
            example: .serviceDesk, kpi: "average-resolution-time-median", period: "2016-W10",
            members: ["category=(unknown)"]),
        .init(example: .serviceDesk, kpi: "problem-resolution-rate", period: "2016-03-07"),
        .init(example: .retail, kpi: "order-count", period: "2011-03-07"),
        .init(
            example: .retail, kpi: "average-order-value", period: "2011-06",
            members: ["country=Germany"]),
        .init(
            example: .retail, kpi: "repeat-purchase-rate", period: "2011-Q2",
            members: ["country=France"]),
        .init(example: .retail, kpi: "new-customer-count", period: "2011-09"),
        .init(
            example: .retail, kpi: "new-customer-revenue-share", period: "2011-05",
            members: ["country=Spain"]),
    ]
}

/// What is listed behind a cell is what the cell counted.
@Suite(.enabled(if: ExampleData.isExpected, "\(ExampleData.comment)"))
struct ExplainTests {
    @Test("As many records are listed as the cell's n", arguments: ExplainCase.all)
    func records(_ item: ExplainCase) async throws {
        let company = try await ExampleRun.of(item.example).loaded.company
        let explanation = try await company.explain(
            item.kpi, period: item.period, members: item.members, limit: 3)
        let n = try #require(explanation.cell.n?[explanation.group].exact)
        let listed = explanation.records.reduce(0) { $0 + $1.total }
        #expect(ExactDecimal(Int64(listed)) == n)
        #expect(listed > 0)
        #expect(explanation.records.allSatisfy { $0.table.rowCount <= 3 })
    }

    @Test("A KPI of keys lists keys, others list records with file and line")
    func columns() async throws {
        let company = try await ExampleRun.of(.retail).loaded.company
        let keys = try await company.explain(
            "order-count", period: "2011-03-07", members: [], limit: 2)
        #expect(keys.records.map(\.listsKeys) == [true])
        let lines = try await company.explain(
            "order-value", period: "2011-03-07", members: [], limit: 2)
        #expect(lines.records.map(\.listsKeys) == [false])
        #expect(lines.records[0].table.columns.prefix(2).map(\.name) == ["file", "line"])
    }

    @Test("An explanation says how many days a card waits, with what it sets itself")
    func window() async throws {
        let company = try await ExampleRun.of(.retail).loaded.company
        for (card, days) in [("repurchase-rate-90-days", 90), ("repurchase-rate-30-days", 30)] {
            let explanation = try await company.explain(
                card, period: "2011-06", members: [], limit: 1)
            #expect(explanation.windows.map(\.count) == [days])
            #expect(explanation.parameters.map(\.name) == ["repurchase_days"])
            #expect(explanation.parameters.map(\.value) == [Int64(days)])
        }
    }
}
