import KPICore
import KPIEngine
import KPIModel
import KPIService
import Testing

/// A KPI of an example with its definition in SQL.
struct WitnessCase: Sendable, CustomTestStringConvertible {
    let example: Example
    let kpi: String

    var testDescription: String { "\(example) \(kpi)" }

    static let all = Example.all.flatMap { example in
        example.witnesses.map { WitnessCase(example: example, kpi: $0) }
    }
}

/// The examples against definitions written by hand in SQL, cell by cell in both directions.
@Suite(.enabled(if: ExampleData.isExpected, "\(ExampleData.comment)"))
struct WitnessTests {
    @Test("Cells are the rows of the definition in SQL", arguments: WitnessCase.all)
    func cells(_ item: WitnessCase) async throws {
        let run = try await ExampleRun.of(item.example)
        let cells = run.cells(item.kpi)
        let rows = try await run.witnessCells(item.example, item.kpi)
        #expect(!rows.isEmpty)
        var differences: [String] = []
        for (key, row) in rows {
            guard let cell = cells[key] else {
                differences.append("\(key): no cell")
                continue
            }
            differences += difference(key, row, cell)
        }
        for (key, cell) in cells where rows[key] == nil {
            if let words = surplus(cell, item.kpi) { differences.append("\(key): \(words)") }
        }
        #expect(
            differences.isEmpty,
            "\(differences.count) of \(rows.count): \(differences.sorted().prefix(5))")
    }

    private func difference(_ key: CellKey, _ row: CellValue, _ cell: CellValue) -> [String] {
        let parts: [(String, Scalar, Scalar)] = [
            ("value", row.value, cell.value), ("numerator", row.numerator, cell.numerator),
            ("denominator", row.denominator, cell.denominator), ("n", row.n, cell.n),
            ("open", row.open, cell.open),
        ]
        return parts.filter { !$1.isSame(as: $2) }
            .map { "\(key) \($0): SQL \($1), cell \($2) (\(cell.state))" }
    }

    /// What is wrong with a cell without row: it may hold nothing, for its group has no record in
    /// the period. Growth and share still count the records they divide by.
    private func surplus(_ cell: CellValue, _ kpi: String) -> String? {
        switch kpi {
        case "sales-growth-rate":
            let isLoss = cell.value.isNull || cell.value.isSame(as: .integer(-1))
            return isLoss ? nil : "growth to \(cell.value) without records"
        case "revenue-mix-share":
            let isZero = cell.value.isNull || cell.value.isSame(as: .integer(0))
            return isZero ? nil : "a share of \(cell.value) without records"
        default:
            let isEmpty = [cell.value, cell.n, cell.open].allSatisfy {
                $0.isNull || $0.isSame(as: .integer(0))
            }
            return isEmpty ? nil : "\(cell) without records"
        }
    }

    @Test("Every KPI of an example has a definition in SQL", arguments: Example.all)
    func complete(_ example: Example) async throws {
        let run = try await ExampleRun.of(example)
        #expect(run.loaded.company.workspace.cards.map(\.id).sorted() == example.witnesses)
        #expect(Set(run.answer.blocks.map(\.kpi.id)) == Set(example.witnesses))
    }

    @Test("Cards say who collects, who verifies, how to count", arguments: Example.all)
    func cards(_ example: Example) async throws {
        for card in try await ExampleRun.of(example).loaded.company.workspace.cards {
            #expect(card.collector != nil && card.verifier != nil, "\(card.id)")
            #expect(card.collector != card.verifier, "\(card.id)")
            #expect(card.description != nil && card.basis != nil && card.notes != nil, "\(card.id)")
            if example.isStandard { continue }
            let ages = card.id == Example.cohortKPI ? ["age"] : []
            #expect(card.breakdowns == example.breakdowns + ages, "\(card.id)")
        }
    }

    @Test("The margin of a net promoter score is that of the definition in SQL")
    func margin() async throws {
        let run = try await ExampleRun.of(.bank)
        let rows = try await run.witness.query(try Example.bank.sql("_margin"))
        var words = QuestionText()
        words.kpis = ["net-promoter-score"]
        words.grains = ["quarter"]
        words.groupings = ["customer_region"]
        words.intervals = true
        let company = run.loaded.company
        let question = try QuestionReader(company.workspace).question(words)
        let block = try #require(try await company.compute(question).blocks.first)
        #expect(block.cellCount == rows.rowCount)
        for group in 0..<block.groupCount {
            for (index, period) in block.periods.enumerated() {
                let cell = index * block.groupCount + group
                let row = group * block.periods.count + index
                #expect(rows["period"]?[row] == .text(period))
                #expect(rows["member"]?[row] == .text(block.members[0][group]))
                let low = try #require(block.low?[cell]), high = try #require(block.high?[cell])
                #expect(try #require(rows["low"]?[row]).isSame(as: low))
                #expect(try #require(rows["high"]?[row]).isSame(as: high))
            }
        }
    }
}
