import CADBC
import KPICore

/// One statement of a connection, from preparation to release. Used on the connection's thread.
final class Statement {
    private let connection: ConnectionHandle
    private let raw: UnsafeMutablePointer<AdbcStatement>
    private let running: RunningStatement
    private let run: UInt64
    private var driver: Driver { connection.driver }

    /// Opens a statement and lets it be cancelled from now until it is released.
    init(_ connection: ConnectionHandle, _ running: RunningStatement) throws {
        let driver = connection.driver
        let raw = UnsafeMutablePointer<AdbcStatement>.allocate(capacity: 1)
        raw.initialize(to: AdbcStatement())
        do {
            try driver.call("StatementNew") {
                driver.table.pointee.StatementNew?(connection.raw, raw, $0)
            }
            raw.pointee.private_driver = driver.table
            run = try running.begin(StatementReference(driver: driver, raw: raw))
        } catch {
            Self.release(raw, driver)
            throw error
        }
        self.connection = connection
        self.running = running
        self.raw = raw
    }

    deinit {
        running.end(run)
        Self.release(raw, driver)
    }

    private static func release(_ raw: UnsafeMutablePointer<AdbcStatement>, _ driver: Driver) {
        if raw.pointee.private_data != nil {
            try? driver.call("StatementRelease") {
                driver.table.pointee.StatementRelease?(raw, $0)
            }
        }
        raw.deallocate()
    }

    func prepare(_ sql: String, _ parameters: [Scalar]) throws {
        try setSQL(sql)
        guard !parameters.isEmpty else { return }
        try call("StatementPrepare") { driver.table.pointee.StatementPrepare?(raw, $0) }
        try checkCount(of: parameters)
        try bind(Table(parameters: parameters), decimals: .fitting)
    }

    private func setSQL(_ sql: String) throws {
        guard !sql.utf8.contains(0) else {
            throw EngineError(.invalidStatement, message: "the statement holds a zero character")
        }
        try call("StatementSetSqlQuery") {
            driver.table.pointee.StatementSetSqlQuery?(raw, sql, $0)
        }
    }

    /// Engines ignore values past the last parameter; here they are a mistake.
    private func checkCount(of parameters: [Scalar]) throws {
        var schema = ArrowSchema()
        defer { schema.release?(&schema) }
        do {
            try call("StatementGetParameterSchema") {
                driver.table.pointee.StatementGetParameterSchema?(raw, &schema, $0)
            }
        } catch let error as EngineError where error.kind == .notSupported {
            return
        }
        guard schema.n_children == parameters.count else {
            throw EngineError(
                .invalidInput,
                message: "the statement has \(schema.n_children) parameters, "
                    + "\(parameters.count) values were given")
        }
    }

    func setOption(_ name: String, _ value: String) throws {
        try call("StatementSetOption") {
            driver.table.pointee.StatementSetOption?(raw, name, value, $0)
        }
    }

    /// Hands rows over. The driver moves both structs and releases them when it likes.
    func bind(_ table: Table, decimals: DecimalWidth) throws {
        var batch = try ArrowBatch(table, decimals: decimals)
        defer { batch.releaseIfLeft() }
        try call("StatementBind") {
            driver.table.pointee.StatementBind?(raw, &batch.array, &batch.schema, $0)
        }
    }

    /// Runs the statement; the stream keeps it alive.
    func open() throws -> ResultStream {
        let stream = ResultStream(driver, statement: self)
        try call("StatementExecuteQuery") {
            driver.table.pointee.StatementExecuteQuery?(raw, stream.raw, nil, $0)
        }
        return stream
    }

    /// Runs the statement for its effect: rows affected, or -1 where the driver does not know.
    func update() throws -> Int64 {
        var rows: Int64 = -1
        try call("StatementExecuteQuery") {
            driver.table.pointee.StatementExecuteQuery?(raw, nil, &rows, $0)
        }
        return rows
    }

    /// Throws when somebody cancelled this statement.
    func checkCancellation() throws {
        if running.isCancelled(run) { throw EngineError.cancelled }
    }

    private func call(
        _ step: String, _ body: (UnsafeMutablePointer<AdbcError>) -> AdbcStatusCode?
    ) throws {
        try checkCancellation()
        try driver.call(step, body)
    }
}
