import KPICore
import KPIEngine
import Synchronization
import Testing

/// Runs for minutes unless interrupted.
private let longQuery = "SELECT sum(hash(a.i + b.i)) FROM range(10000000) a(i), range(100000) b(i)"

@Suite(.timeLimit(.minutes(5))) struct CancellationTests {
    @Test func cancellingInterruptsTheQueryAndLeavesTheConnectionUsable() async throws {
        let connection = try await memoryConnection()
        for delay in [0, 1, 20, 100] {
            let query = Task.detached { try await connection.query(longQuery) }
            let canceller = connection.canceller
            try await Task.sleep(for: .milliseconds(delay))
            let clock = ContinuousClock.now
            // A statement that has not begun is not there to be cancelled: ask until it is.
            let asking = Task {
                while !Task.isCancelled {
                    canceller.cancel()
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            #expect(await engineError { _ = try await query.value }?.kind == .cancelled)
            asking.cancel()
            _ = await asking.result
            #expect(ContinuousClock.now - clock < .seconds(5))
            #expect(try await connection.query("SELECT 1")[0, 0] == .integer(1))
        }
    }

    @Test(arguments: 0..<20)
    func cancellingTheTaskInterruptsItsQueryWheneverItComes(_ step: Int) async throws {
        let connection = try await memoryConnection()
        let query = Task { try await connection.query(longQuery, []) }
        try await Task.sleep(for: .microseconds(step * step * 20))
        query.cancel()
        #expect(await engineError { _ = try await query.value }?.kind == .cancelled)
        #expect(try await connection.query("SELECT 1")[0, 0] == .integer(1))
    }

    @Test func cancellingATaskLeavesTheWorkOfOthersAlone() async throws {
        let connection = try await memoryConnection()
        let first = Task {
            try await connection.query("SELECT sum(hash(i)) FROM range(30000000) AS r(i)")
        }
        try await Task.sleep(for: .milliseconds(30))
        let second = Task { try await connection.query("SELECT 2") }
        second.cancel()
        #expect(try await first.value.rowCount == 1)
        #expect(await engineError { _ = try await second.value }?.kind == .cancelled)
    }

    @Test func aCancelledTransactionIsRolledBack() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE TABLE t (a INTEGER)")
        let work = Task {
            try await connection.transaction { connection in
                try connection.execute("INSERT INTO t VALUES (1)")
                _ = try connection.query(longQuery)
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        work.cancel()
        #expect(await engineError { try await work.value }?.kind == .cancelled)
        #expect(try await connection.query("FROM t").rowCount == 0)
        try await connection.transaction { _ = try $0.execute("INSERT INTO t VALUES (2)") }
        #expect(try await connection.query("FROM t").rowCount == 1)
    }

    @Test func aStreamIsCancelledBetweenItsBatches() async throws {
        let connection = try await memoryConnection()
        let canceller = connection.canceller
        let batches = Mutex(0)
        let error = await engineError {
            try await connection.stream("FROM range(100000000)") { _ in
                batches.withLock { $0 += 1 }
                canceller.cancel()
            }
        }
        #expect(error?.kind == .cancelled)
        #expect(batches.withLock { $0 } == 1)
    }

    @Test func cancellingWhenNothingRunsDoesNothing() async throws {
        let connection = try await memoryConnection()
        for _ in 0..<100 {
            connection.canceller.cancel()
            #expect(try await connection.query("SELECT 1").rowCount == 1)
            connection.canceller.cancel()
        }
    }

    /// Cancels from other threads, at any moment of hundreds of short statements.
    @Test func cancellingNeverTouchesAReleasedStatement() async throws {
        let connection = try await memoryConnection()
        let canceller = connection.canceller
        let cancelling = (0..<2).map { _ in
            Task.detached {
                while !Task.isCancelled {
                    canceller.cancel()
                    await Task.yield()
                }
            }
        }
        for number in 0..<500 {
            let result = await engineError {
                let table = try await connection.query("SELECT ?", [.integer(Int64(number))])
                #expect(table[0, 0] == .integer(Int64(number)))
            }
            #expect(result == nil || result?.kind == .cancelled)
        }
        for task in cancelling { task.cancel() }
        for task in cancelling { await task.value }
        #expect(try await connection.query("SELECT 1").rowCount == 1)
    }
}
