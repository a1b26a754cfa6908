import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIQuery

/// A question whose cells stay in the store and are brought up to date after every load.
package struct KeptQuestion: Sendable {
    package let number: Int
    package let name: String
    package let words: QuestionText
}

extension Company {
    /// Keeps the cells of a question under a name; one of that name is replaced.
    ///
    /// A kept question is about all of time and about as-of as it is: it has no range, no as-of, no
    /// intervals and no largest groups.
    ///
    /// - Throws: `Diagnostics` when it cannot be answered; what was kept under the name stays as it is.
    package func keep(_ words: QuestionText, name: String) async throws -> RefreshReport {
        try Self.check(name)
        var words = words
        words.kpis = try QuestionReader(workspace).question(words).kpis
        let text = String(decoding: try JSONEncoder().encode(words), as: UTF8.self)
        let connection = try await warehouse.database.connect()
        let number = try await connection.transaction { connection in
            try Self.remove(Self.pending(name), connection)
            try connection.execute(
                """
                INSERT INTO kept.questions SELECT coalesce(max(number), 0) + 1, ?, ? \
                FROM kept.questions
                """, [.text(Self.pending(name)), .text(text)])
            return try Self.questions(connection, named: Self.pending(name))[0].number
        }
        do {
            let report = try await refresh(
                KeptQuestion(number: number, name: name, words: words))
            try await connection.transaction { connection in
                try Self.remove(name, connection)
                try connection.execute(
                    "UPDATE kept.questions SET name = ? WHERE number = ?",
                    [.text(name), .integer(Int64(number))])
            }
            return report
        } catch {
            try await connection.transaction { try Self.remove(Self.pending(name), $0) }
            throw error
        }
    }

    /// Of a question whose cells are not there yet; no name that is given begins with a blank.
    private static func pending(_ name: String) -> String { " " + name }

    private static func check(_ name: String) throws(Diagnostics) {
        let isWord = name.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
        guard !name.isEmpty, name.count <= 64, isWord else {
            throw Diagnostics(
                .badValue(
                    field: "name", value: name, expected: "letters, digits, - and _, at most 64",
                    closest: []))
        }
    }

    private static func remove(_ name: String, _ connection: isolated Connection) throws {
        for question in try questions(connection, named: name) {
            try KeptStore(connection: connection, number: question.number).remove()
        }
    }

    /// All kept questions, in the order in which they were kept.
    package func keptQuestions() async throws -> [KeptQuestion] {
        let connection = try await warehouse.database.connect()
        return try await connection.perform { try Self.keptQuestions($0) }
    }

    static func keptQuestions(_ connection: isolated Connection) throws -> [KeptQuestion] {
        try questions(connection, named: nil).filter { !$0.name.hasPrefix(" ") }
    }

    private static func questions(
        _ connection: isolated Connection, named name: String?
    ) throws -> [KeptQuestion] {
        let table = try connection.query(
            "SELECT number, name, words FROM kept.questions ORDER BY number")
        return (0..<table.rowCount).compactMap { row in
            guard case .integer(let number) = table[row, 0], case .text(let own) = table[row, 1],
                name == nil || own == name, case .text(let text) = table[row, 2],
                let words = try? JSONDecoder().decode(QuestionText.self, from: Data(text.utf8))
            else { return nil }
            return KeptQuestion(number: Int(number), name: own, words: words)
        }
    }

    /// Forgets a kept question with its cells and partials.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package func drop(_ name: String) async throws -> Bool {
        let connection = try await warehouse.database.connect()
        return try await connection.transaction { connection in
            let isKept = try !Self.questions(connection, named: name).isEmpty
            try Self.remove(name, connection)
            return isKept
        }
    }
}

extension Warehouse {
    /// The schema of what is kept; all of it can be made again.
    package func prepareKept() async throws {
        let connection = try await database.connect()
        for statement in KeptStore.schema { try await connection.execute(statement) }
    }
}

/// The tables of one kept question.
struct KeptStore {
    let connection: Connection
    let number: Int

