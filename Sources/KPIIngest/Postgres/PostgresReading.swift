import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// One source's table or query while a load reads it: a cursor in a transaction of the server that cannot
/// write, so that all rows are those of one instant.
struct PostgresReading: Sendable {
    let source: Source
    let origin: PostgresOrigin
    private let address: PostgresAddress
    private let connection: Connection
    private let rows: PostgresRows

    /// As messages and the list of what was loaded say it.
    var name: String { Self.name(of: source, origin) }

    static func name(of source: Source, _ origin: PostgresOrigin) -> String {
        switch origin.relation {
        case .table: "postgres:\(origin.relation)"
        case .query: "postgres:\(source.id)"
        }
    }

    /// Connects and looks at the columns.
    ///
    /// - Throws: `Diagnostics` that say what is missing: the driver, a variable, the server, the table, or
    ///   columns. None of them repeats a secret.
    init(
        _ source: Source, _ dataset: Dataset, zone: Zone,
        environment: (String) -> String?
    ) async throws {
        let origin = source.postgres!
        self.source = source
        self.origin = origin
        let address: PostgresAddress
        do throws(Diagnostics) {
            address = try PostgresAddress(origin.address, environment)
        } catch {
            throw error.placed(at: source.place)
        }
        self.address = address
        connection = try await Self.connect(address, source)
        let remote = Remote(source: source, address: address, connection: connection)
        let wanted = try await remote.columns(origin)
        let types = try await remote.types(of: wanted, origin, zone: zone)
        rows = PostgresRows(source: source, origin: origin, dataset: dataset, types: types)
        try rows.checkSince()
    }

    private static func connect(
        _ address: PostgresAddress, _ source: Source
    ) async throws -> Connection {
        let driver: DriverLibrary
        do {
            driver = try DriverLibrary.load(
                "libadbc_driver_postgresql.so", noun: "PostgreSQL driver",
                variable: "PLUMB_POSTGRES_DRIVER")
        } catch let error as EngineError {
            throw Diagnostics(.noDatabaseDriver(reason: error.message), at: source.place)
        }
        do {
            return try await RemoteDatabase.open(driver, options: [("uri", address.url)]).connect()
        } catch let error as EngineError where !error.isOwnCancellation {
            let reason = address.hidingSecrets(in: ServerWords.reason(error))
            throw Diagnostics(
                .cannotConnect(server: address.server, reason: reason), at: source.place)
        }
    }

    private var remote: Remote {
        Remote(source: source, address: address, connection: connection)
    }

    /// Opens the cursor; `next` then gives the rows.
    func start(_ start: PostgresRows.Start?) async throws {
        let (sql, parameters) = rows.declaration(start)
        try await remote.execute(sql, parameters)
    }

    /// The next rows, none at the end: `s0`, `s1`, … as text, and with `since` the columns that
    /// `PostgresRows` names.
    func next() async throws -> Table { try await remote.rows(rows.fetch) }

    /// Rows that are never read, because they have no stamp. Looks through the column.
    func unstampedRows() async throws -> Int {
        guard let sql = rows.unstamped else { return 0 }
        return try await remote.rows(sql)[0, 0].wholeNumber ?? 0
    }
}

/// Statements on a server, whose errors become what they mean to the user.
private struct Remote {
    let source: Source
    let address: PostgresAddress
    let connection: Connection

    /// Rows of `FETCH` do not come as a copy stream.
    private static let options = ["adbc.postgresql.use_copy": "false"]

    func execute(_ sql: String, _ parameters: [Scalar] = []) async throws {
        _ = try await mapped { try await connection.execute(sql, parameters) }
    }

    func rows(_ sql: String, _ parameters: [Scalar] = []) async throws -> Table {
        try await mapped {
            try await connection.query(sql, parameters, options: Self.options)
        }
    }

