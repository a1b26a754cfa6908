import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery
import KPIService

/// Our side: one question, 12 KPIs × 5 grains × 4 levels of the organisation.
struct Product {
    let folder: String

    static let grains: [Grain] = [.day, .week, .month, .quarter, .year]
    static let levels = [[], ["department"], ["team"], ["person"]]

    static var question: Question {
        Question(kpis: BenchWorkspace.kpis, grains: grains, groupings: levels)
    }

    var calendar: BusinessCalendar {
        get throws { try Company.read(folder).calendar }
    }

    /// From records on disk to cells in memory: the workspace read, the database opened and closed.
    @discardableResult
    func measure(printsStages: Bool) async throws -> (answer: Answer, seconds: Double) {
        try await closeDatabases()
        let start = ContinuousClock.now
        let company = try await Company.open(folder)
        let answer = try await company.compute(Self.question)
        let seconds = start.duration(to: .now).inSeconds
        if printsStages { try await measureStages(company) }
        return (answer, seconds)
    }

    /// The same once more, step by step. The records are in the engine's memory by now.
    private func measureStages(_ company: Company) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let facts = try await company.warehouse.facts()
        let plan = try Planner(workspace: company.workspace, facts: facts).plan(Self.question)
        let planned = clock.now
        let connection = try await company.warehouse.database.connect()
        var tables: [Table] = []
        for scan in plan.scans {
            tables.append(
                try await connection.query(scan.statement.text, scan.statement.parameters))
        }
        let scanned = clock.now
        let evaluator = Evaluator(plan: plan, workspace: company.workspace, tables: tables)
        let rolled = clock.now
        let answer = try evaluator.answer { kpi in
            KPIHeader(
                id: kpi.card.id, label: kpi.card.label, unit: kpi.card.formula.unit,
                isPercent: false, version: "", watermark: "")
        }
        let times = [start, planned, scanned, rolled, clock.now]
        let names = ["plan", "scans and decoding", "roll-up", "evaluation"]
        for (name, pair) in zip(names, zip(times, times.dropFirst())) {
            print("  \(name): \(Int(pair.0.duration(to: pair.1).inSeconds * 1000)) ms")
        }
        print("  \(tables.map(\.rowCount)) partial rows, \(answer.cellCount) cells")
    }
}

/// Closes every database that nobody uses any more. Connections let go of theirs a moment after
/// the last use.
func closeDatabases() async throws {
    try await Task.sleep(for: .milliseconds(200))
    try await Database.settle()
}
