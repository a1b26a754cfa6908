import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery
import KPIService

/// The working time of every ticket, against the plain difference of its two times: the same scan by
/// day and agent, once with each.
struct WorkingTimeMeasure {
    let folder: String
    let runs: Int

    func measure() async throws -> (ours: Double, rival: Double, peak: Int) {
        try await closeDatabases()
        let company = try await Company.open(folder)
        let facts = try await company.warehouse.facts()
        let planner = Planner(workspace: company.workspace, facts: facts)
        func statement(_ kpi: String) throws -> SQLText {
            let question = Question(kpis: [kpi], grains: [.month], groupings: [["person"]])
            return try planner.plan(question).scans[0].statement
        }
        let working = try statement("working-time")
        let plain = try statement("elapsed-time")
        let connection = try await company.warehouse.database.connect()
        if let (name, table) = WorkingTimeTable.needed(by: working, company.workspace) {
            _ = try await connection.ingest(table, into: name, mode: .replace, temporary: true)
        }
        var ours: [Double] = []
        var rival: [Double] = []
        PeakMemory.reset()
        for _ in 0..<runs {
            rival.append(try await time(plain, connection))
            ours.append(try await time(working, connection))
        }
        return (ours.median, rival.median, PeakMemory.megabytes())
    }

    private func time(_ statement: SQLText, _ connection: Connection) async throws -> Double {
        let start = ContinuousClock.now
        _ = try await connection.query(statement.text, statement.parameters)
        return start.duration(to: .now).inSeconds
    }
}
