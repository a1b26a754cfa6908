import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// A table that comes with the files and says from when to when they are complete: `entity`, `covered_from`,
/// `covered_to` (the first day that is not covered) and, where only one time axis is meant, `time_axis`. An
/// entity may have several ranges. It is taken over by a load, together with the records that it is about.
package struct CoverageTable: Sendable {
    package struct Range: Sendable {
        var dataset: String
        var axis: String
        /// Nil: as the records have it.
        var from: CivilDate?
        var to: CivilDate?
    }

    package private(set) var ranges: [Range] = []

    /// - Parameter name: as findings say it.
    /// - Throws: `Diagnostics` with everything that is wrong in the file.
    static func read(_ path: String, name: String, _ workspace: Workspace) throws -> CoverageTable {
        let table = try CSVHeader.records(of: path)
        var reader = try Reader(header: table.first ?? [], name: name, workspace: workspace)
        for (index, record) in table.enumerated().dropFirst() {
            reader.add(record, at: Place(file: name, line: index + 1))
        }
        reader.preferNamedAxes()
        reader.checkOrder()
        guard reader.findings.isEmpty else { throw Diagnostics(reader.findings) }
        return CoverageTable(ranges: reader.ranges.map(\.range))
    }

    private struct Reader {
        let workspace: Workspace
        private let columns: (entity: Int, from: Int, to: Int, axis: Int?)
        /// Time axes, as `entity axis`, of which a row speaks alone.
        private var named: Set<String> = []
        /// Rows that speak of every axis of an entity.
        private var general: Set<Int> = []
        var ranges: [(range: Range, place: Place)] = []
        var findings: [Diagnostic] = []

        init(header: [String], name: String, workspace: Workspace) throws {
            func column(_ wanted: String) throws -> Int {
                if let place = header.firstIndex(of: wanted) { return place }
                throw Diagnostics(
                    .missingColumn(
                        wanted, closest: NearMatch.closest(to: wanted, among: header),
                        columns: header, file: name))
            }
            self.workspace = workspace
            columns = (
                try column("entity"), try column("covered_from"), try column("covered_to"),
                header.firstIndex(of: "time_axis")
            )
        }

        mutating func add(_ record: [String], at place: Place) {
            func cell(_ column: Int?) -> String {
                column.flatMap { $0 < record.count ? record[$0] : nil } ?? ""
            }
            let entity = cell(columns.entity)
            guard let dataset = workspace.dataset(entity) else {
                let known = workspace.datasets.map(\.id)
                return report(
                    .unknownDataset(entity, closest: NearMatch.closest(to: entity, among: known)),
                    place)
            }
            let axis = cell(columns.axis)
            guard axis.isEmpty || dataset.timeColumns.contains(axis) else {
                let closest = NearMatch.closest(to: axis, among: dataset.timeColumns)
                return report(.unknownName(axis, closest: closest), place)
            }
            guard let from = day(cell(columns.from), "covered_from", place),
                let to = day(cell(columns.to), "covered_to", place)
            else { return }
            if let from, let to, from.day >= to.day {
                return report(
                    .wrongKind(field: "covered_to", expected: "a day after covered_from"), place)
            }
            if axis.isEmpty {
                general.insert(place.line)
            } else {
                named.insert("\(entity) \(axis)")
            }
            for axis in axis.isEmpty ? dataset.timeColumns : [axis] {
                ranges.append((Range(dataset: entity, axis: axis, from: from, to: to), place))
            }
        }

        /// Nil after a finding; `.some(nil)` where the cell is empty.
        private mutating func day(
            _ text: String, _ column: String, _ place: Place
        ) -> CivilDate?? {
            if text.isEmpty { return .some(nil) }
            let isMidnight = ["T00:00:00", " 00:00:00", "T00:00", " 00:00", ""].contains(
                text.dropFirst(10))
            if isMidnight, let day = CivilDate(String(text.prefix(10))) { return .some(day) }
            report(.wrongKind(field: column, expected: "a day such as 2026-11-22"), place)
            return nil
        }

        /// What is said of one axis goes before what is said of all.
        mutating func preferNamedAxes() {
            ranges.removeAll { range, place in
                general.contains(place.line) && named.contains("\(range.dataset) \(range.axis)")
            }
        }

        mutating func checkOrder() {
            let groups = Dictionary(grouping: ranges) { "\($0.range.dataset) \($0.range.axis)" }
            for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
                let sorted = group.sorted { start($0.range) < start($1.range) }
                for (range, next) in zip(sorted, sorted.dropFirst()) {
                    let end = range.range.to?.day ?? .max
                    if end > start(next.range) {
                        report(
                            .wrongKind(
                                field: "coverage", expected: "ranges that do not overlap"),
                            next.place)
                    }
                }
            }
            // Ranges of all axes of an entity stand in one line.
            var seen: Set<String> = []
            findings = findings.filter { seen.insert("\($0)").inserted }
        }

        private func start(_ range: Range) -> Int { range.from?.day ?? .min }

        private mutating func report(_ problem: Problem, _ place: Place) {
            findings.append(Diagnostic(problem, at: place))
        }
    }
}

// MARK: In the store

extension CoverageTable {
    static let creation: SQLText = """
        CREATE TABLE IF NOT EXISTS plumb.coverage (dataset VARCHAR, axis VARCHAR, "from" DATE, \
        "to" DATE)
        """

    /// Replaces what was stated of these datasets.
    func store(of datasets: Set<String>, in session: Session) throws {
        for dataset in datasets.sorted() {
            try session.run("DELETE FROM plumb.coverage WHERE dataset = \(value: .text(dataset))")
        }
        for range in ranges where datasets.contains(range.dataset) {
            let days = [range.from, range.to].map { day in
                day.map { "CAST(\(value: .text("\($0)")) AS DATE)" as SQLText } ?? "NULL"
            }
            try session.run(
                """
                INSERT INTO plumb.coverage VALUES (\(value: .text(range.dataset)), \
                \(value: .text(range.axis)), \(days))
                """)
        }
    }

    /// What the store has, by dataset and time axis.
    static func stored(
        on connection: isolated Connection
    ) throws -> [String: [String: DeclaredCoverage]] {
        let rows = try connection.query(
            """
            SELECT dataset, axis, CAST("from" AS VARCHAR), CAST("to" AS VARCHAR) FROM plumb.coverage
            """)
        var ranges: [String: [String: [Range]]] = [:]
        for row in 0..<rows.rowCount {
            guard let dataset = rows[row, 0].plainText, let axis = rows[row, 1].plainText
            else { continue }
            let days = [2, 3].map { rows[row, $0].plainText.flatMap { CivilDate($0) } }
            ranges[dataset, default: [:]][axis, default: []].append(
                Range(dataset: dataset, axis: axis, from: days[0], to: days[1]))
        }
        return ranges.mapValues { axes in
            axes.compactMapValues { DeclaredCoverage(ranges: $0.map { ($0.from, $0.to) }) }
        }
    }
}