    static let schema = [
        "CREATE SCHEMA IF NOT EXISTS kept",
        """
        CREATE TABLE IF NOT EXISTS kept.questions (number BIGINT PRIMARY KEY, name VARCHAR, \
        words VARCHAR)
        """,
        """
        CREATE TABLE IF NOT EXISTS kept.states (question BIGINT PRIMARY KEY, load BIGINT, \
        as_of TIMESTAMPTZ, fingerprint VARCHAR, hidden VARCHAR)
        """,
        "CREATE TABLE IF NOT EXISTS kept.frames (question BIGINT, q BIGINT, t BIGINT, signature BIGINT)",
        """
        CREATE TABLE IF NOT EXISTS kept.partials (name VARCHAR PRIMARY KEY, question BIGINT, \
        signature VARCHAR, last_day BIGINT)
        """,
        "CREATE TABLE IF NOT EXISTS kept.groups (question BIGINT, q BIGINT, kpi BIGINT, groups BIGINT)",
    ]

    var cells: String { "c\(number)" }

    private func run(_ sql: SQLText) throws {
        try connection.assumeIsolated { _ = try $0.execute(sql.text, sql.parameters) }
    }

    private func read(_ sql: SQLText) throws -> Table {
        try connection.assumeIsolated { try $0.query(sql.text, sql.parameters) }
    }

    func remove() throws {
        try forget()
        try run("DELETE FROM kept.questions WHERE number = \(integer: number)")
    }

    /// Everything but that the question is kept.
    func forget() throws {
        let partials = try read(
            "SELECT name FROM kept.partials WHERE question = \(integer: number)")
        for row in 0..<partials.rowCount {
            guard case .text(let name) = partials[row, 0] else { continue }
            try run("DROP TABLE IF EXISTS kept.\(name: name)")
        }
        try run("DROP TABLE IF EXISTS kept.\(name: cells)")
        for statement in [
            "DELETE FROM kept.partials WHERE question = \(integer: number)" as SQLText,
            "DELETE FROM kept.states WHERE question = \(integer: number)",
            "DELETE FROM kept.frames WHERE question = \(integer: number)",
            "DELETE FROM kept.groups WHERE question = \(integer: number)",
        ] { try run(statement) }
    }

    // MARK: State

    struct State {
        var load: Int64
        var asOf: Instant
        var definitions: KeptDefinitions
        /// Columns that may hold times at or after as-of, `dataset.column`.
        var hidden: Set<String>
    }

    func state() throws -> State? {
        let table = try read(
            """
            SELECT load, as_of, fingerprint, hidden FROM kept.states WHERE question = \(integer: number)
            """)
        guard table.rowCount == 1, case .integer(let load) = table[0, 0],
            case .timestamp(let asOf, _) = table[0, 1], case .text(let print) = table[0, 2],
            case .text(let hidden) = table[0, 3]
        else { return nil }
        return State(
            load: load, asOf: asOf, definitions: KeptDefinitions(print),
            hidden: Set(hidden.split(separator: ",").map(String.init)))
    }

    func set(_ state: State) throws {
        try run("DELETE FROM kept.states WHERE question = \(integer: number)")
        let hidden = state.hidden.sorted().joined(separator: ",")
        try run(
            """
            INSERT INTO kept.states VALUES (\(integer: number), \(value: .integer(state.load)), \
            \(value: .timestamp(state.asOf, utc: true)), \(value: .text(state.definitions.text)), \
            \(value: .text(hidden)))
            """)
    }

    static func lastLoad(_ connection: isolated Connection) throws -> Int64 {
        let table = try connection.query("SELECT coalesce(max(load), 0) FROM plumb.loads")
        if case .integer(let load) = table[0, 0] { return load }
        return 0
    }

    // MARK: Frames and groups

    /// Signatures of the frames, by grain and start.
    func frames() throws -> [Int64: [Instant: Int64]] {
        let table = try read(
            "SELECT q, t, signature FROM kept.frames WHERE question = \(integer: number)")
        var frames: [Int64: [Instant: Int64]] = [:]
        for row in 0..<table.rowCount {
            guard case .integer(let q) = table[row, 0], case .integer(let start) = table[row, 1],
                case .integer(let signature) = table[row, 2]
            else { continue }
            frames[q, default: [:]][start] = signature
        }
        return frames
    }

    func setFrames(_ starts: [[Instant]], _ signatures: [[Int64]]) throws {
        try run("DELETE FROM kept.frames WHERE question = \(integer: number)")
        let count = starts.reduce(0) { $0 + $1.count }
        let grains = starts.enumerated().flatMap { grain, own in own.map { _ in Int64(grain) } }
        try append(
            Table(columns: [
                Column(
                    name: "question",
                    values: .int64([Int64](repeating: Int64(number), count: count))),
                Column(name: "q", values: .int64(grains)),
                Column(name: "t", values: .int64(starts.flatMap { $0 })),
                Column(name: "signature", values: .int64(signatures.flatMap { $0 })),
            ]), "frames")
    }

