import KPICore
import KPIService
import TestSupport

/// A small random data set: deals of owners with gaps of every kind, and a workspace over it.
///
/// Owners may be missing or dangling, regions missing, dates and amounts too. Times stay away from
/// the hours in which clocks change, so that the wall clock alone says the period.
struct RandomCompany {
    let seed: UInt64
    let zone: String
    private(set) var deals: [[String]]
    let owners: [[String]]

    static let columns = [
        "id", "owner", "channel", "closed_on", "opened_at", "done_at", "amount", "quantity",
        "weight",
    ]
    static let firstDay = CivilDate("2023-11-20")!.day
    static let dayCount = 150

    init(seed: UInt64) {
        self.seed = seed
        var random = SplitMix(seed: seed)
        zone = random.pick(["Asia/Shanghai", "America/New_York", "Europe/London", "UTC"])
        let count = random.int(0...9) == 0 ? random.int(1...3) : random.int(20...120)
        deals = (0..<count).map { Self.deal($0, &random) }
        owners = (1...5).map { ["O\($0)", random.pick(["North", "South", "East", ""])] }
    }

    mutating func replaceDeals(_ change: ([String]) -> [String]) { deals = deals.map(change) }

    private static func deal(_ index: Int, _ random: inout SplitMix) -> [String] {
        let opened = random.int(0...(dayCount - 1))
        let done = min(dayCount - 1, opened + random.int(0...20))
        let isOpen = random.oneIn(4)
        return [
            "\(index)",
            random.pick(["O1", "O1", "O2", "O3", "O4", "O5", "O6", ""]),
            random.pick(["web", "phone", "mail", ""]),
            random.oneIn(8) ? "" : day(random.int(0...(dayCount - 1))),
            random.oneIn(9) ? "" : time(opened, &random),
            isOpen ? "" : time(done, &random),
            random.oneIn(5) ? "" : cents(random.int(-2_000...50_000)),
            random.oneIn(5) ? "" : "\(random.int(0...6))",
            random.oneIn(5) ? "" : "\(Double(random.int(1...40)) / 4)",
        ]
    }

    private static func cents(_ value: Int) -> String {
        ExactDecimal(mantissa: Int128(value), scale: 2).description
    }

    static func day(_ index: Int) -> String { "\(CivilDate(day: firstDay + index))" }

    private static func time(_ index: Int, _ random: inout SplitMix) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = [random.int(4...23), random.int(0...59), random.int(0...59)].map(two)
        return day(index) + "T" + clock.joined(separator: ":")
    }

    // MARK: Files

    private static func csv(_ header: [String], _ rows: [[String]]) -> String {
        ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    /// Writes the workspace and its data.
    ///
    /// - Parameter coverage: YAML of the declared coverage of deals, or nil to derive it.
    func write(
        to scratch: ScratchWorkspace, coverage: String? = nil, cards: [String] = []
    ) throws {
        try scratch.write(Self.csv(Self.columns, deals), to: "data/deals.csv")
        try scratch.write(Self.csv(["owner", "region"], owners), to: "data/owners.csv")
        try scratch.write(
            "name: random\ntime_zone: \(zone)\ncurrency: CNY\n", to: "plumbline.yaml")
        let declared = coverage.map { "coverage: \($0)\n" } ?? ""
        try scratch.write(Self.dataset + declared + measures, to: "datasets/deals.yaml")
        try scratch.write(
            "dataset: owners\nkey: owner\ncolumns: {owner: text, region: text}\n",
            to: "datasets/owners.yaml")
        try scratch.write(source("deals", Self.columns), to: "sources/deals.yaml")
        try scratch.write(source("owners", ["owner", "region"]), to: "sources/owners.yaml")
        let all = LawMeasure.all.map { Self.card($0.id, $0.id) } + Self.timeCards + cards
        try scratch.write("kpis:\n" + all.joined(), to: "kpis/all.yaml")
    }

    func loaded(coverage: String? = nil) async throws -> (ScratchWorkspace, Company) {
        let scratch = try ScratchWorkspace()
        try write(to: scratch, coverage: coverage)
        return (scratch, try await scratch.loaded())
    }

    private func source(_ name: String, _ columns: [String]) -> String {
        let mapping = columns.map { "  \($0): \($0)\n" }.joined()
        return "source: \(name)\ndataset: \(name)\nfiles: \(name).csv\ncolumns:\n\(mapping)"
    }

    private var measures: String {
        "measures:\n" + LawMeasure.all.map { "  \($0.id): \($0.yaml)\n" }.joined()
    }

    static func card(_ id: String, _ formula: String) -> String {
        "  - {id: \(id), label: {zh: \(id)-zh, en: \(id)-en}, formula: '\(formula)'}\n"
    }

    /// KPIs whose windows move.
    static let timeCards = [
        card("k-growth", "(total − previous(total)) ÷ previous(total)"),
        card("k-year-ago", "year_ago(deals)"),
        card("k-to-date", "to_date(total, year)"),
        card("k-rolling", "rolling(kinds, 2, month)"),
        card("k-share", "share(total)"),
        card("k-share-channel", "share(pieces, channel)"),
        card("k-per-deal", "total ÷ deals"),
        card("k-choice", "if(deals > 3, total, coalesce(previous(total), 0))"),
    ]
    static let timeIDs = timeCards.map { text in
        String(text.drop { $0 != "k" }.prefix { $0 != "," })
    }

    private static let dataset = """
        dataset: deals
        key: id
        time: [closed_on, opened_at, done_at]
        columns:
          id: integer
          owner: text
          channel: text
          closed_on: date
          opened_at: timestamp
          done_at: timestamp
          amount: money
          quantity: integer
          weight: double
        references:
          person: {to: owners, on: owner}
        dimensions:
          channel: {of: channel, label: {zh: 渠道, en: Channel}}
          owner: {of: owner, label: {zh: 负责人, en: Owner}}
          region: {of: person.region, label: {zh: 大区, en: Region}}
          size: {of: 'if(quantity > 3, "large", "small")', label: {zh: 大小, en: Size}}

        """
}

