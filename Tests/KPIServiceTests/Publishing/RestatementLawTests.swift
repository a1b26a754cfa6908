import KPICore
import KPIIngest
import KPIService
import TestSupport
import Testing

/// Random companies are published, their records changed at random, and loaded again.
@Suite("Laws of restatements", .serialized)
struct RestatementLawTests {
    @Test(
        "What is restated is what a question before and after the loads finds to differ",
        arguments: 1...50 as ClosedRange<UInt64>)
    func equalsBruteForce(seed: UInt64) async throws {
        var random = SplitMix(seed: seed &* 977)
        let trial = try await RestatementTrial(seed: seed, &random)
        let before = try await trial.cells()
        try await trial.publish()
        for _ in 0..<random.int(1...2) { try await trial.change(&random) }
        let after = try await trial.cells()
        let list = try await trial.company().restatements()

        let keys = Set(before.keys).union(after.keys)
        let expected = keys.filter { !trial.isSame(before[$0], after[$0]) }
        var found: [CellKey: Restatement] = [:]
        for item in list.items {
            let key = trial.key(item)
            #expect(found.updateValue(item, forKey: key) == nil, "\(key) twice")
        }
        #expect(Set(found.keys) == expected)
        #expect(list.cells == before.count)
        for (key, item) in found {
            #expect(trial.isSame(trial.value(item.was), before[key]), "was of \(key)")
            #expect(trial.isSame(trial.value(item.now), after[key]), "is of \(key)")
            let codes = Set(item.reasons.map(\.code))
            // The definitions stay, and every load was noted.
            #expect(!codes.isEmpty, "\(key)")
            #expect(
                codes.isDisjoint(with: ["records reloaded", "new version", "new grouping"]),
                "\(key) \(codes)")
        }
    }
}

/// A random company, what of it is published, and the same cells asked for one by one.
private struct RestatementTrial {
    let scratch = try! ScratchWorkspace()
    let kpis: [String]
    let periods: [(grain: String, name: String)]
    private var rows: Rows
    private let isSnapshot: Bool

    /// The files, shared by the copies of the trial.
    private final class Rows: @unchecked Sendable {
        var deals: [[String]] = []
        var owners: [[String]] = []
        var next = 10_000
    }

    init(seed: UInt64, _ random: inout SplitMix) async throws {
        let random0 = RandomCompany(seed: seed)
        isSnapshot = random.oneIn(2)
        let coverage = random.oneIn(2) ? "{from: 2023-11-01, to: 2024-06-01}" : nil
        try random0.write(to: scratch, coverage: coverage)
        rows = Rows()
        rows.deals = random0.deals
        rows.owners = random0.owners
        if isSnapshot {
            let source = try scratch.read("sources/deals.yaml")
            try scratch.write(source + "mode: snapshot\n", to: "sources/deals.yaml")
        }
        var all = LawMeasure.all.map(\.id) + RandomCompany.timeIDs
        all.shuffle(using: &random)
        kpis = Array(all.prefix(4))
        periods = [
            random.oneIn(2)
                ? ("month", random.pick(["2023-12", "2024-01", "2024-02", "2024-03"]))
                : ("week", "2024-W0\(random.int(1...9))"), ("quarter", "2024-Q1"),
        ]
        try await load()
    }

    func company() async throws -> Company { try await Company.open(scratch.folder) }

    private func load() async throws {
        func csv(_ header: [String], _ rows: [[String]]) -> String {
            ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
        }
        try scratch.write(csv(RandomCompany.columns, rows.deals), to: "data/deals.csv")
        try scratch.write(csv(["owner", "region"], rows.owners), to: "data/owners.csv")
        let company = try await company()
        _ = try await Loader(warehouse: company.warehouse, dataFolder: scratch.folder + "/data")
            .load()
    }

    /// Some records come, change or (of a snapshot) go; sometimes an owner moves to another region.
    func change(_ random: inout SplitMix) async throws {
        let columns = RandomCompany.columns
        for _ in 0..<random.int(1...4) {
            let donor = RandomCompany(seed: random.next() % 1000).deals[0]
            switch random.int(0...3) {
            case 0:
                var deal = donor
                deal[0] = "\(rows.next)"
                rows.next += 1
                rows.deals.append(deal)
            case 1 where isSnapshot && rows.deals.count > 1:
                rows.deals.remove(at: random.int(0...(rows.deals.count - 1)))
            case 2 where random.oneIn(2):
                let place = random.int(0...(rows.owners.count - 1))
                rows.owners[place][1] = random.pick(["North", "South", "West", ""])
            default:
                let place = random.int(0...(rows.deals.count - 1))
                let column = random.int(1...(columns.count - 1))
                rows.deals[place][column] = donor[column]
            }
        }
        try await load()
    }

    func publish() async throws {
        let company = try await company()
        for period in periods {
            var words = PublishText(period: period.name, by: "Ann")
            words.kpis = kpis
            words.groupings = ["owner", "region", "channel,region"]
            words.allowsUnfinished = true
            _ = try await company.publish(words)
        }
    }

    /// Every cell from a question of its own KPI and period.
    func cells() async throws -> [CellKey: CellValue] {
        let company = try await company()
        var cells: [CellKey: CellValue] = [:]
        for kpi in kpis {
            for period in periods {
                var words = QuestionText()
                words.kpis = [kpi]
                words.grains = [period.grain]
                words.groupings = ["", "owner", "region", "channel,region"]
                words.from = period.name
                words.to = period.name
                let question = try QuestionReader(company.workspace).question(words)
                cells.merge(try await company.compute(question).cells) { a, _ in a }
            }
        }
        return cells
    }

    func key(_ item: Restatement) -> CellKey {
        CellKey(
            kpi: item.kpi.id, grain: item.grain.rawValue, period: item.period,
            members: Dictionary(uniqueKeysWithValues: item.group.map { ($0.dimension, $0.value) }))
    }

    func value(_ cell: CellFigures?) -> CellValue? {
        cell.map {
            CellValue(
                value: $0.value, numerator: $0.numerator, denominator: $0.denominator, n: $0.n,
                open: $0.open, state: $0.state)
        }
    }

    func isSame(_ a: CellValue?, _ b: CellValue?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return a.state == b.state && a.value.isSame(as: b.value)
            && a.numerator.isSame(as: b.numerator) && a.denominator.isSame(as: b.denominator)
            && a.n.isSame(as: b.n) && a.open.isSame(as: b.open)
    }
}