    /// A number for the groups of every KPI and grouping, in order.
    func groups() throws -> [Int64] {
        let table = try read(
            "SELECT groups FROM kept.groups WHERE question = \(integer: number) ORDER BY q, kpi")
        return (0..<table.rowCount).compactMap {
            if case .integer(let value) = table[$0, 0] { value } else { nil }
        }
    }

    /// - Parameter groups: by grouping, then by KPI.
    func setGroups(_ groups: [[Int64]]) throws {
        try run("DELETE FROM kept.groups WHERE question = \(integer: number)")
        for (grouping, own) in groups.enumerated() {
            for (kpi, value) in own.enumerated() {
                try run(
                    """
                    INSERT INTO kept.groups VALUES (\(integer: number), \(integer: grouping), \
                    \(integer: kpi), \(value: .integer(value)))
                    """)
            }
        }
    }

    private func append(_ table: Table, _ name: String) throws {
        guard table.rowCount > 0 else { return }
        try connection.assumeIsolated {
            _ = try $0.ingest(table, into: name, schema: "kept", mode: .append)
        }
    }

    // MARK: Cells

    /// The columns of the cells there are; none when there are no cells.
    func kinds() throws -> [String: Column.Values] {
        let known = try read(
            """
            SELECT 1 FROM duckdb_tables() WHERE schema_name = 'kept' \
            AND table_name = \(value: .text(cells))
            """)
        guard known.rowCount > 0 else { return [:] }
        let table = try read("SELECT * FROM kept.\(name: cells) LIMIT 0")
        return Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.values) })
    }

    func replaceAll(_ rows: Table) throws {
        try connection.assumeIsolated {
            _ = try $0.ingest(rows, into: cells, schema: "kept", mode: .replace)
        }
    }

    /// Puts other figures of some KPIs into the rows there are; the rows given are the same.
    ///
    /// - Parameter kpis: their numbers in the question.
    func replaceColumns(of kpis: [Int], in question: Question, with rows: Table) throws {
        let members = question.dimensions.indices.map { "d\($0)" }
        let figures = KeptTable(question: question).names(kpis)
        let wanted = Set(["q", "t"] + members + figures)
        try connection.assumeIsolated {
            _ = try $0.ingest(
                Table(columns: rows.columns.filter { wanted.contains($0.name) }),
                into: "plumb_columns", mode: .replace, temporary: true)
        }
        let values: [SQLText] = figures.map { "\(name: $0) = \(name: "n").\(name: $0)" }
        let place: [SQLText] = (["q", "t"] + members).map {
            "\(name: "c").\(name: $0) IS NOT DISTINCT FROM \(name: "n").\(name: $0)"
        }
        try run(
            """
            UPDATE kept.\(name: cells) AS \(name: "c") SET \(values) FROM plumb_columns AS \(name: "n") \
            WHERE \(place, separator: " AND ")
            """)
    }

    /// Replaces the rows of some frames.
    ///
    /// - Parameter removed: for every grain the frames whose rows go, and how many groupings it has.
    func replace(_ removed: [(grain: Int, start: Instant)], groupings: Int, with rows: Table) throws
    {
        var q: [Int64] = []
        var t: [Int64] = []
        for (grain, start) in removed {
            for grouping in 0..<groupings {
                q.append(KeptTable.number(grain, grouping))
                t.append(start)
            }
        }
        if !q.isEmpty {
            let gone = Table(columns: [
                Column(name: "q", values: .int64(q)), Column(name: "t", values: .int64(t)),
            ])
            try connection.assumeIsolated {
                _ = try $0.ingest(gone, into: "plumb_gone", mode: .replace, temporary: true)
            }
            try run(
                """
                DELETE FROM kept.\(name: cells) AS \(name: "c") USING plumb_gone AS \(name: "g") \
                WHERE \(name: "c").\(name: "q") = \(name: "g").\(name: "q") \
                AND \(name: "c").\(name: "t") = \(name: "g").\(name: "t")
                """)
        }
        try append(rows, cells)
    }
}
