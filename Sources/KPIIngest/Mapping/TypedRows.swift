import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// From staged text to typed records of a dataset: the temporary table `plumb_rows`, then a file that the
/// transaction of the load reads.
///
/// All of this happens beside that transaction, which would keep every table that it makes and drops until
/// its end.
struct TypedRows {
    let source: Source
    let dataset: Dataset
    let workspace: Workspace
    let typing: Typing
    /// Beside the one of the load.
    let session: Session
    /// The table with the records as text.
    var stage = "plumb_stage"

    /// A record that cannot be read, with the first cell that is wrong.
    struct Rejected {
        let record: Int
        let column: String
        let value: String?
        /// What was expected; nil: the required column is empty.
        let expected: ValueShape?
    }

    /// Makes `plumb_rows`, without the records it rejects.
    func make() throws -> [Rejected] {
        try createTyped()
        let rejected = try rejects()
        try session.run(
            """
            CREATE OR REPLACE TEMP TABLE plumb_rows AS SELECT \(name: "$record"), \
            \(dataset.columns.map { "\(name: $0.name)" as SQLText }) FROM plumb_typed \
            WHERE \(name: "$bad") IS NULL
            """)
        try session.run("DROP TABLE plumb_typed")
        try session.run("DROP TABLE \(name: stage)")
        for column in source.derived { try derive(column) }
        return rejected + (try emptyDerived())
    }

    private func createTyped() throws {
        let mapped = Array(source.columns.enumerated())
        let cleaned: [SQLText] = mapped.map { index, mapping in
            let type = dataset.column(mapping.column)!.type
            return
                ", \(typing.cleaned("\(name: "s\(index)")", mapping, type)) AS \(name: "m\(index)")"
        }
        let typed: [SQLText] = mapped.map { index, mapping in
            let column = dataset.column(mapping.column)!
            return
                ", \(typing.typed("\(name: "m\(index)")", mapping, column)) AS \(name: "t\(index)")"
        }
        let wrong: [SQLText] = mapped.map { index, mapping in
            let isRequired = isRequired(mapping.column)
            let empty: SQLText = isRequired ? "TRUE" : "\(name: "m\(index)") IS NOT NULL"
            return "WHEN \(empty) AND \(name: "t\(index)") IS NULL THEN \(integer: index)"
        }
        let bad: SQLText = wrong.isEmpty ? "NULL" : "CASE \(wrong, separator: " ") END"
        let columns: [SQLText] = dataset.columns.map { column in
            if let (index, _) = mapped.first(where: { $0.element.column == column.name }) {
                return ", \(name: "t\(index)") AS \(name: column.name)"
            }
            return ", CAST(NULL AS \(Dialect.duckDB.type(column.type))) AS \(name: column.name)"
        }
        try session.run(
            """
            CREATE OR REPLACE TEMP TABLE plumb_typed AS SELECT \(name: "$record")\(columns, separator: ""), \
            \(bad) AS \(name: "$bad") FROM (SELECT *\(typed, separator: "") FROM (SELECT \(name: "$record")\
            \(cleaned, separator: "") FROM \(name: stage)))
            """)
    }

    /// A key is never empty.
    private func isRequired(_ column: String) -> Bool {
        dataset.column(column)!.isRequired || dataset.key.contains(column)
    }

    private func rejects() throws -> [Rejected] {
        let values: [SQLText] = source.columns.indices.map {
            "WHEN \(integer: $0) THEN \(name: "s").\(name: "s\($0)")"
        }
        guard !values.isEmpty else { return [] }
        let table = try session.read(
            """
            SELECT \(name: "t").\(name: "$record"), \(name: "$bad"), CASE \(name: "$bad") \(values, separator: " ") END \
            FROM plumb_typed AS \(name: "t") JOIN \(name: stage) AS \(name: "s") \
            ON \(name: "s").\(name: "$record") = \(name: "t").\(name: "$record") \
            WHERE \(name: "$bad") IS NOT NULL ORDER BY 1
            """)
        return (0..<table.rowCount).compactMap { row in
            guard let record = table[row, 0].wholeNumber, let index = table[row, 1].wholeNumber
            else {
                return nil
            }
            let mapping = source.columns[index]
            let value = table[row, 2].plainText
            let markers = source.missing + mapping.missing + [""]
            let isEmpty = value.map { markers.contains($0.trimmingBlanks) } ?? true
            return Rejected(
                record: record, column: mapping.from, value: value,
                expected: isEmpty
                    ? nil : typing.expectation(mapping, dataset.column(mapping.column)!))
        }
    }

