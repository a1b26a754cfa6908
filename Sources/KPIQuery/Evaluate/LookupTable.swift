import KPICore
import KPIModel

/// The rows of one lookup measure, and what they say about a window and a group.
struct LookupTable: Sendable {
    private struct Row {
        var window: Window
        var value: Scalar
        var members: [String]
        var levels: [String?]
        var exact: [String?]
        var units: [String?]
        var person: String?
    }

    private let lookup: Lookup
    private let moment: Stock.Moment
    private let dimensions: [String]
    private let rows: [Row]
    /// For every dimension: the place of the level or exact column that it is.
    private let levelOf: [String: Int]
    private let exactOf: [String: Int]
    /// Names of the levels of the organisation, from the top down; empty where units are not exact.
    private let unitNames: [String]
    private let isExact: Bool

    init(_ table: Table, _ scan: Scan, _ workspace: Workspace) {
        let use = scan.layout.measures[0].use
        let measure = workspace.measure(use)
        let dataset = workspace.dataset(use.dataset)!
        lookup = measure.lookup!
        moment = use.moment ?? .closing
        dimensions = scan.layout.dimensions
        isExact = (measure.attribution.route ?? dataset.route)?.isExact ?? false
        unitNames = isExact ? (workspace.organisation?.levels ?? []).map(\.id) : []
        func places(_ names: [String]) -> [String: Int] {
            var places: [String: Int] = [:]
            for dimension in dataset.dimensions {
                guard case .column(let path, let name) = dimension.expression.node, path.isEmpty,
                    let place = names.firstIndex(of: name)
                else { continue }
                places[dimension.id] = place
            }
            return places
        }
        levelOf = places(lookup.levels)
        exactOf = places(lookup.exact)
        func text(_ column: String, _ row: Int) -> String? {
            if case .text(let text)? = table[column]?[row] { text } else { nil }
        }
        func texts(_ prefix: String, _ count: Int, _ row: Int) -> [String?] {
            (0..<count).map { text("\(prefix)\($0)", row) }
        }
        var rows: [Row] = []
        for row in 0..<table.rowCount {
            guard case .timestamp(let from, _)? = table["from"]?[row],
                case .timestamp(let to, _)? = table["to"]?[row],
                let value = table["value"]?[row], !value.isNull
            else { continue }
            rows.append(
                Row(
                    window: Window(start: from, end: to), value: value,
                    members: dimensions.indices.map { text("d\($0)", row) ?? "(unknown)" },
                    levels: texts("l", lookup.levels.count, row),
                    exact: texts("e", lookup.exact.count, row),
                    units: texts("u", unitNames.count, row), person: text("p0", row)))
        }
        self.rows = rows
    }

    /// Whether its figures are those at an instant, not of a period.
    var isOfInstant: Bool { lookup.kind == .instant }

    /// The figure and how many rows it is made of; nil where they do not say.
    ///
    /// - Parameters:
    ///   - window: of the period asked for, whole.
    ///   - group: the member of every dimension of `asked`.
    func figure(
        _ window: Window, _ asked: [String], _ group: [String]
    ) -> (value: Scalar, rows: Int)? {
        let own = rows.filter { isOf(group, asked, $0) }
        switch lookup.kind {
        case .inside:
            let inside = own.filter { $0.window.lies(in: window) }
            return (.integer(Int64(inside.count)), inside.count)
        case .instant:
            let instant = moment == .opening ? window.start : window.end
            let found = own.filter { $0.window.end == instant }
            guard let first = found.first, found.allSatisfy({ $0.value == first.value }) else {
                return nil
            }
            return (first.value, found.count)
        case .period: return period(own, window, asked)
        }
    }

    private func isOf(_ group: [String], _ asked: [String], _ row: Row) -> Bool {
        for (dimension, member) in zip(asked, group) where !unitNames.contains(dimension) {
            guard let place = dimensions.firstIndex(of: dimension), row.members[place] == member
            else { return false }
            // What is missing stands for all, not for the group of the unknown.
            if let level = levelOf[dimension], row.levels[level] == nil { return false }
        }
        for (place, value) in row.exact.enumerated() where value != nil {
            guard asked.contains(where: { exactOf[$0] == place }) else { return false }
        }
        return !isExact || isOfUnit(group, asked, row)
    }

