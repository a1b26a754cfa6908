import KPICore
import TestSupport

/// A random company whose records change: deals with two time columns, the states of customers and the
/// postings of people over time, regions of people. Every kind of measure is on them.
struct ChangingCompany {
    static let firstDay = CivilDate("2023-11-20")!.day
    static let dayCount = 120

    let zone: String
    /// Deals replace each other by key, or each load replaces all of them.
    let isSnapshot: Bool
    /// Declared, so that as-of stays where it is; else it follows the records.
    let coverage: String?
    private(set) var deals: [[String]]
    private(set) var states: [[String]] = []
    private(set) var postings: [[String]] = []
    private(set) var regions: [[String]] = []
    /// Definitions that a step may change.
    private(set) var largeFrom = 3
    private(set) var growthBase = "previous(total)"
    private var nextDeal: Int

    static let people = ["O1", "O2", "O3", "O4", "O5"]
    static let customers = (1...8).map { "C\($0)" }
    static let teams = ["East", "West", "North"]

    init(_ random: inout SplitMix) {
        zone = random.pick(["Asia/Shanghai", "America/New_York", "Europe/London", "UTC"])
        isSnapshot = random.oneIn(2)
        coverage =
            random.oneIn(2)
            ? "{from: \(Self.day(0)), to: \(Self.day(Self.dayCount))}" : nil
        let count = random.oneIn(8) ? random.int(1...4) : random.int(20...150)
        deals = (0..<count).map { Self.deal($0, &random) }
        nextDeal = count
        changeStates(&random)
        changePostings(&random)
        changeRegions(&random)
    }

    // MARK: Steps

    /// Changes something; the words say what.
    mutating func step(_ random: inout SplitMix) -> String {
        switch random.int(0...9) {
        case 0, 1: return append(&random)
        case 2, 3: return correct(&random)
        case 4: return move(&random)
        case 5: return isSnapshot ? delete(&random) : correct(&random)
        case 6:
            changeStates(&random)
            return "states"
        case 7:
            changePostings(&random)
            return "postings"
        case 8:
            changeRegions(&random)
            return "regions"
        default:
            if random.oneIn(2) {
                largeFrom = random.int(1...5)
                return "definition of large: \(largeFrom)"
            }
            growthBase = random.pick([
                "previous(total)", "year_ago(total)", "rolling(total, 10, day)",
            ])
            return "definition of growth: \(growthBase)"
        }
    }

    /// Changes records alone.
    mutating func changeRecords(_ random: inout SplitMix) -> String {
        switch random.int(0...3) {
        case 0: return append(&random)
        case 1: return correct(&random)
        case 2: return move(&random)
        default:
            changePostings(&random)
            changeRegions(&random)
            return "postings and regions"
        }
    }

    private mutating func append(_ random: inout SplitMix) -> String {
        let count = min(random.int(1...12), 200 - deals.count)
        guard count > 0 else { return correct(&random) }
        for _ in 0..<count {
            deals.append(Self.deal(nextDeal, &random))
            nextDeal += 1
        }
        return "\(count) new"
    }

    private mutating func correct(_ random: inout SplitMix) -> String {
        "corrected \(change([3, 6, 7, 8], &random))"
    }

    /// To another day, owner or customer.
    private mutating func move(_ random: inout SplitMix) -> String {
        "moved \(change([1, 2, 4, 5], &random))"
    }

    /// Gives some deals another value in one of these columns.
    private mutating func change(_ columns: [Int], _ random: inout SplitMix) -> [Int] {
        let places = places(&random)
        for place in places {
            let column = random.pick(columns)
            deals[place][column] = Self.deal(0, &random)[column]
        }
        return places
    }

    private mutating func delete(_ random: inout SplitMix) -> String {
        guard deals.count > 1 else { return append(&random) }
        let gone = Set(places(&random).prefix(deals.count - 1))
        deals = deals.indices.filter { !gone.contains($0) }.map { deals[$0] }
        return "deleted \(gone.sorted())"
    }

    private func places(_ random: inout SplitMix) -> [Int] {
        (0..<random.int(1...4)).map { _ in random.int(0...(deals.count - 1)) }
    }

    // MARK: Records

    private static func deal(_ number: Int, _ random: inout SplitMix) -> [String] {
        let opened = random.int(0...(dayCount - 1))
        let done = min(dayCount - 1, opened + random.int(0...20))
        return [
            "\(number)", random.pick(people + ["O9", ""]), random.pick(customers + [""]),
            random.pick(["web", "phone", ""]),
            random.oneIn(8) ? "" : day(random.int(0...(dayCount - 1))),
            random.oneIn(9) ? "" : time(opened, &random),
            random.oneIn(4) ? "" : time(done, &random),
            random.oneIn(6) ? "" : "\(random.int(-20...500)).\(random.int(10...99))",
            random.oneIn(6) ? "" : "\(random.int(0...6))",
        ]
    }

    static let dealColumns = [
        "id", "owner", "customer", "channel", "closed_on", "opened_at", "done_at", "amount",
        "quantity",
    ]

    /// Ranges of one key that follow each other, with gaps, the last one open or not.
    private static func ranges(_ random: inout SplitMix) -> [(from: String, to: String)] {
        var cuts = (0..<random.int(1...4)).map { _ in random.int(-10...(dayCount - 1)) }
        cuts = Set(cuts).sorted()
        return cuts.indices.map { index in
            let next = index + 1 < cuts.count ? cuts[index + 1] : nil
            let hasGap = random.oneIn(4)
            let end = next.map { hasGap ? max(cuts[index] + 1, $0 - 3) : $0 }
            if end == nil, random.oneIn(3) {
                return (day(cuts[index]), day(cuts[index] + random.int(1...30)))
            }
            return (day(cuts[index]), end.map(day) ?? "")
        }
    }

    private mutating func changeStates(_ random: inout SplitMix) {
        if states.isEmpty || random.oneIn(3) {
            states = Self.customers.flatMap { Self.states(of: $0, &random) }
        } else {
            let customer = random.pick(Self.customers)
            states.removeAll { $0[1] == customer }
            states += Self.states(of: customer, &random)
        }
    }

    private static func states(of customer: String, _ random: inout SplitMix) -> [[String]] {
        ranges(&random).enumerated().map { index, range in
            [
                "\(customer)-\(index)", customer, random.pick(["gold", "plain", ""]), range.from,
                range.to,
            ]
        }
    }

    private mutating func changePostings(_ random: inout SplitMix) {
        let who = postings.isEmpty ? Self.people : [random.pick(Self.people)]
        postings.removeAll { who.contains($0[1]) }
        for person in who {
            postings += Self.ranges(&random).enumerated().map { index, range in
                ["\(person)-\(index)", person, random.pick(Self.teams), range.from, range.to]
            }
        }
    }

    private mutating func changeRegions(_ random: inout SplitMix) {
        regions = Self.people.map { [$0, random.pick(["North", "South", ""])] }
    }

    static func day(_ index: Int) -> String { "\(CivilDate(day: firstDay + index))" }

    private static func time(_ index: Int, _ random: inout SplitMix) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = [random.int(4...23), random.int(0...59), random.int(0...59)].map(two)
        return day(index) + "T" + clock.joined(separator: ":")
    }
}