    private func derive(_ column: DerivedColumn) throws {
        var compiler = RowSQL(workspace: workspace, dataset: dataset)
        let type = dataset.column(column.column)!.type
        let value = compiler.expression(column.expression)
        try session.run(
            """
            CREATE OR REPLACE TEMP TABLE plumb_rows AS SELECT \(name: "r").* \
            REPLACE (CAST(\(value) AS \(Dialect.duckDB.type(type))) AS \(name: column.column)) \
            FROM plumb_rows AS \(name: "r")
            """)
    }

    private func emptyDerived() throws -> [Rejected] {
        var rejected: [Rejected] = []
        for column in source.derived.map(\.column) where isRequired(column) {
            let table = try session.read(
                "DELETE FROM plumb_rows WHERE \(name: column) IS NULL RETURNING \(name: "$record")")
            for row in 0..<table.rowCount {
                guard let record = table[row, 0].wholeNumber else { continue }
                rejected.append(Rejected(record: record, column: column, value: nil, expected: nil))
            }
        }
        return rejected
    }

    /// Keeps of the events of one case the last, and of records with one key the last good one.
    /// Returns how many were dropped.
    func collapse() throws -> Int {
        var dropped = 0
        if let rule = source.collapse { dropped += try keepLast(rule.key, rule.order) }
        if !dataset.key.isEmpty { dropped += try keepLast(dataset.key, []) }
        return dropped
    }

    /// Records without a key belong to no case: each stays.
    private func keepLast(_ key: [String], _ order: [String]) throws -> Int {
        let partition: [SQLText] = key.map { "\(name: $0)" }
        let isStated = partition.map { "\($0) IS NOT NULL" as SQLText }
        // Seldom is one twice, and finding out is much cheaper than sorting all.
        let doubled = try session.number(
            """
            SELECT count(*) FROM (SELECT 1 FROM plumb_rows WHERE \(isStated, separator: " AND ") \
            GROUP BY \(partition) HAVING count(*) > 1 LIMIT 1)
            """)
        guard doubled > 0 else { return 0 }
        let descending: [SQLText] =
            order.map { "\(name: $0) DESC NULLS LAST" } + ["\(name: "$record") DESC"]
        let before = try session.number("SELECT count(*) FROM plumb_rows")
        try session.run(
            """
            CREATE OR REPLACE TEMP TABLE plumb_rows AS SELECT * FROM plumb_rows \
            QUALIFY row_number() OVER (PARTITION BY \(partition) ORDER BY \(descending)) = 1 \
            OR \(partition.map { "\($0) IS NULL" as SQLText }, separator: " OR ")
            """)
        return before - (try session.number("SELECT count(*) FROM plumb_rows"))
    }

    // MARK: Handing over

    /// Writes the records as Parquet, in their order: the columns of the dataset, and `$line`.
    ///
    /// - Returns: how many there are.
    func write(to path: String, lines: LineRuns) throws -> Int {
        let columns = dataset.columns.map { "\(name: "r").\(name: $0.name)" as SQLText }
        let (line, join) = try self.line(lines)
        try session.run(
            """
            COPY (SELECT \(columns), \(line) AS \(name: "$line") FROM plumb_rows AS \(name: "r")\(join) \
            ORDER BY \(name: "r").\(name: "$record")) TO \(value: .text(path)) (FORMAT parquet)
            """)
        return try session.number("SELECT count(*) FROM plumb_rows")
    }

    /// The line of a record, and the table it is found in where lines do not simply follow.
    private func line(_ lines: LineRuns) throws -> (line: SQLText, join: SQLText) {
        let record: SQLText = "\(name: "r").\(name: "$record")"
        guard lines.runs.count > 1 else { return ("\(record) + \(integer: lines.line(of: 0))", "") }
        let table = Table(columns: [
            Column(name: "record", values: .int64((0..<lines.count).map { Int64($0) })),
            Column(name: "line", values: .int64(lines.all.map { Int64($0) })),
        ])
        try session.ingest(table, into: "plumb_lines", mode: .replace, temporary: true)
        return (
            "\(name: "l").\(name: "line")",
            " JOIN plumb_lines AS \(name: "l") ON \(name: "l").\(name: "record") = \(record)"
        )
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var rest = self[...]
        while rest.first == " " { rest = rest.dropFirst() }
        while rest.last == " " { rest = rest.dropLast() }
        return String(rest)
    }
}
