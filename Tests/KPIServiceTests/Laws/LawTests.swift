import KPICore
import KPIModel
import KPIQuery
import KPIService
import TestSupport
import Testing

/// What must hold for any data. The seed is the argument of the test: it repeats the case.
struct LawTests {
    /// Each with questions of its own: 25 × 8 cases of every law.
    static let seeds: [UInt64] = Array(1...25)
    static let questionCount = 8

    // MARK: Against SQL

    @Test("What adds up, rolled up from days, equals the direct computation", arguments: seeds)
    func additive(seed: UInt64) async throws {
        try await compare(seed, LawMeasure.all.filter(\.isAdditive))
    }

    @Test("What does not add up is computed from the records of every window", arguments: seeds)
    func recomputed(seed: UInt64) async throws {
        try await compare(seed, LawMeasure.all.filter { !$0.isAdditive })
    }

    private func compare(_ seed: UInt64, _ measures: [LawMeasure]) async throws {
        let data = RandomCompany(seed: seed)
        let (scratch, company) = try await data.loaded()
        let oracle = try await LawOracle(scratch.folder, zone: data.zone)
        var random = SplitMix(seed: seed &* 1_000)
        for _ in 0..<Self.questionCount {
            let time = random.oneIn(3) ? "opened_at" : "closed_on"
            let question = LawQuestion(measures.filter { $0.time == time }, &random)
            let expected = try await oracle.cells(question)
            let cells = try await company.cells(question.text)
            let differences = differences(expected, cells, measures)
            #expect(
                differences.isEmpty,
                "seed \(seed), \(question.text): \(differences.sorted().prefix(3))")
        }
    }

    private func differences(
        _ expected: [CellKey: CellValue], _ cells: [CellKey: CellValue], _ measures: [LawMeasure]
    ) -> [String] {
        var found: [String] = []
        for (key, value) in expected {
            guard let cell = cells[key] else {
                found.append("\(key): no cell")
                continue
            }
            let isSame =
                isClose(cell.value, value.value) && isClose(cell.n, value.n)
                && isClose(cell.open, value.open)
            if !isSame { found.append("\(key): SQL \(value), cell \(cell)") }
        }
        let groups = Set(expected.keys.map { Group(kpi: $0.kpi, members: $0.members) })
        for (key, cell) in cells where expected[key] == nil {
            let isEmpty = [cell.value, cell.n, cell.open].allSatisfy {
                $0.isNull || $0.isSame(as: .integer(0))
            }
            if !isEmpty { found.append("\(key): \(cell) without records") }
            let group = Group(kpi: key.kpi, members: key.members)
            if !key.members.isEmpty, !groups.contains(group) {
                found.append("\(key): a group without records")
            }
        }
        return found
    }

    private struct Group: Hashable {
        let kpi: String
        let members: [String: String]
    }

    /// Doubles that should be 0 may be off by the last digits of what they were computed from.
    private func isClose(_ a: Scalar, _ b: Scalar) -> Bool {
        if a.isSame(as: b) { return true }
        guard let x = a.number, let y = b.number, a.exact == nil || b.exact == nil else {
            return false
        }
        return abs(x - y) < 1e-9
    }

    // MARK: Against itself

    @Test("Asked together or alone, grains and groupings have the same cells", arguments: seeds)
    func together(seed: UInt64) async throws {
        let (scratch, company) = try await RandomCompany(seed: seed).loaded()
        defer { withExtendedLifetime(scratch) {} }
        var random = SplitMix(seed: seed &* 2_000)
        for _ in 0..<Self.questionCount {
            let onTimes = random.oneIn(4)
            let question = LawQuestion(
                onTimes ? LawMeasure.onTimes : LawMeasure.onDates,
                extra: onTimes ? [] : RandomCompany.timeIDs, &random)
            var words = question.text
            let all = try await company.cells(words)
            var parts: [CellKey: CellValue] = [:]
            for grain in question.grains {
                for grouping in question.groupings {
                    let kpi = random.pick(question.kpis)
                    words.kpis = [kpi]
                    words.grains = [grain]
                    words.groupings = [grouping.joined(separator: ",")]
                    parts.merge(try await company.cells(words)) { first, _ in first }
                }
            }
            let different = parts.keys.filter { !isSame(all[$0], parts[$0]) }
            #expect(different.isEmpty, "seed \(seed), \(question.text): \(list(different))")
        }
    }

    private func list(_ keys: some Sequence<CellKey>) -> [String] {
        Array(keys.map(\.description).sorted().prefix(3))
    }

    /// The same cell, but for the last digits of a double, which depend on the order of records.
    private func isSame(_ a: CellValue?, _ b: CellValue?) -> Bool {
        guard let a, let b else { return false }
        return a.state == b.state && isClose(a.value, b.value)
            && isClose(a.numerator, b.numerator) && isClose(a.denominator, b.denominator)
            && isClose(a.n, b.n) && isClose(a.open, b.open)
    }

    // MARK: Earlier as-of

    @Test("An earlier as-of is a load of what existed then", arguments: seeds)
    func asOf(seed: UInt64) async throws {
        let company = RandomCompany(seed: seed)
        var random = SplitMix(seed: seed &* 3_000)
        let coverage = "{from: \(RandomCompany.day(0)), to: \(RandomCompany.day(160))}"
        let (whole, all) = try await company.loaded(coverage: coverage)
        defer { withExtendedLifetime(whole) {} }
        let day = RandomCompany.day(random.int(20...140))
        let moment = random.oneIn(2) ? day + "T00:00:00" : day + "T12:34:56"
        let past = try ScratchWorkspace()
        try company.before(moment).write(to: past, coverage: coverage)
        let then = try await past.loaded()
        for _ in 0..<Self.questionCount {
            let onTimes = random.oneIn(2)
            var words = LawQuestion(
                onTimes ? LawMeasure.onTimes : LawMeasure.onDates,
                extra: onTimes ? [] : RandomCompany.timeIDs, &random
            ).text
            words.asOf = moment
            let now = try await all.cells(words)
            let before = try await then.cells(words)
            let keys = Set(now.keys).union(before.keys).filter { !isSame(now[$0], before[$0]) }
            #expect(keys.isEmpty, "seed \(seed), \(words): \(list(keys))")
        }
    }

    // MARK: Records behind a cell

    @Test("As many records or keys are listed as a cell counts", arguments: seeds)
    func listed(seed: UInt64) async throws {
        let (scratch, company) = try await RandomCompany(seed: seed).loaded()
        defer { withExtendedLifetime(scratch) {} }
        var random = SplitMix(seed: seed &* 4_000)
        for _ in 0..<Self.questionCount {
            let onTimes = random.oneIn(3)
            let question = LawQuestion(
                onTimes ? LawMeasure.onTimes : LawMeasure.onDates,
                extra: onTimes ? [] : RandomCompany.timeIDs, &random)
            var words = question.text
            (words.from, words.to) = (nil, nil)
            words.grains = [random.pick(words.grains)]
            words.groupings = [random.pick(words.groupings)]
            if random.oneIn(3) { words.asOf = RandomCompany.day(random.int(30...140)) }
            let cells = try await company.cells(words).filter { $0.value.n.number ?? 0 > 0 }
            let keys = cells.keys.sorted { $0.description < $1.description }
            guard !keys.isEmpty else { continue }
            let key = random.pick(keys)
            let explanation = try await company.explain(
                key.kpi, period: key.period, members: key.members.map { "\($0)=\($1)" },
                filter: words.filter, asOf: words.asOf, limit: 1)
            let listed = explanation.records.reduce(0) { $0 + $1.total }
            #expect(
                cells[key]!.n.isSame(as: .integer(Int64(listed))),
                "seed \(seed), \(words), \(key): \(cells[key]!), listed \(listed)")
        }
    }
}

extension RandomCompany {
    /// What existed at a moment: recorded times at or after it are not known yet. A date has
    /// happened when its day began before the moment.
    func before(_ moment: String) -> RandomCompany {
        let times = ["closed_on", "opened_at", "done_at"].map { Self.columns.firstIndex(of: $0)! }
        var past = self
        past.replaceDeals { row in
            var row = row
            for column in times where !row[column].isEmpty {
                let time = row[column].count == 10 ? row[column] + "T00:00:00" : row[column]
                if time >= moment { row[column] = "" }
            }
            return row
        }
        return past
    }
}
