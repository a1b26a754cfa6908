import KPICore
import KPIModel
import KPIQuery

/// Columns that depend on other records, renewed at the end of a load: those that follow merged records,
/// then those that are computed, each after what it stands on.
///
/// Only rows whose value differs are written, and the log learns what they were. After a first load that is every row.
struct ComputedAtLoad {
    let workspace: Workspace
    let session: Session
    let log: ChangeLog

    init(_ workspace: Workspace, _ session: Session, _ log: ChangeLog) {
        self.workspace = workspace
        self.session = session
        self.log = log
    }

    /// - Parameters:
    ///   - stored: the datasets that have tables of their present shape.
    ///   - touched: those whose records the load may have changed.
    ///   - begins: is told the dataset whose columns are computed next.
    /// - Returns: those with rows that were renewed.
    func renew(
        _ stored: [Dataset], _ touched: Set<String>, begins: (String) -> Void
    ) throws -> Set<String> {
        let ids = Set(stored.map(\.id))
        var touched = touched
        var renewed: Set<String> = []
        for target in stored where target.mergedInto != nil {
            try makeSurvivors(target)
            for dataset in stored where try follow(target, in: dataset) {
                renewed.insert(dataset.id)
            }
        }
        touched.formUnion(renewed)
        let computed = ComputedColumns(workspace.datasetsByID)
        for step in computed.steps() {
            for (id, keys) in Dictionary(grouping: step, by: \.dataset).sorted(by: {
                $0.key < $1.key
            })
            where ids.contains(id) {
                let bases = keys.reduce(into: Set([id])) {
                    $0.formUnion(computed.datasets(behind: $1))
                }
                guard !bases.isDisjoint(with: touched) else { continue }
                begins(id)
                if try compute(keys.map(\.column), of: workspace.dataset(id)!) {
                    renewed.insert(id)
                    touched.insert(id)
                }
            }
        }
        return renewed
    }

    // MARK: Merged records

    private static let longestChain = 64

    /// Makes `plumb_survivors`: for every merged record the last one of its chain that there is. A record of
    /// a circle has none.
    private func makeSurvivors(_ target: Dataset) throws {
        let key: SQLText = "\(name: "t").\(name: target.key[0])"
        let into: SQLText = "\(name: "t").\(name: target.mergedInto!)"
        let exists: SQLText =
            "\(into) IN (SELECT \(name: target.key[0]) FROM data.\(name: target.id))"
        try session.run(
            """
            CREATE OR REPLACE TEMPORARY TABLE plumb_survivors AS WITH RECURSIVE \(name: "c") AS (\
            SELECT \(key) AS merged, \(into) AS now, 1 AS depth FROM data.\(name: target.id) AS \(name: "t") \
            WHERE \(exists) AND \(into) <> \(key) UNION ALL \
            SELECT \(name: "c").merged, \(into), \(name: "c").depth + 1 FROM \(name: "c") \
            JOIN data.\(name: target.id) AS \(name: "t") ON \(key) = \(name: "c").now \
            WHERE \(exists) AND \(name: "c").depth < \(integer: Self.longestChain)) \
            SELECT merged, arg_max(now, depth) AS survivor FROM \(name: "c") GROUP BY merged \
            HAVING max(depth) < \(integer: Self.longestChain)
            """)
    }

    private func follow(_ target: Dataset, in dataset: Dataset) throws -> Bool {
        let columns = workspace.followedColumns(dataset).filter { $0.target == target.id }
            .map(\.column)
        guard !columns.isEmpty else { return false }
        let values: [SQLText] = columns.enumerated().map {
            "coalesce(\(name: "m\($0)").survivor, \(name: "r").\(name: $1 + "$raw"))"
        }
        let joins: [SQLText] = columns.enumerated().map {
            " LEFT JOIN plumb_survivors AS \(name: "m\($0)") ON \(name: "m\($0)").merged = \(name: "r").\(name: $1 + "$raw")"
        }
        return try write(columns, values, "\(joins, separator: "")", of: dataset)
    }

