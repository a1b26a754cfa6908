import KPICore
import KPIQuery
import KPIService
import TestSupport

/// A random question in the words of the command line, and the same in SQL.
struct LawQuestion {
    var measures: [LawMeasure]
    var kpis: [String]
    var grains: [String]
    var groupings: [[String]]
    var from: String?
    var to: String?
    /// The first instant after the range, for SQL.
    var end: String?
    var filter: (formula: String, sql: String)?

    /// Filters with their meaning under missing values.
    private static let filters: [(formula: String, sql: String)] = [
        ("channel = \"web\"", "channel = 'web'"),
        ("channel != \"web\"", "channel IS DISTINCT FROM 'web'"),
        ("amount > 100", "amount > 100"),
        ("not amount > 100", "(amount IS NULL OR amount <= 100)"),
        ("region = \"North\" or quantity = 2", "(region = 'North' OR quantity = 2)"),
        ("region is missing", "region IS NULL"),
        ("owner in (\"O1\", \"O6\")", "owner IN ('O1', 'O6')"),
        ("owner not in (\"O1\", \"O2\")", "(owner IS NULL OR owner NOT IN ('O1', 'O2'))"),
        ("size = \"large\" and channel is present", "(size = 'large' AND channel IS NOT NULL)"),
        ("weekday(closed_on) <= 5", "isodow(closed_on) <= 5"),
    ]

    private static let dimensions = ["channel", "owner", "region", "size"]

    init(_ measures: [LawMeasure], extra: [String] = [], _ random: inout SplitMix) {
        let chosen = Array(measures.shuffled(using: &random).prefix(5))
        self.measures = chosen
        kpis = chosen.map(\.id) + extra.shuffled(using: &random).prefix(3)
        let isTimed = measures.first?.time == "opened_at"
        var grains = ["total", "day", "week", "month", "quarter", "half", "year"]
        grains.shuffle(using: &random)
        self.grains = Array(grains.prefix(random.int(1...3)))
        groupings = []
        for _ in 0..<random.int(1...3) {
            var names = Self.dimensions.shuffled(using: &random)
            names = Array(names.prefix(random.int(0...2)))
            if !groupings.contains(where: { Set($0) == Set(names) }) { groupings.append(names) }
        }
        if !random.oneIn(3) { chooseRange(isTimed, &random) }
        if random.oneIn(2) { filter = random.pick(Self.filters) }
    }

    private mutating func chooseRange(_ isTimed: Bool, _ random: inout SplitMix) {
        let first = random.int(0...(RandomCompany.dayCount - 1))
        let isShort = isTimed && random.oneIn(2)
        let last = min(RandomCompany.dayCount - 1, first + random.int(0...(isShort ? 3 : 60)))
        from = RandomCompany.day(first)
        to = RandomCompany.day(last)
        end = RandomCompany.day(last + 1)
        guard isShort else { return }
        grains = Array(Set(grains + ["hour"])).sorted()
        from! += "T0" + "\(random.int(0...9))"
        let hour = random.int(10...22)
        to! += "T\(hour)"
        end = RandomCompany.day(last) + "T\(hour + 1):00"
    }

    var text: QuestionText {
        var words = QuestionText()
        words.kpis = kpis
        words.grains = grains
        words.groupings = groupings.map { $0.joined(separator: ",") }
        words.from = from
        words.to = to
        words.filter = filter?.formula
        return words
    }

    /// Whether a column's time lies in the range, in SQL.
    func range(_ column: String) -> String {
        guard let from, let end else { return "TRUE" }
        let first = from.contains("T") ? from + ":00" : from
        return "\(column) >= TIMESTAMP '\(first)' AND \(column) < TIMESTAMP '\(end)'"
    }

    var conditions: [String] {
        let time = measures[0].time
        return ["\(time) IS NOT NULL", range(time)] + (filter.map { [$0.sql] } ?? [])
    }
}

extension Company {
    /// The cells of a question in words.
    func cells(_ words: QuestionText) async throws -> [CellKey: CellValue] {
        try await compute(QuestionReader(workspace).question(words)).cells
    }
}