    /// Of the unit asked for itself; of a person only where a person is asked for.
    private func isOfUnit(_ group: [String], _ asked: [String], _ row: Row) -> Bool {
        if asked.contains("person") { return true }
        guard row.person == nil else { return false }
        let deepest = unitNames.lastIndex { asked.contains($0) } ?? -1
        for (place, name) in unitNames.enumerated() {
            if place > deepest {
                guard row.units[place] == nil else { return false }
            } else if let position = asked.firstIndex(of: name) {
                guard row.units[place] == group[position] else { return false }
            }
        }
        return true
    }

    // MARK: Figures of a period

    private func period(
        _ rows: [Row], _ window: Window, _ asked: [String]
    ) -> (value: Scalar, rows: Int)? {
        used(rows, window, asked).flatMap { used in
            Self.sum(used.map(\.value)).map { ($0, used.count) }
        }
    }

    /// The values of the levels in the rows that make up a figure, each combination once; nil where they do
    /// not say.
    func combinations(
        _ window: Window, _ asked: [String], _ group: [String]
    ) -> Set<[String?]>? {
        let own = rows.filter { isOf(group, asked, $0) }
        return used(own, window, asked).map { Set($0.map(\.levels)) }
    }

    /// Of the levels that are complete the coarsest: the one with the fewest columns filled beyond those
    /// asked for.
    private func used(_ rows: [Row], _ window: Window, _ asked: [String]) -> [Row]? {
        let touching = rows.filter { !$0.window.intersection(window).isEmpty }
        let open = lookup.levels.indices.filter { place in
            !asked.contains { levelOf[$0] == place }
        }
        let byLevel = Dictionary(grouping: touching) { row in
            open.filter { row.levels[$0] != nil }
        }
        for level in byLevel.keys.sorted(by: { ($0.count, "\($0)") < ($1.count, "\($1)") }) {
            let combinations = Dictionary(grouping: byLevel[level]!) { row in
                level.map { row.levels[$0] }
            }
            let used = combinations.values.map { Self.covering(window, $0) }
            if used.allSatisfy({ $0 != nil }) { return used.flatMap { $0! } }
        }
        return nil
    }

    /// The rows of exactly a window, else those inside it where they cover every day of it once.
    private static func covering(_ window: Window, _ rows: [Row]) -> [Row]? {
        let exact = rows.filter { $0.window == window }
        if !exact.isEmpty { return exact }
        let inside = rows.filter { $0.window.lies(in: window) }
            .sorted { ($0.window.start, $0.window.end) < ($1.window.start, $1.window.end) }
        var end = window.start
        for row in inside {
            guard row.window.start == end else { return nil }
            end = row.window.end
        }
        return end == window.end && !inside.isEmpty ? inside : nil
    }

    static func sum(_ values: [Scalar]) -> Scalar? {
        if values.contains(where: { if case .double = $0 { true } else { false } }) {
            return .double(values.reduce(0) { $0 + $1.asDouble })
        }
        let numbers = values.map(\.asDecimal)
        let scale = numbers.map(\.scale).max() ?? 0
        var total: Int128 = 0
        for number in numbers {
            guard let own = number.rescaled(to: scale) else { return nil }
            let (next, overflow) = total.addingReportingOverflow(own.mantissa)
            if overflow { return nil }
            total = next
        }
        return .decimal(ExactDecimal(mantissa: total, scale: scale))
    }
}

extension Window {
    fileprivate func lies(in other: Window) -> Bool { start >= other.start && end <= other.end }
}

/// Reads the figures of a lookup measure for frames and groups.
struct LookupReader {
    let table: LookupTable?
    let kpi: PlannedKPI
    let space: GroupSpace
    let calendar: BusinessCalendar

