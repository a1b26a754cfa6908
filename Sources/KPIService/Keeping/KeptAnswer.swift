import KPICore
import KPIEngine
import KPIFormula
import KPIIngest
import KPIModel
import KPIQuery

extension Company {
    /// The cells of a question out of those kept, where a kept question holds all of them and is up to
    /// date; else nil.
    package func keptAnswer(_ question: Question) async throws -> Answer? {
        guard question.asOf == nil, !question.intervals, question.top == nil,
            question.group == nil
        else { return nil }
        let connection = try await warehouse.database.connect()
        let candidates = try await connection.perform { try Self.keptQuestions($0) }
        for kept in candidates {
            let whole = try? QuestionReader(workspace).question(kept.words)
            guard let whole, holds(whole, question) else { continue }
            if let answer = try await answer(question, from: kept, whole, connection) {
                return answer
            }
        }
        return nil
    }

    private func holds(_ whole: Question, _ part: Question) -> Bool {
        let groupings = Set(whole.groupings.map(Set.init))
        return part.filter?.node == whole.filter?.node
            && Set(part.kpis).isSubset(of: whole.kpis)
            && Set(part.grains).isSubset(of: whole.grains)
            && part.groupings.allSatisfy { groupings.contains(Set($0)) }
    }

    private func answer(
        _ question: Question, from kept: KeptQuestion, _ whole: Question, _ connection: Connection
    ) async throws -> Answer? {
        let load = try await connection.perform { try KeptStore.lastLoad($0) }
        let planner = Planner(workspace: workspace, facts: try await warehouse.facts())
        guard let all = try? planner.outline(whole) else { return nil }
        let asked = try planner.outline(question)
        guard asked.frames(in: all) != nil else { return nil }
        let definitions = keptDefinitions(whole, all, planner.facts)
        let reader = KeptReader(
            kept: KeptTable(question: whole), outline: asked, headers: asked.kpis.map(header),
            kpis: asked.kpis.map { kpi in whole.kpis.firstIndex { $0 == kpi.card.id }! })
        return try await connection.transaction { connection in
            let store = KeptStore(connection: connection, number: kept.number)
            // The facts, the cells and what they were computed from must be of one state.
            guard let state = try store.state(), state.load == load, state.asOf == all.asOf,
                state.definitions == definitions, try KeptStore.lastLoad(connection) == load
            else { return nil }
            return try read(question, reader, whole, all, store, connection)
        }
    }

    private func read(
        _ question: Question, _ reader: KeptReader, _ whole: Question, _ all: Outline,
        _ store: KeptStore, _ connection: isolated Connection
    ) throws -> Answer? {
        var blocks: [(kpi: Int, grain: Int, grouping: Int, block: CellBlock)] = []
        for (number, grain) in reader.outline.grains.enumerated() {
            let place = whole.grains.firstIndex(of: grain.grain)!
            for (index, grouping) in question.groupings.enumerated() {
                let other = whole.groupings.firstIndex { Set($0) == Set(grouping) }!
                let dimensions = question.dimensions.filter(grouping.contains)
                let rows = try rows(
                    reader, grain, dimensions, reader.kept.number(grain: place, grouping: other),
                    store, connection)
                guard
                    let own = reader.blocks(rows, grain: grain, dimensions: dimensions)
                else { return nil }
                blocks += own.map { ($0.kpi, number, index, $0.block) }
            }
        }
        // KPIs as asked; of one, grains, groupings, and its versions in order.
        let order = reader.outline.kpis.map { kpi in question.kpis.firstIndex(of: kpi.card.id)! }
        blocks.sort {
            (order[$0.kpi], $0.grain, $0.grouping, $0.kpi)
                < (order[$1.kpi], $1.grain, $1.grouping, $1.kpi)
        }
        return Answer(dimensions: question.dimensions, blocks: blocks.map(\.block))
    }

    private func rows(
        _ reader: KeptReader, _ grain: PlannedGrain, _ dimensions: [String], _ number: Int64,
        _ store: KeptStore, _ connection: isolated Connection
    ) throws -> Table {
        let names = reader.kept.question.dimensions
        let places = dimensions.map { "d\(names.firstIndex(of: $0)!)" }
        let columns = places + reader.kept.names(Set(reader.kpis).sorted())
        let starts = reader.outline.starts[
            reader.outline.grains.firstIndex { $0.grain == grain.grain }!]
        let order: [SQLText] = (["t"] + places).map { "\(name: $0)" }
        let statement: SQLText = """
            SELECT \(columns.map { "\(name: $0)" as SQLText }) FROM kept.\(name: store.cells) \
            WHERE \(name: "q") = \(value: .integer(number)) \
            AND \(name: "t") BETWEEN \(value: .integer(starts.min() ?? 0)) \
            AND \(value: .integer(starts.max() ?? 0)) ORDER BY \(order)
            """
        return try connection.query(statement.text, statement.parameters)
    }
}