/// A measure with its definition in SQL over the records of one period and group.
struct LawMeasure: Sendable {
    let id: String
    let yaml: String
    var time = "closed_on"
    let value: String
    let n: String
    var open: String?
    /// Whether values of parts make the value of the whole.
    let isAdditive: Bool

    private static func additive(
        _ id: String, _ yaml: String, _ value: String, n: String
    ) -> LawMeasure {
        LawMeasure(id: id, yaml: yaml, value: value, n: n, isAdditive: true)
    }

    private static func recomputed(
        _ id: String, _ yaml: String, _ value: String, n: String
    ) -> LawMeasure {
        LawMeasure(id: id, yaml: yaml, value: value, n: n, isAdditive: false)
    }

    private static func timed(
        _ id: String, _ yaml: String, _ value: String, n: String, open: String? = nil,
        isAdditive: Bool
    ) -> LawMeasure {
        LawMeasure(
            id: id, yaml: yaml, time: "opened_at", value: value, n: n, open: open,
            isAdditive: isAdditive)
    }

    static let all = onDates + onTimes

    private static let big = "FILTER (WHERE quantity > 3)"
    private static let north = "FILTER (WHERE region = 'North')"
    private static let first = "FILTER (WHERE owner IS NOT NULL AND closed_on = first_on)"
    private static let fresh = "FILTER (WHERE owner IS NOT NULL AND {first in period})"
    private static let freshKnown =
        "FILTER (WHERE owner IS NOT NULL AND amount IS NOT NULL AND {first in period})"
    private static let twice =
        "coalesce(len(list_filter(map_values(histogram(owner)), lambda x: x >= 2)), 0)"

    static let onDates: [LawMeasure] = [
        additive(
            "deals", "{aggregate: count(), label: {zh: 商机数, en: Deals}}", "count(*)", n: "count(*)"),
        additive("priced", "{aggregate: count(amount)}", "count(amount)", n: "count(amount)"),
        additive(
            "total", "{aggregate: sum(amount), label: {zh: 金额, en: Total}}",
            "coalesce(sum(amount), 0)", n: "count(amount)"),
        additive(
            "pieces", "{aggregate: sum(quantity), label: {zh: 件数, en: Pieces}}",
            "coalesce(sum(quantity), 0)", n: "count(quantity)"),
        additive(
            "weighed", "{aggregate: sum(weight)}", "coalesce(sum(weight), 0)", n: "count(weight)"),
        additive(
            "average", "{aggregate: mean(amount)}",
            "sum(amount)::DOUBLE / nullif(count(amount), 0)", n: "count(amount)"),
        additive(
            "lowest", "{aggregate: min(amount)}", "min(amount)", n: "count(amount)"),
        additive(
            "heaviest", "{aggregate: max(weight)}", "max(weight)", n: "count(weight)"),
        additive(
            "large", "{aggregate: sum(amount), where: quantity > 3}",
            "coalesce(sum(amount) \(big), 0)", n: "count(amount) \(big)"),
        additive(
            "north", "{aggregate: count(), where: person.region = \"North\"}",
            "count(*) \(north)", n: "count(*) \(north)"),
        recomputed(
            "kinds", "{aggregate: distinct(owner), label: {zh: 负责人数, en: Owners}}",
            "count(DISTINCT owner)", n: "count(DISTINCT owner)"),
        recomputed(
            "middle", "{aggregate: median(amount)}", "ranked(list(amount), 0.5)",
            n: "count(amount)"),
        recomputed(
            "ninth", "{aggregate: \"percentile(quantity, 0.9)\"}", "ranked(list(quantity), 0.9)",
            n: "count(quantity)"),
        recomputed(
            "spread", "{aggregate: stddev(weight)}", "stddev_samp(weight)", n: "count(weight)"),
        recomputed(
            "returning", "{per: owner, having: count() >= 2, aggregate: count()}", twice,
            n: twice),
        recomputed(
            "newcomers",
            "{per: owner, where: closed_on = ever(min(closed_on)), aggregate: count()}",
            "count(DISTINCT owner) \(first)", n: "count(DISTINCT owner) \(first)"),
        recomputed(
            "fresh",
            "{per: owner, having: in_period(ever(min(closed_on))), aggregate: sum(sum(amount))}",
            "coalesce(sum(amount) \(fresh), 0)", n: "count(DISTINCT owner) \(freshKnown)"),
    ]

    static let onTimes: [LawMeasure] = [
        timed(
            "opened", "{aggregate: count(), time: opened_at}", "count(*)", n: "count(*)",
            isAdditive: true),
        timed(
            "waiting",
            "{aggregate: \"mean(duration(opened_at, done_at))\", open: done_at is missing, "
                + "time: opened_at}",
            "sum(seconds)::DOUBLE / nullif(count(seconds), 0)", n: "count(seconds)",
            open: "count(*) - count(done_at)", isAdditive: true),
        timed(
            "longest", "{aggregate: \"max(duration(opened_at, done_at))\", time: opened_at}",
            "max(seconds)", n: "count(seconds)", isAdditive: true),
        timed(
            "patience", "{aggregate: \"median(duration(opened_at, done_at))\", time: opened_at}",
            "ranked(list(seconds), 0.5)", n: "count(seconds)", isAdditive: false),
        timed(
            "people", "{aggregate: distinct(owner), time: opened_at}", "count(DISTINCT owner)",
            n: "count(DISTINCT owner)", isAdditive: false),
    ]
}
