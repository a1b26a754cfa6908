import CADBC
import Dispatch
import Synchronization

/// Interrupts whatever statement a connection is running. May be used from anywhere, at any time.
package struct Canceller: Sendable {
    let running: RunningStatement

    /// Interrupts the running statement, which then throws `EngineError` of kind `cancelled`; the
    /// connection stays usable. Does nothing when none is running. Returns at once.
    package func cancel() { running.cancel(only: nil) }
}

/// What lets a task take back its own work on a connection, and nobody else's.
final class CancellationTicket: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .acquiring) }
    func cancel() { flag.store(true, ordering: .releasing) }
}

/// A statement of a driver. The pointer is used only while `RunningStatement` holds it.
struct StatementReference: @unchecked Sendable {
    let driver: Driver
    let raw: UnsafeMutablePointer<AdbcStatement>

    func cancel() {
        try? driver.call("StatementCancel") { driver.table.pointee.StatementCancel?(raw, $0) }
    }
}

/// Which statement a connection is running, so that it can be interrupted from elsewhere.
///
/// A statement is interrupted under the lock and leaves under the lock before it is released:
/// nobody ever touches a released one. An interrupt that comes a moment before the engine starts
/// is lost on it, so interrupts are sent again until the statement ends.
final class RunningStatement: Sendable {
    private struct State {
        var statement: StatementReference?
        var run: UInt64 = 0
        var isCancelled = false
        var ticket: CancellationTicket?
    }

    private static let resendAfter = DispatchTimeInterval.milliseconds(10)
    private let state = Mutex(State())

    /// Notes a statement that is about to run; its number tells it from later ones.
    ///
    /// - Throws: `cancelled` for work that was taken back; `invalidStatement` while a result is
    ///   still being streamed, because a second statement would end the first one's result.
    func begin(_ statement: StatementReference) throws -> UInt64 {
        try state.withLock { state in
            if state.ticket?.isCancelled == true { throw EngineError.cancelled }
            guard state.statement == nil else {
                throw EngineError(
                    .invalidStatement, message: "the result before is still being streamed")
            }
            state.run += 1
            state.statement = statement
            state.isCancelled = false
            return state.run
        }
    }

    /// Forgets the statement; it may be released afterwards.
    func end(_ run: UInt64) {
        state.withLock { state in
            if state.run == run { state.statement = nil }
        }
    }

    func isCancelled(_ run: UInt64) -> Bool {
        state.withLock { $0.run == run && $0.isCancelled }
    }

    /// Runs `body` as the work of one ticket. Not to be nested.
    func with<Result>(
        _ ticket: CancellationTicket, _ body: () throws -> Result
    ) throws -> Result {
        state.withLock { $0.ticket = ticket }
        defer { state.withLock { $0.ticket = nil } }
        if ticket.isCancelled { throw EngineError.cancelled }
        return try body()
    }

    /// Runs `body` outside of the ticket at hand, so that a cancelled one does not refuse it.
    func withoutTicket(_ body: () -> Void) {
        let ticket = state.withLock { state in
            defer { state.ticket = nil }
            return state.ticket
        }
        body()
        state.withLock { $0.ticket = ticket }
    }

    /// Interrupts the running statement; with a ticket, only when it belongs to that ticket.
    func cancel(only ticket: CancellationTicket?) {
        ticket?.cancel()
        let run = state.withLock { state -> UInt64? in
            guard let statement = state.statement else { return nil }
            if let ticket, state.ticket !== ticket { return nil }
            state.isCancelled = true
            statement.cancel()
            return state.run
        }
        if let run { resend(run) }
    }

    private func resend(_ run: UInt64) {
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.resendAfter) {
            let isStillRunning = self.state.withLock { state in
                guard state.run == run, let statement = state.statement else { return false }
                statement.cancel()
                return true
            }
            if isStillRunning { self.resend(run) }
        }
    }
}
