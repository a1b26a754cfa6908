import Foundation
import Glibc
import KPICore
import KPIEngine
import KPIReport

/// Cells written as CSV, against the engine's COPY of the rival's numbers in the same shape.
struct Writing {
    let folder: String
    let runs: Int

    func measure() async throws -> (ours: Double, rival: Double) {
        let answer = try await Product(folder: folder).measure(printsStages: false).answer
        try await closeDatabases()
        let connection = try await Rival(folder: folder).connect()
        try await connection.execute(Rival.partials)
        try await connection.execute(Self.longTable)
        var ours: [Double] = []
        var rival: [Double] = []
        for _ in 0..<runs {
            ours.append(try write(answer, to: folder + "/cells.csv"))
            let start = ContinuousClock.now
            try await connection.execute(
                "COPY cells TO '\(folder)/rival.csv' (FORMAT csv, HEADER)")
            rival.append(start.duration(to: .now).inSeconds)
        }
        for name in ["cells", "rival"] { unlink("\(folder)/\(name).csv") }
        return (ours.median, rival.median)
    }

    private func write(_ answer: Answer, to path: String) throws -> Double {
        try seconds {
            guard let file = fopen(path, "w") else { throw CocoaError(.fileWriteUnknown) }
            defer { fclose(file) }
            CSVReport.write(answer) { _ = fwrite($0.baseAddress, 1, $0.count, file) }
        }.seconds
    }

    /// One row for each cell: KPI, grain, period, three levels, value.
    private static var longTable: String {
        let names = BenchWorkspace.kpis.map { "\"\($0)\"" }.joined(separator: ", ")
        let parts = Product.grains.flatMap { grain in
            Rival.levels.indices.map { level in
                """
                SELECT '\(grain.rawValue)' AS grain, b::VARCHAR AS period, \(columns(level)),
                    \(names) FROM (\(Rival.statement(grain, level)))
                    AS s(b, g, \(names))
                """
            }
        }
        return """
            CREATE TEMP TABLE cells AS SELECT kpi, grain, period, department, team, person, value
            FROM (UNPIVOT (SELECT grain, period, department, team, person,
                \(BenchWorkspace.kpis.map { "\"\($0)\"::DOUBLE AS \"\($0)\"" }.joined(separator: ", "))
                FROM (\(parts.joined(separator: " UNION ALL "))))
            ON \(names) INTO NAME kpi VALUE value)
            """
    }

    private static func columns(_ level: Int) -> String {
        Rival.levels.dropFirst().enumerated().map { index, other in
            "\(index + 1 == level ? "g" : "'*'") AS \(other.name)"
        }.joined(separator: ", ")
    }
}
