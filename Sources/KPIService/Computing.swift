import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery

extension Company {
    /// The cells of a question.
    ///
    /// - Throws: `Diagnostics`.
    package func compute(_ question: Question) async throws -> Answer {
        if let kept = try await keptAnswer(question) { return kept }
        return try await computeFromRecords(question)
    }

    /// The cells of a question, whatever is kept.
    package func computeFromRecords(_ question: Question) async throws -> Answer {
        try await answer(question).answer
    }

    /// The plan of a question with its cells, on one connection.
    ///
    /// What is known of the records and all scans are of one state: a load that is committed meanwhile
    /// is seen in all of them or in none.
    func answer(
        _ question: Question
    ) async throws -> (plan: Plan, answer: Answer, connection: Connection) {
        guard try await warehouse.hasDatasets() else {
            throw Diagnostics(.notLoaded(dataset: workspace.datasets.first?.id ?? ""))
        }
        do {
            // Statements of questions never need files; loads of this process still read theirs.
            try await warehouse.database.lockDown(exceptIn: warehouse.dataFolders)
            let connection = try await warehouse.database.connect()
            let (plan, tables) = try await connection.transaction { connection in
                let planner = Planner(
                    workspace: workspace, facts: try warehouse.facts(of: nil, on: connection))
                let plan = try planner.plan(try keepingLargest(question, planner, connection))
                return (plan, try run(plan.scans, on: connection))
            }
            let evaluator = Evaluator(plan: plan, workspace: workspace, tables: tables)
            return (plan, try evaluator.answer(header: header), connection)
        } catch let error as EngineError {
            throw Warehouse.diagnostics(error, path: warehouse.database.path ?? "")
        }
    }

    /// What `body` answers when no load is committed while it runs.
    func atOneState<T>(_ body: () async throws -> T) async throws -> T {
        while true {
            let connection = try await warehouse.database.connect()
            let before = try await connection.perform { try KeptStore.lastLoad($0) }
            let result = try await body()
            let after = try await connection.perform { try KeptStore.lastLoad($0) }
            if before == after { return result }
        }
    }

    /// The question with the groups that `top` keeps apart: the largest by the first KPI over the whole
    /// range, of equal ones the first by code point.
    private func keepingLargest(
        _ question: Question, _ planner: Planner, _ connection: isolated Connection
    ) throws -> Question {
        guard let count = question.top, let first = question.kpis.first else { return question }
        if let wide = question.groupings.first(where: { $0.count > 1 }) {
            throw Diagnostics(.topNeedsOneDimension(wide))
        }
        var ranking = question
        ranking.kpis = [first]
        ranking.grains = [.total]
        ranking.groupings = question.groupings.filter { !$0.isEmpty }
        ranking.top = nil
        ranking.intervals = false
        var result = question
        result.top = nil
        guard !ranking.groupings.isEmpty else { return result }
        let plan = try planner.plan(ranking)
        let tables = try run(plan.scans, on: connection)
        let answer = try Evaluator(plan: plan, workspace: workspace, tables: tables)
            .answer(header: header)
        let isLower = plan.kpis[0].card.direction == .lower
        for block in answer.blocks {
            result.kept[block.dimensions[0]] = block.largest(count, isLower: isLower)
        }
        return result
    }

    func run(_ scans: [Scan], on connection: isolated Connection) throws -> [Table] {
        try prepare(for: scans.map(\.statement), on: connection)
        return try scans.map { scan in
            for (name, table) in [scan.windowTable, scan.boundsTable].compactMap({ $0 }) {
                _ = try connection.ingest(table, into: name, mode: .replace, temporary: true)
            }
            return try connection.query(scan.statement.text, scan.statement.parameters)
        }
    }

    /// Makes the table that statements look up working time in, where one of them does.
    func prepare(for statements: [SQLText], on connection: isolated Connection) throws {
        for statement in statements {
            guard let (name, table) = WorkingTimeTable.needed(by: statement, workspace) else {
                continue
            }
            _ = try connection.ingest(table, into: name, mode: .replace, temporary: true)
            return
        }
    }

    func header(_ kpi: PlannedKPI) -> KPIHeader {
        let zone = workspace.calendar.zone
        let watermark = kpi.watermark.map {
            LocalClock.text(zone.local($0)) + zone.offsetText(at: $0)
        }
        return KPIHeader(
            id: kpi.card.id, label: kpi.card.label, unit: kpi.card.formula.unit,
            isPercent: kpi.card.formula.isPercent,
            isWorkingTime: workspace.isWorkingTime(kpi.card.formula),
            version: version(of: kpi.card), watermark: watermark ?? "")
    }
}

extension CellBlock {
    /// The members of the one dimension with the largest (smallest) values of the only period.
    fileprivate func largest(_ count: Int, isLower: Bool) -> Set<String> {
        let ranked = (0..<groupCount).filter { state[$0].hasValue }.sorted { a, b in
            let (x, y) = (value.numbers.double(a), value.numbers.double(b))
            // Groups stand in the order of code points.
            return x == y ? a < b : isLower ? x < y : x > y
        }
        return Set(ranked.prefix(count).map { members[0][$0] })
    }
}
