import KPICore
import KPIEngine
import Synchronization
import Testing

/// Runs for minutes unless interrupted.
private let longQuery = "SELECT sum(hash(a.i + b.i)) FROM range(10000000) a(i), range(100000) b(i)"

private struct Refusal: Error {}

@Suite struct ConnectionTests {
    @Test func transactionsTakeEffectTogetherOrNotAtAll() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE TABLE t (a INTEGER)")
        let answer = try await connection.transaction { connection in
            try connection.execute("INSERT INTO t VALUES (1)")
            return try connection.query("SELECT count(*) FROM t")[0, 0]
        }
        #expect(answer == .integer(1))
        await #expect(throws: Refusal.self) {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO t VALUES (2)")
                throw Refusal()
            }
        }
        let failed = await engineError {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO t VALUES (3)")
                try connection.execute("INSERT INTO missing VALUES (3)")
            }
        }
        #expect(failed?.kind == .invalidStatement)
        #expect(try await connection.query("FROM t").rows == [[.integer(1)]])
    }

    @Test func ingestingIsPartOfATransaction() async throws {
        let connection = try await memoryConnection()
        let table = Table(columns: [Column(name: "a", values: .int64([1, 2]))])
        try await connection.ingest(table, into: "t")
        await #expect(throws: Refusal.self) {
            try await connection.transaction { connection in
                try connection.ingest(table, into: "t", mode: .append)
                try connection.ingest(table, into: "u", mode: .replace)
                throw Refusal()
            }
        }
        #expect(try await connection.query("FROM t").rowCount == 2)
        #expect(await engineError { _ = try await connection.query("FROM u") } != nil)
    }

    @Test func aTransactionInsideAnotherIsRefusedAndLeavesItAlone() async throws {
        let connection = try await memoryConnection()
        try await connection.transaction { connection in
            try connection.execute("CREATE TABLE t (a INTEGER)")
            #expect(throws: EngineError.self) { try connection.transaction { _ in } }
        }
        let count = try? await connection.query("FROM t").rowCount
        #expect(count == 0 || count == nil)
        #expect(try await connection.query("SELECT 1").rowCount == 1)
    }

    @Test func aCommitThatFailsIsThrownAndRolledBack() async throws {
        let database = try await Database.inMemory()
        let (one, other) = (try await database.connect(), try await database.connect())
        try await one.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER)")
        try await one.execute("INSERT INTO t VALUES (1, 0)")
        try await one.execute("BEGIN")
        try await one.execute("UPDATE t SET b = 1")
        let error = await engineError {
            try await other.transaction { _ = try $0.execute("UPDATE t SET b = 2") }
        }
        #expect(error?.kind == .transaction)
        try await one.execute("COMMIT")
        try await other.transaction { _ = try $0.execute("UPDATE t SET b = 3") }
        #expect(try await one.query("SELECT b FROM t")[0, 0] == .integer(3))
    }

    @Test func streamingHandsOverBatchesInOrder() async throws {
        let connection = try await memoryConnection()
        let seen = Mutex<(batches: Int, next: Int64)>((0, 0))
        try await connection.stream("SELECT i FROM range(?) AS r(i)", [.integer(500_000)]) {
            table in
            guard case .int64(let values) = table.columns[0].values else { return }
            seen.withLock { seen in
                seen.batches += 1
                for value in values where value == seen.next { seen.next += 1 }
            }
        }
        #expect(seen.withLock { $0.next } == 500_000)
        #expect(seen.withLock { $0.batches } > 1)
    }

    @Test func anEmptyStreamStillTellsItsColumns() async throws {
        let names = Mutex<[[String]]>([])
        try await memoryConnection().stream("SELECT 1 AS a, 'x' AS b LIMIT 0") { table in
            names.withLock { $0.append(table.columns.map(\.name)) }
        }
        #expect(names.withLock { $0 } == [["a", "b"]])
    }

    @Test func aStreamMayBeLeftEarly() async throws {
        let connection = try await memoryConnection()
        await #expect(throws: Refusal.self) {
            try await connection.stream("FROM range(10000000)") { _ in throw Refusal() }
        }
        #expect(try await connection.query("SELECT 1").rowCount == 1)
    }

    @Test func aStatementInsideAStreamIsRefused() async throws {
        let connection = try await memoryConnection()
        let error = await engineError {
            try await connection.perform { connection in
                try connection.stream("FROM range(100000)") { _ in
                    _ = try connection.query("SELECT 1")
                }
            }
        }
        #expect(error?.kind == .invalidStatement)
        #expect(try await connection.query("SELECT 1").rowCount == 1)
    }

    @Test func ofSeveralStatementsTheLastOneAnswers() async throws {
        let table = try await memoryConnection().query(
            "CREATE TABLE t (a INT); INSERT INTO t VALUES (1); SELECT a + ? FROM t", [.integer(1)])
        #expect(table.rows == [[.integer(2)]])
    }

    @Test func connectionsOfOneDatabaseWorkAtTheSameTime() async throws {
        let database = try await Database.inMemory()
        try await database.connect().execute("CREATE TABLE t AS FROM range(100000) AS r(i)")
        try await withThrowingTaskGroup(of: Scalar.self) { group in
            for offset in 0..<16 {
                group.addTask {
                    let connection = try await database.connect()
                    return try await connection.query(
                        "SELECT sum(i) - ? FROM t", [.integer(Int64(offset))])[0, 0]
                }
            }
            let sums = try await group.reduce(into: Set<Scalar>()) { $0.insert($1) }
            #expect(sums.count == 16)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func blockedConnectionsLeaveTheCooperativePoolFree() async throws {
        let database = try await Database.inMemory()
        let connections = try await withThrowingTaskGroup(of: Connection.self) { group in
            for _ in 0..<8 { group.addTask { try await database.connect() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let running = connections.map { connection in
            Task { try await connection.query(longQuery) }
        }
        try await Task.sleep(for: .milliseconds(200))
        for _ in 0..<100 { await Task.yield() }
        for task in running { task.cancel() }
        for task in running {
            #expect(await engineError { _ = try await task.value }?.kind == .cancelled)
        }
    }
}
