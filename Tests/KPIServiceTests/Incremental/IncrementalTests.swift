import Foundation
import KPICore
import KPIIngest
import KPIQuery
import KPIService
import TestSupport
import Testing

/// Kept cells after any sequence of loads, corrections, moves, deletions and changed definitions are
/// those of a computation from scratch. The seed is the argument of the test: it repeats the sequence.
///
/// One after the other: hundreds of stores open at once wait for each other more than they work.
@Suite(.serialized)
struct IncrementalTests {
    /// Each block of seeds is one test: 500 sequences.
    static let blocks = Array(0..<blockCount)
    static let sequencesInBlock = 20
    static let blockCount =
        ProcessInfo.processInfo.environment["PLUMB_SEQUENCES"].flatMap { Int($0) } ?? 25

    /// One sequence again: `PLUMB_SEED`.
    static let seed = ProcessInfo.processInfo.environment["PLUMB_SEED"].flatMap { UInt64($0) }

    @Test("Refreshed cells are those computed from scratch", arguments: blocks)
    func incremental(block: Int) async throws {
        for number in 0..<Self.sequencesInBlock {
            let seed = Self.seed ?? UInt64(block * Self.sequencesInBlock + number + 1)
            try await ChangeSequence(seed: seed).run()
        }
    }
}

/// One company, the questions kept of it, and the steps it goes through.
private struct ChangeSequence {
    let seed: UInt64
    private var random: SplitMix
    private var data: ChangingCompany
    private var history: [String] = []

    init(seed: UInt64) {
        self.seed = seed
        random = SplitMix(seed: seed &* 7_919)
        data = ChangingCompany(&random)
    }

    func run() async throws {
        var sequence = self
        try await sequence.go()
    }

    private mutating func go() async throws {
        let scratch = try ScratchWorkspace()
        defer { withExtendedLifetime(scratch) {} }
        try data.write(to: scratch)
        var company = try await scratch.loaded()
        let questions = (0..<random.int(1...2)).map { _ in question() }
        for (index, words) in questions.enumerated() {
            let report = try await company.keep(words, name: "q\(index)")
            #expect(report.failure == nil, "seed \(seed)")
        }
        for _ in 0..<random.int(1...3) {
            history.append(data.step(&random))
            try data.write(to: scratch)
            company = try await scratch.loaded()
            let reports = try await company.refresh()
            #expect(reports.allSatisfy { $0.failure == nil }, "seed \(seed), \(history)")
            for words in questions { try await compare(company, words) }
        }
        // What the loads left is what loading the last files alone would have brought.
        guard seed % 4 == 0 else { return }
        let fresh = try ScratchWorkspace()
        try data.write(to: fresh)
        let whole = try await fresh.loaded()
        for words in questions {
            try await compare(company, words, with: whole, "a load of the last files")
        }
    }

    private func compare(
        _ company: Company, _ words: QuestionText, with other: Company? = nil,
        _ what: String = "the records"
    ) async throws {
        let question = try QuestionReader(company.workspace).question(words)
        let direct = try await (other ?? company).computeFromRecords(question)
        // An answer without periods is not worth keeping.
        if direct.cells.isEmpty { return }
        let kept = try await company.keptAnswer(question)
        let answer = try #require(
            kept, "seed \(seed), \(history), \(words): not answered from what is kept")
        let different = Self.differences(answer, direct)
        #expect(
            different.isEmpty,
            "seed \(seed), \(history), \(words): kept cells differ from \(what): \(different.prefix(3))"
        )
    }

    static func differences(_ a: Answer, _ b: Answer) -> [String] {
        let (x, y) = (a.cells, b.cells)
        var found = Set(x.keys).union(y.keys).filter { !isSame(x[$0], y[$0]) }.map {
            "\($0): \(x[$0].map { "\($0)" } ?? "none") for \(y[$0].map { "\($0)" } ?? "none")"
        }
        func headers(_ answer: Answer) -> [String] {
            answer.blocks.map {
                "\($0.kpi.id) \($0.kpi.version) \($0.kpi.watermark) \($0.grain) \($0.periods) \($0.dimensions) \($0.members)"
            }
        }
        if found.isEmpty, headers(a) != headers(b) { found.append("order, versions or watermarks") }
        return found.sorted()
    }

    /// The same but for the last digits of doubles, which depend on the order of records.
    private static func isSame(_ a: CellValue?, _ b: CellValue?) -> Bool {
        guard let a, let b else { return false }
        func close(_ x: Scalar, _ y: Scalar) -> Bool {
            if x.isSame(as: y) { return true }
            guard let p = x.number, let q = y.number, x.exact == nil || y.exact == nil else {
                return false
            }
            return abs(p - q) < 1e-9
        }
        return a.state == b.state && close(a.value, b.value) && close(a.numerator, b.numerator)
            && close(a.denominator, b.denominator) && close(a.n, b.n) && close(a.open, b.open)
    }

    /// Some KPIs that can be broken down alike, some grains, some groupings, perhaps a filter.
    private mutating func question() -> QuestionText {
        let onStates = random.oneIn(4)
        let kpis = onStates ? ChangingCompany.stateKPIs : ChangingCompany.dealKPIs
        let dimensions =
            onStates ? ["tier"] : ["channel", "owner", "region", "tier", "team", "person"]
        var words = QuestionText()
        words.kpis = Array(kpis.shuffled(using: &random).prefix(random.int(2...5)))
        let grains = ["total", "day", "week", "month", "quarter", "half", "year"]
        words.grains = Array(grains.shuffled(using: &random).prefix(random.int(1...3)))
        words.groupings = [""]
        for _ in 0..<random.int(0...2) {
            let names = dimensions.shuffled(using: &random).prefix(random.int(1...2)).sorted()
            if !words.groupings.contains(names.joined(separator: ",")) {
                words.groupings.append(names.joined(separator: ","))
            }
        }
        let filters = [
            "channel = \"web\"", "amount > 100", "region = \"South\"", "quantity is present",
        ]
        if !onStates, random.oneIn(3) { words.filter = random.pick(filters) }
        return words
    }
}
