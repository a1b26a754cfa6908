import Dispatch
import KPICore

/// One connection to a database. Statements run one after another, on a thread of its own.
///
/// The synchronous methods are for code that already runs on the connection, such as the body of
/// `transaction`. Everybody else gets the asynchronous ones of the same names: they suspend while
/// the engine works, and cancelling their task interrupts their statement and nobody else's.
/// Every method throws `EngineError`; after an error the connection is usable.
package actor Connection {
    private let handle: ConnectionHandle
    private let running: RunningStatement
    private nonisolated let executor: ConnectionExecutor

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Interrupts the statement that runs at the time.
    package nonisolated var canceller: Canceller { Canceller(running: running) }

    /// The embedded database that this connection keeps open; nil where it is another one.
    package nonisolated var database: Database? { handle.target as? Database }

    init(
        _ handle: ConnectionHandle, on executor: ConnectionExecutor,
        running: RunningStatement = RunningStatement()
    ) {
        self.handle = handle
        self.executor = executor
        self.running = running
    }

    /// Opens a connection on a queue of its own.
    static func open(_ target: any ConnectionTarget) async throws -> Connection {
        let executor = ConnectionExecutor()
        let handle = try await executor.queue.perform { try ConnectionHandle(target) }
        return Connection(handle, on: executor)
    }

    /// Another connection to the same database that takes turns with this one, on the same thread.
    ///
    /// Code that runs on one may use both without waiting (`assumeIsolated`), each in a transaction of its
    /// own; what cancels work on one interrupts the statements of the other that belong to it.
    package func sibling() throws -> Connection {
        Connection(try ConnectionHandle(handle.target), on: executor, running: running)
    }

    deinit {
        // Releasing blocks, and must follow what the queue still runs.
        executor.queue.async { [handle] in _ = handle }
    }

    /// Runs a statement and answers with its whole result.
    ///
    /// - Parameters:
    ///   - sql: one statement, with `?` or `$1` for each parameter. Of several, separated by `;`,
    ///     all run, and the last is the one that takes the parameters and gives the result.
    ///   - parameters: bound values, in order. Decimals are bound exactly. Intervals are bound to
    ///     the microsecond.
    ///   - options: of the statement, as its driver names them.
    /// - Throws: `EngineError`; `unsupportedType` names a column that tables do not hold.
    /// - Complexity: about 0.1 µs for each cell on top of the statement's own time.
    package func query(
        _ sql: String, _ parameters: [Scalar] = [], options: [String: String] = [:]
    ) throws -> Table {
        let statement = try Statement(handle, running)
        for (name, value) in options { try statement.setOption(name, value) }
        try statement.prepare(sql, parameters)
        return try statement.open().readAll()
    }

    /// Runs a statement for its effect.
    ///
    /// - Returns: the rows affected, or -1 where the engine does not say.
    @discardableResult
    package func execute(_ sql: String, _ parameters: [Scalar] = []) throws -> Int64 {
        let statement = try Statement(handle, running)
        try statement.prepare(sql, parameters)
        return try statement.update()
    }

    /// Runs a statement and hands over its result batch by batch, in order, each as a table.
    ///
    /// Memory holds one batch at a time. An empty result is one table without rows. An error that
    /// `body` throws ends the statement and is rethrown. The connection takes no other statement
    /// until the stream is over.
    package func stream(
        _ sql: String, _ parameters: [Scalar] = [], _ body: (Table) throws -> Void
    ) throws {
        let statement = try Statement(handle, running)
        try statement.prepare(sql, parameters)
        try statement.open().readEach(body)
    }

    /// Puts rows into a table of the database.
    ///
    /// Decimal columns are created as `DECIMAL(38, scale)`. Appending needs the same columns as the
    /// table has, in any order, and converts to their types; a value that does not fit is an
    /// error, and no row is appended. Intervals are kept to the microsecond. Replacing takes the
    /// engine several steps: inside `transaction` they are one.
    ///
    /// - Parameters:
    ///   - name: the table's name, exactly as given; quoting is not needed.
    ///   - schema: the schema to find or create it in; nil for the current one.
    ///   - temporary: whether the table lives with this connection only.
    /// - Returns: the rows put in.
    /// - Complexity: linear; about 0.4 µs for each cell.
    @discardableResult
    package func ingest(
        _ table: Table, into name: String, schema: String? = nil, mode: IngestMode = .create,
        temporary: Bool = false
    ) throws -> Int64 {
        try table.checkNames()
        var table = table
        if mode == .append {
            let names = try columnNames(of: name, schema: temporary ? "temp" : schema)
            table = try table.arranged(as: names, of: name)
        }
        let statement = try Statement(handle, running)
        try statement.setIngestion(into: name, schema: schema, mode: mode, temporary: temporary)
        try statement.bind(table, decimals: .widest)
        let rows = try statement.update()
        return rows < 0 ? Int64(table.rowCount) : rows
    }

    private func columnNames(of name: String, schema: String?) throws -> [String] {
        let path = [schema, name].compactMap { $0 }.map(\.quotedIdentifier).joined(separator: ".")
        return try columnNames(of: "SELECT * FROM \(path) LIMIT 0")
    }

    /// The names of the columns that a statement answers with, whatever their types. Runs it.
    package func columnNames(of sql: String) throws -> [String] {
        let statement = try Statement(handle, running)
        try statement.prepare(sql, [])
        return try statement.open().columnNames()
    }

    /// Runs `body` in a transaction: all of its statements take effect, or none.
    ///
    /// Commits when `body` returns; rolls back when it throws or when the commit fails, and throws
    /// that error. Transactions do not nest: one inside another throws and leaves the outer alone.
    package func transaction<T: Sendable>(
        _ body: (isolated Connection) throws -> T
    ) throws -> T {
        try execute("BEGIN TRANSACTION")
        do {
            let result = try body(self)
            try execute("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Also when the work was cancelled, which must not keep the transaction open.
    private func rollBack() {
        running.withoutTicket { _ = try? execute("ROLLBACK") }
    }

    /// Runs a body as the work of one ticket; see `perform`.
    fileprivate func run<T: Sendable>(
        _ ticket: CancellationTicket, _ body: @Sendable (isolated Connection) throws -> T
    ) throws -> T {
        try running.with(ticket) { try body(self) }
    }
}

/// What to do about a table of the same name.
package enum IngestMode: Sendable {
    /// Makes the table; an error when it exists.
    case create
    /// Adds rows; an error when it does not exist.
    case append
    /// Drops the table if it exists, then makes it.
    case replace
}

extension Connection {
    /// Runs a body on the connection, with no other work between its statements.
    ///
    /// Cancelling the task interrupts the statement of the body that is running and refuses the
    /// ones after it; before the body started, it does not start.
    package nonisolated func perform<T: Sendable>(
        _ body: @escaping @Sendable (isolated Connection) throws -> T
    ) async throws -> T {
        let ticket = CancellationTicket()
        let running = canceller.running
        return try await withTaskCancellationHandler {
            try await run(ticket, body)
        } onCancel: {
            running.cancel(only: ticket)
        }
    }

    /// As the synchronous method.
    package nonisolated func query(
        _ sql: String, _ parameters: [Scalar] = [], options: [String: String] = [:]
    ) async throws -> Table {
        try await perform { try $0.query(sql, parameters, options: options) }
    }

    /// As the synchronous method.
    package nonisolated func columnNames(of sql: String) async throws -> [String] {
        try await perform { try $0.columnNames(of: sql) }
    }

    /// As the synchronous method.
    @discardableResult
    package nonisolated func execute(
        _ sql: String, _ parameters: [Scalar] = []
    ) async throws -> Int64 {
        try await perform { try $0.execute(sql, parameters) }
    }

    /// As the synchronous method; `body` runs on the connection's thread.
    package nonisolated func stream(
        _ sql: String, _ parameters: [Scalar] = [],
        _ body: @escaping @Sendable (Table) throws -> Void
    ) async throws {
        try await perform { try $0.stream(sql, parameters, body) }
    }

    /// As the synchronous method.
    @discardableResult
    package nonisolated func ingest(
        _ table: Table, into name: String, schema: String? = nil, mode: IngestMode = .create,
        temporary: Bool = false
    ) async throws -> Int64 {
        try await perform {
            try $0.ingest(table, into: name, schema: schema, mode: mode, temporary: temporary)
        }
    }

    /// As the synchronous method; `body` runs on the connection's thread.
    package nonisolated func transaction<T: Sendable>(
        _ body: @escaping @Sendable (isolated Connection) throws -> T
    ) async throws -> T {
        try await perform { try $0.transaction(body) }
    }
}