    // MARK: Computed columns

    private func compute(_ columns: [String], of dataset: Dataset) throws -> Bool {
        var rows = RowSQL(workspace: workspace, dataset: dataset)
        let values: [SQLText] = columns.map { name in
            let column = dataset.column(name)!
            return
                "CAST(\(rows.expression(column.computed!)) AS \(Dialect.duckDB.type(column.type)))"
        }
        let count = try session.number("SELECT count(*) FROM data.\(name: dataset.id)")
        guard try count == 0 || log.hasEarlier(dataset.id) else {
            try writeAnew(columns, values, rows.joins, of: dataset)
            return true
        }
        return try write(columns, values, rows.joins, of: dataset)
    }

    /// Gives columns of the rows `r` new values.
    ///
    /// - Returns: whether any was another.
    private func write(
        _ columns: [String], _ values: [SQLText], _ joins: SQLText, of dataset: Dataset
    ) throws -> Bool {
        let named: [SQLText] = values.enumerated().map { "\($1) AS \(name: "c\($0)")" }
        let differs: [SQLText] = columns.enumerated().map {
            "\(name: "o").\(name: $1) IS DISTINCT FROM \(name: "c\($0)")"
        }
        try session.run(
            """
            CREATE OR REPLACE TEMPORARY TABLE plumb_renewed AS SELECT \(name: "n").* FROM (\
            SELECT \(name: "r").rowid AS rid, \(named) FROM data.\(name: dataset.id) AS \(name: "r")\(joins)) \
            AS \(name: "n") JOIN data.\(name: dataset.id) AS \(name: "o") ON \(name: "o").rowid = \(name: "n").rid \
            WHERE \(differs, separator: " OR ")
            """)
        guard try session.number("SELECT count(*) FROM plumb_renewed") > 0 else { return false }
        try log.rememberInPlace(dataset.id, "plumb_renewed")
        let zone: SQLText = "\(value: .text(workspace.calendar.zone.identifier))"
        var changes: [SQLText] = []
        for (index, column) in columns.enumerated() {
            let value: SQLText = "\(name: "n").\(name: "c\(index)")"
            changes.append("\(name: column) = \(value)")
            if Warehouse.dayColumns(dataset).contains(column) {
                changes.append(
                    "\(name: column + "$day") = CAST(timezone(\(zone), \(value)) AS DATE)")
            }
        }
        try session.run(
            """
            UPDATE data.\(name: dataset.id) AS \(name: "t") SET \(changes) FROM plumb_renewed AS \(name: "n") \
            WHERE \(name: "t").rowid = \(name: "n").rid
            """)
        return true
    }

    /// The table once more with the values: after a first load no record has one yet, and writing all anew
    /// is cheaper than changing all in place.
    private func writeAnew(
        _ columns: [String], _ values: [SQLText], _ joins: SQLText, of dataset: Dataset
    ) throws {
        let anew = dataset.id + "$anew"
        let zone: SQLText = "\(value: .text(workspace.calendar.zone.identifier))"
        var replaced: [SQLText] = []
        for (column, value) in zip(columns, values) {
            replaced.append("\(value) AS \(name: column)")
            if Warehouse.dayColumns(dataset).contains(column) {
                replaced.append(
                    "CAST(timezone(\(zone), \(value)) AS DATE) AS \(name: column + "$day")")
            }
        }
        try session.run(
            """
            CREATE TABLE data.\(name: anew) AS SELECT \(name: "r").* REPLACE (\(replaced)) \
            FROM data.\(name: dataset.id) AS \(name: "r")\(joins)
            """)
        try session.run("DROP TABLE data.\(name: dataset.id)")
        try session.run("ALTER TABLE data.\(name: anew) RENAME TO \(name: dataset.id)")
    }
}
