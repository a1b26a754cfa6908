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
        try await answer(question).answer
    }

    /// The plan of a question with its cells, on one connection.
    func answer(
        _ question: Question
    ) async throws -> (plan: Plan, answer: Answer, connection: Connection) {
        let facts = try await warehouse.facts()
        guard !facts.isEmpty else {
            throw Diagnostics(.notLoaded(dataset: workspace.datasets.first?.id ?? ""))
        }
        let plan = try Planner(workspace: workspace, facts: facts).plan(question)
        do {
            try await warehouse.database.lockDownOnce()
            let connection = try await warehouse.database.connect()
            let tables = try await run(plan.scans, on: connection)
            let evaluator = Evaluator(plan: plan, workspace: workspace, tables: tables)
            return (plan, try evaluator.answer(header: header), connection)
        } catch let error as EngineError {
            throw Warehouse.diagnostics(error, path: warehouse.database.path ?? "")
        }
    }

    private func run(_ scans: [Scan], on connection: Connection) async throws -> [Table] {
        try await connection.perform { connection in
            try scans.map { scan in
                for (name, table) in [scan.windowTable, scan.boundsTable].compactMap({ $0 }) {
                    _ = try connection.ingest(table, into: name, mode: .replace, temporary: true)
                }
                return try connection.query(scan.statement.text, scan.statement.parameters)
            }
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
            version: Self.version(of: kpi.card, in: workspace), watermark: watermark ?? "")
    }
}

extension Database {
    /// Statements of questions never need files or settings.
    func lockDownOnce() async throws {
        do {
            try await lockDown()
        } catch let error as EngineError where error.kind == .forbidden {
            // It is locked already.
        }
    }
}
