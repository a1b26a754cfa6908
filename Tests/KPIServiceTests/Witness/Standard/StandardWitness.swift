import Foundation
import KPICore
import KPIEngine
import KPIIngest

/// The independent computation of the library's KPIs: hand-written SQL over a folder of CSV files in the
/// shape of the standard model, in `Tests/Witness/standard`, at month by company and team.
struct StandardWitness {
    struct Cell: Equatable {
        var value: Double?
        var numerator: Double?
        var denominator: Double?
        var n: Double?
        /// Empty where there is a value.
        var reason = ""
    }

    struct Key: Hashable, CustomStringConvertible {
        var kpi: String
        var period: String
        /// `*` for the whole company, else the team.
        var unit: String

        var description: String { "\(kpi) \(period) \(unit)" }
    }

    /// What a KPI reads, and how far back.
    private struct Use {
        var entity: String
        var days: Int
        var months: Int
    }

    static let folder = packageFolder + "/Tests/Witness/standard"

    /// Every file of SQL, without its ending.
    private static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/kpis")) ?? []
        return files.filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
    }()

    /// The KPIs that have a witness.
    static let kpis = names.filter { !$0.contains("~") }

    /// The variants that have one, each as `KPI~VARIANT`.
    static let variants = names.filter { $0.contains("~") }

    /// The id of the card that is counted so: the KPI itself, or for a variant one of its own.
    static func card(_ name: String) -> String { name.replacing("~", with: "--") }

    private let connection: Connection
    private let database: Database
    private let months: [Month]
    private let asOf: String
    private var coverage: [String: [(from: String, to: String)]] = [:]
    private var uses: [String: [Use]] = [:]

    struct Month {
        var name: String
        var start: CivilDate
        var end: CivilDate
    }

    /// - Parameters:
    ///   - data: a folder with a file for every entity and `coverage.csv`.
    ///   - months: first and last, both included, as years and months.
    init(data: String, from: (Int, Int), to: (Int, Int)) async throws {
        database = try await Database.inMemory(options: DatabaseOptions(threads: 2))
        connection = try await database.connect()
        months = Self.months(from, to)
        for record in try CSVHeader.records(of: data + "/coverage.csv").dropFirst() {
            let range = (String(record[1].prefix(10)), String(record[2].prefix(10)))
            coverage[record[0], default: []].append(range)
        }
        for record in try CSVHeader.records(of: Self.folder + "/uses.csv").dropFirst() {
            uses[record[0], default: []].append(
                Use(entity: record[1], days: Int(record[2]) ?? 0, months: Int(record[3]) ?? 0))
        }
        asOf = coverage.values.compactMap { $0.map(\.to).max() }.min()!
        try await prepare(data)
    }

    private static func months(_ from: (Int, Int), _ to: (Int, Int)) -> [Month] {
        (from.0 * 12 + from.1 - 1...to.0 * 12 + to.1 - 1).map { index in
            let start = Self.first(index)
            let name = start.description.prefix(7)
            return Month(name: String(name), start: start, end: Self.first(index + 1))
        }
    }

    private static func first(_ index: Int) -> CivilDate {
        CivilDate(String(format: "%04d-%02d-01", index / 12, index % 12 + 1))!
    }

    private func prepare(_ data: String) async throws {
        let parts = try String(contentsOfFile: Self.folder + "/model.sql", encoding: .utf8)
            .components(separatedBy: "-- @clock")
        try await run("SET VARIABLE csvdir = '\(data)'")
        try await run(parts[0])
        try await run("CREATE TABLE clock AS SELECT TIMESTAMP '\(asOf) 00:00:00' AS as_of")
        try await run("CREATE TABLE months(period VARCHAR, a TIMESTAMP, b TIMESTAMP)")
        for month in months {
            try await run(
                "INSERT INTO months VALUES ('\(month.name)', TIMESTAMP '\(month.start)', TIMESTAMP '\(month.end)')"
            )
        }
        try await run(parts[1])
        try await run(String(contentsOfFile: Self.folder + "/macros.sql", encoding: .utf8))
    }

    /// Several statements, each ending with a line that ends in `;`.
    private func run(_ script: String) async throws {
        for statement in script.components(separatedBy: ";\n") {
            let lines = statement.split(separator: "\n").filter { !$0.hasPrefix("--") }
            guard !lines.isEmpty else { continue }
            try await connection.execute(lines.joined(separator: "\n"))
        }
    }

    // MARK: Answers

    /// The cells of a KPI or a variant.
    func cells(_ kpi: String) async throws -> [Key: Cell] {
        let sql = try String(contentsOfFile: Self.folder + "/kpis/\(kpi).sql", encoding: .utf8)
        let table = try await connection.query(sql)
        var cells: [Key: Cell] = [:]
        let lost = Set(months.filter { isUncovered(kpi, $0) }.map(\.name))
        for row in 0..<table.rowCount {
            guard case .text(let period)? = table["period"]?[row],
                case .text(let unit)? = table["unit"]?[row]
            else { continue }
            var cell = Cell(
                value: table["value"]?[row].number, numerator: table["numerator"]?[row].number,
                denominator: table["denominator"]?[row].number, n: table["n"]?[row].number)
            if case .text(let reason)? = table["reason"]?[row] { cell.reason = reason }
            if lost.contains(period) {
                if unit == "(unknown)" { continue }
                cell = Cell(reason: "no_data")
            }
            cells[Key(kpi: Self.card(kpi), period: period, unit: unit)] = cell
        }
        return cells
    }

    /// No part of the month is covered, or of the one before it that the KPI needs, or a trailing window
    /// reaches before coverage.
    private func isUncovered(_ kpi: String, _ month: Month) -> Bool {
        let closing = min(month.end.description, asOf)
        if closing <= month.start.description { return true }
        return uses[kpi, default: []].contains { use in
            let ranges = coverage[use.entity] ?? []
            func isCovered(_ from: String, _ to: String) -> Bool {
                ranges.contains { $0.from < to && $0.to > from }
            }
            if !isCovered(month.start.description, closing) { return true }
            if use.months > 0 {
                let (a, b) = (back(month.start, use.months), back(month.end, use.months))
                if !isCovered(a.description, b.description) { return true }
            }
            guard use.days > 0, let last = CivilDate(closing) else { return false }
            let first = CivilDate(day: last.day - use.days).description
            return first < (ranges.map(\.from).min() ?? "9999")
        }
    }

    private func back(_ date: CivilDate, _ count: Int) -> CivilDate {
        let parts = date.description.split(separator: "-").map { Int($0)! }
        return Self.first(parts[0] * 12 + parts[1] - 1 - count)
    }
}

/// What the product says, in the shape of the witness.
extension Answer {
    func witnessCells() -> [StandardWitness.Key: StandardWitness.Cell] {
        var found: [StandardWitness.Key: StandardWitness.Cell] = [:]
        for (key, value) in cells {
            let own = StandardWitness.Key(
                kpi: key.kpi, period: key.period, unit: key.members["team"] ?? "*")
            found[own] = StandardWitness.Cell(
                value: value.value.number, numerator: value.numerator.number,
                denominator: value.denominator.number, n: value.n.number,
                reason: value.state.reason)
        }
        return found
    }
}
