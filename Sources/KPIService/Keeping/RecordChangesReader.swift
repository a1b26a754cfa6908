import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// Finds what changed in the records since a state: what loads noted, and what as-of no longer hides.
struct RecordChangesReader {
    let workspace: Workspace
    let connection: Connection

    private func read(_ sql: SQLText) throws -> Table {
        try connection.assumeIsolated { try $0.query(sql.text, sql.parameters) }
    }

    /// - Parameters:
    ///   - datasets: those that cells depend on.
    ///   - asOf: the new one.
    func changes(
        since state: KeptStore.State, of datasets: Set<String>, asOf: Instant
    ) throws -> RecordChanges {
        var changes = RecordChanges()
        let loaded = try read(
            """
            SELECT dataset, "column", day FROM plumb.changes WHERE load > \(value: .integer(state.load)) \
            GROUP BY ALL
            """)
        var days: [String: [String: [Int]]] = [:]
        for row in 0..<loaded.rowCount {
            guard case .text(let dataset) = loaded[row, 0], datasets.contains(dataset) else {
                continue
            }
            changes.add(dataset)
            guard case .text(let column) = loaded[row, 1], case .date(let day) = loaded[row, 2]
            else { continue }
            days[dataset, default: [:]][column, default: []].append(Int(day))
        }
        if state.asOf != asOf {
            let bound = min(state.asOf, asOf)
            for dataset in workspace.datasets where datasets.contains(dataset.id) {
                try addHidden(dataset, state.hidden, bound, to: &changes, &days)
            }
        }
        for (dataset, columns) in days {
            for (column, days) in columns { changes.add(dataset, column, Set(days).sorted()) }
        }
        return changes
    }

    /// Records with a time at or after the earlier as-of: it was read as missing.
    private func addHidden(
        _ dataset: Dataset, _ hidden: Set<String>, _ asOf: Instant, to changes: inout RecordChanges,
        _ days: inout [String: [String: [Int]]]
    ) throws {
        let columns = Self.recorded(dataset).filter { hidden.contains("\(dataset.id).\($0.name)") }
        guard !columns.isEmpty else { return }
        let tests: [SQLText] = columns.map { column in
            let bound: Scalar =
                column.type == .date
                ? .date(Int32(workspace.calendar.firstDay(notBefore: asOf)))
                : .timestamp(asOf, utc: true)
            return "\(name: column.name) >= \(value: bound)"
        }
        let axes: [SQLText] = dataset.timeColumns.map {
            "\(name: dataset.column($0)!.type == .date ? $0 : $0 + "$day")"
        }
        let found = try read(
            """
            SELECT DISTINCT \(axes.isEmpty ? ["1"] : axes) \
            FROM data.\(name: dataset.id) WHERE \(tests, separator: " OR ")
            """)
        guard found.rowCount > 0 else { return }
        changes.add(dataset.id)
        for (index, axis) in dataset.timeColumns.enumerated() {
            for row in 0..<found.rowCount {
                guard case .date(let day) = found[row, index] else { continue }
                days[dataset.id, default: [:]][axis, default: []].append(Int(day))
            }
        }
    }

    /// Columns with times of what happened.
    private static func recorded(_ dataset: Dataset) -> [ColumnDefinition] {
        dataset.columns.filter { !$0.isPlanned && ($0.type == .date || $0.type == .timestamp) }
    }

    /// Columns that may hold times at or after as-of: time columns by their extent, others always.
    func hidden(of datasets: Set<String>, asOf: Instant) throws -> Set<String> {
        let extents = try read("SELECT dataset, \"column\", high FROM plumb.extents")
        var high: [String: Instant] = [:]
        for row in 0..<extents.rowCount {
            guard case .text(let dataset) = extents[row, 0],
                case .text(let column) = extents[row, 1],
                case .timestamp(let instant, _) = extents[row, 2]
            else { continue }
            high["\(dataset).\(column)"] = instant
        }
        var found: Set<String> = []
        for dataset in workspace.datasets where datasets.contains(dataset.id) {
            for column in Self.recorded(dataset) {
                let name = "\(dataset.id).\(column.name)"
                if high[name].map({ $0 > asOf }) ?? true { found.insert(name) }
            }
        }
        return found
    }
}