    private func mapped<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as EngineError where !error.isOwnCancellation {
            throw await meaning(of: error)
        }
    }

    /// A connection on which nothing can be rolled back any more is lost.
    private func meaning(of error: EngineError) async -> Diagnostics {
        let name = PostgresReading.name(of: source, source.postgres!)
        guard (try? await connection.execute("ROLLBACK")) != nil else {
            return Diagnostics(
                .connectionLost(source: name, server: address.server), at: source.place)
        }
        let reason = address.hidingSecrets(in: ServerWords.reason(error))
        return Diagnostics(
            .statementFailed(source: name, state: error.sqlState, reason: reason),
            at: source.place)
    }

    // MARK: Columns

    /// The columns that the source names, all of which exist.
    func columns(_ origin: PostgresOrigin) async throws -> [String] {
        let found: [String]
        do {
            found = try await connection.columnNames(of: PostgresRows.probe(origin))
        } catch let error as EngineError where error.sqlState == "42P01" {
            throw try await unknownTable(origin, error)
        } catch let error as EngineError where !error.isOwnCancellation {
            throw await meaning(of: error)
        }
        let mapped = source.columns.map { (name: $0.from, place: $0.place) }
        let further = ([origin.since].compactMap { $0 } + origin.key).map {
            (name: $0, place: source.place)
        }
        let missing = (mapped + further).filter { !found.contains($0.name) }
        guard missing.isEmpty else {
            let file = PostgresReading.name(of: source, origin)
            throw Diagnostics(
                missing.map { name, place in
                    Diagnostic(
                        .missingColumn(
                            name, closest: NearMatch.closest(to: name, among: found),
                            columns: found, file: file), at: place)
                })
        }
        var seen: Set<String> = []
        return (mapped + further).map(\.name).filter { seen.insert($0).inserted }
    }

    private func unknownTable(
        _ origin: PostgresOrigin, _ error: EngineError
    ) async throws -> Diagnostics {
        guard case .table = origin.relation else { return await meaning(of: error) }
        let found = try await rows(PostgresRows.tables)
        let tables = (0..<found.rowCount).compactMap { found[$0, 0].plainText }
        let name = origin.relation.description
        return Diagnostics(
            .unknownTable(
                name, server: address.server,
                closest: NearMatch.closest(to: name, among: tables), tables: tables),
            at: source.place)
    }

    /// Opens the transaction, in which text is what the mapping reads, and asks for the types.
    func types(
        of columns: [String], _ origin: PostgresOrigin, zone: Zone
    ) async throws -> [String: String] {
        try await execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let settings = [
            ("DateStyle", "ISO, YMD"), ("TimeZone", "UTC"), ("client_encoding", "UTF8"),
            ("extra_float_digits", "3"), ("plumb.zone", zone.identifier),
        ]
        for (name, value) in settings {
            _ = try await rows(
                "SELECT set_config($1::text, $2::text, false)", [.text(name), .text(value)])
        }
        guard !columns.isEmpty else { return [:] }
        let found = try await rows(PostgresRows.typing(columns, origin))
        var types: [String: String] = [:]
        for (index, name) in columns.enumerated() { types[name] = found[0, index].plainText }
        return types
    }
}

/// What a driver says, cut down to what happened: it puts its own words before and the statement after.
enum ServerWords {
    static func reason(_ error: EngineError) -> String {
        let message = error.message
        for mark in ["FATAL:", "ERROR:", "failed: "] {
            guard let found = message.firstRange(of: mark) else { continue }
            return firstLine(message[found.upperBound...])
        }
        let cut = message.firstRange(of: "Failed to connect: ")
        return firstLine(message[(cut?.upperBound ?? message.startIndex)...])
    }

    private static func firstLine(_ text: Substring) -> String {
        var line = text.drop(while: \.isWhitespace).prefix { !$0.isNewline }
        while line.last?.isWhitespace == true { line.removeLast() }
        return String(line)
    }
}

extension EngineError {
    /// Whether this task took its work back; a server also ends statements of its own accord.
    fileprivate var isOwnCancellation: Bool { kind == .cancelled && Task.isCancelled }
}

extension Diagnostics {
    /// The same, at a place where none is said.
    fileprivate func placed(at place: Place) -> Diagnostics {
        Diagnostics(
            items.map { item in
                var item = item
                item.place = item.place ?? place
                return item
            })
    }
}
