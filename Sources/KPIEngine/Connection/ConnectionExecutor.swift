import Dispatch

/// Runs an actor's jobs on a dispatch queue of its own, so that a statement that takes minutes
/// blocks a thread of that queue and none of the cooperative pool.
final class ConnectionExecutor: SerialExecutor {
    let queue = DispatchQueue(label: "plumbline.connection")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

extension DispatchQueue {
    /// Runs blocking work on this queue and waits for it without holding a thread.
    func perform<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }
}
