import KPICore
import KPIQuery
import KPIReport
import KPIService
import Synchronization
import TestSupport
import Testing

/// Within one process readers go on while records are loaded.
struct ReaderTests {
    @Test("A reader during a load sees the state before it or after it", arguments: [1, 2, 3])
    func oldOrNew(seed: UInt64) async throws {
        var random = SplitMix(seed: seed &* 31_337)
        var data = ChangingCompany(&random)
        let scratch = try ScratchWorkspace()
        defer { withExtendedLifetime(scratch) {} }
        try data.write(to: scratch)
        let company = try await scratch.loaded()
        let words = Self.words
        _ = try await company.keep(words, name: "kept")
        let question = try QuestionReader(company.workspace).question(words)
        let log = ReaderLog()
        log.add(state: try await Self.text(company, question))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<3 {
                group.addTask {
                    while !log.isDone {
                        let answer =
                            reader == 0
                            ? try await company.compute(question)
                            : try await company.computeFromRecords(question)
                        log.add(read: CSVReport.text(answer))
                    }
                }
            }
            for _ in 0..<6 {
                _ = data.changeRecords(&random)
                try data.writeRecords(to: scratch)
                _ = try await scratch.loaded()
                log.add(state: try await Self.text(company, question))
                try await company.refresh()
            }
            log.finish()
            try await group.waitForAll()
        }
        #expect(log.known.count > 1 && !log.read.isEmpty)
        #expect(log.read.isSubset(of: log.known), "seed \(seed): a mixture of two states was read")
    }

    private static func text(_ company: Company, _ question: Question) async throws -> String {
        CSVReport.text(try await company.computeFromRecords(question))
    }

    /// Several datasets and time columns, so that one question takes several scans.
    private static var words: QuestionText {
        var words = QuestionText()
        words.kpis = ["total", "opened", "kinds", "returning", "settled", "middle"]
        words.grains = ["month", "total"]
        words.groupings = ["", "team", "region"]
        return words
    }
}

/// What readers saw, and what there was to see.
private final class ReaderLog: Sendable {
    private struct State {
        var known: Set<String> = []
        var read: Set<String> = []
        var isDone = false
    }

    private let state = Mutex(State())

    var known: Set<String> { state.withLock { $0.known } }
    var read: Set<String> { state.withLock { $0.read } }
    var isDone: Bool { state.withLock { $0.isDone } }

    func add(state text: String) { state.withLock { _ = $0.known.insert(text) } }
    func add(read text: String) { state.withLock { _ = $0.read.insert(text) } }
    func finish() { state.withLock { $0.isDone = true } }
}