    func read(_ part: LeafPart, _ frames: [Frame]) -> Vector {
        let count = frames.count * space.groupCount
        guard let table else { return .missing(.noData, count: count) }
        var state = [CellState](repeating: .noData, count: count)
        var values = [Scalar](repeating: .integer(0), count: count)
        var counts = [Int64](repeating: 0, count: count)
        for (index, frame) in frames.enumerated() {
            guard let covered = kpi.covered(frame) else { continue }
            // The end of a period that goes on is now.
            let window = table.isOfInstant ? frame.window : frame.asked(calendar)
            let isPartial = frame.isCut || covered != CoveredWindow(frame.window)
            for (group, members) in space.groups.enumerated() {
                guard let found = table.figure(window, space.dimensions, members) else { continue }
                let cell = index * space.groupCount + group
                values[cell] = found.value
                counts[cell] = Int64(found.rows)
                state[cell] = isPartial ? .partial : .final
            }
        }
        if part == .count { return Vector(numbers: .integer(counts), state: state) }
        return Vector(numbers: Self.numbers(values), state: state)
    }

    /// Of one kind: exact where all are.
    static func numbers(_ values: [Scalar]) -> Numbers {
        if values.contains(where: { if case .double = $0 { true } else { false } }) {
            return .double(values.map(\.asDouble))
        }
        let numbers = values.map(\.asDecimal)
        let scale = numbers.map(\.scale).max() ?? 0
        return .decimal(numbers.map { $0.rescaled(to: scale)?.mantissa ?? 0 }, scale: scale)
    }
}

/// Reads a measure that counts only inside the rows of a lookup: its sums by the levels of these, of which
/// those are added up that the figure for a cell is made of.
struct LimitedReader {
    let use: MeasureUse
    let limits: (use: MeasureUse, dimensions: [String])
    let cubes: CubeStore
    let table: LookupTable?
    let kpi: PlannedKPI
    let space: GroupSpace
    let calendar: BusinessCalendar

    func read(_ part: LeafPart, _ frames: [Frame]) -> Vector {
        let count = frames.count * space.groupCount
        guard let table else { return .missing(.noData, count: count) }
        let grouping = Set(space.dimensions).union(limits.dimensions).sorted()
        let sources = cubes.cubes(use, grouping)
        var state = [CellState](repeating: .noData, count: count)
        var sums = [Scalar](repeating: .integer(0), count: count)
        for (index, frame) in frames.enumerated() {
            guard let covered = kpi.covered(frame),
                let source = sources.first(where: { $0.cube.windowIndex[covered] != nil })
            else { continue }
            let window = frame.asked(calendar)
            for (group, members) in space.groups.enumerated() {
                guard let used = table.combinations(window, space.dimensions, members) else {
                    continue
                }
                let cell = index * space.groupCount + group
                sums[cell] = sum(part, source, covered, members, used)
                let isPartial = frame.isCut || covered != CoveredWindow(frame.window)
                state[cell] = isPartial ? .partial : .final
            }
        }
        return Vector(numbers: LookupReader.numbers(sums), state: state)
    }

    private func sum(
        _ part: LeafPart, _ source: (cube: Cube, columns: LaidOutMeasure), _ window: CoveredWindow,
        _ members: [String], _ used: Set<[String?]>
    ) -> Scalar {
        let cube = source.cube
        let column = part == .count ? source.columns.count : source.columns.value
        guard let numbers = cube.columns[column], let place = cube.windowIndex[window] else {
            return .integer(0)
        }
        let asked = space.dimensions.map { cube.dimensions.firstIndex(of: $0)! }
        let levels = limits.dimensions.map { cube.dimensions.firstIndex(of: $0)! }
        var found: [Scalar] = []
        for (group, own) in cube.members.enumerated() {
            guard zip(asked, members).allSatisfy({ own[$0] == $1 }) else { continue }
            let isUsed = used.contains { combination in
                zip(combination, levels).allSatisfy { value, level in
                    value == nil || own[level] == value
                }
            }
            if isUsed { found.append(numbers[place * cube.groupCount + group]) }
        }
        return LookupTable.sum(found) ?? .integer(0)
    }
}

extension Scalar {
    fileprivate var asDecimal: ExactDecimal {
        switch self {
        case .integer(let number): ExactDecimal(number)
        case .decimal(let number): number
        default: ExactDecimal(0)
        }
    }

    fileprivate var asDouble: Double {
        if case .double(let number) = self { number } else { asDecimal.doubleValue }
    }
}

extension Frame {
    /// The window whose figures are looked up: that of the whole period where as-of or the range cut it.
    fileprivate func asked(_ calendar: BusinessCalendar) -> Window {
        guard let period else { return window }
        let whole = calendar.window(period)
        return whole.start == window.start && isCut ? whole : window
    }
}
