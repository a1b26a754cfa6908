import KPICore
import KPIQuery

/// Cells of a kept question as rows: one for each grain, period and group, with the figures of every
/// KPI side by side, so that a page of cells is one small read.
///
/// `q` numbers grain and grouping, `t` is where the period begins, `d0` … are the dimensions of the
/// question. For KPI k: `s` state, `h` whether the group has records in the period, `v` value, `a`
/// numerator, `b` denominator, `n`, `o` open.
struct KeptTable {
    let question: Question

    static let figures = ["v", "a", "b", "n", "o"]

    /// The number of a grain and a grouping.
    func number(grain: Int, grouping: Int) -> Int64 { Self.number(grain, grouping) }

    static func number(_ grain: Int, _ grouping: Int) -> Int64 {
        Int64(grain * Question.maximumGroupings + grouping)
    }

    // MARK: Writing

    /// The rows of an answer.
    ///
    /// - Parameters:
    ///   - occurs: for every block and cell.
    ///   - kinds: of the columns there are, by name.
    /// - Returns: nil when a column would need a wider type than it has.
    func rows(
        _ answer: Answer, occurs: [[Bool]], outline: Outline, kinds: [String: Column.Values]
    ) -> Table? {
        var columns = Columns(question, kinds)
        for (grain, planned) in outline.grains.enumerated() {
            let frames = Dictionary(
                uniqueKeysWithValues: planned.names.enumerated().map { ($1, $0) })
            for (grouping, dimensions) in question.groupings.enumerated() {
                let parts = zip(answer.blocks, occurs).filter { block, _ in
                    block.grain == planned.grain && Set(block.dimensions) == Set(dimensions)
                        && block.dimensions.count == dimensions.count
                }.map { Part(block: $0, occurs: $1, frames: frames, order: question.dimensions) }
                let groups = Set(parts.flatMap(\.tuples)).sorted(by: Self.isBefore)
                columns.add(
                    parts, groups, number: number(grain: grain, grouping: grouping),
                    starts: outline.starts[grain])
            }
        }
        return columns.isTooNarrow ? nil : columns.table
    }

    private static func isBefore(_ a: [String?], _ b: [String?]) -> Bool {
        for (x, y) in zip(a, b) where x != y {
            return (x ?? "").utf8.lexicographicallyPrecedes((y ?? "").utf8)
        }
        return false
    }

    /// A block with its groups as tuples over all dimensions of the question.
    struct Part {
        let block: CellBlock
        let occurs: [Bool]
        /// The frames of its periods.
        let places: [Int]
        let tuples: [[String?]]

        init(block: CellBlock, occurs: [Bool], frames: [String: Int], order: [String]) {
            self.block = block
            self.occurs = occurs
            places = block.periods.map { frames[$0]! }
            tuples = (0..<block.groupCount).map { group in
                order.map { name in
                    block.dimensions.firstIndex(of: name).map { block.members[$0][group] }
                }
            }
        }

        func figures(_ name: String) -> Figures? {
            switch name {
            case "v": block.value
            case "a": block.numerator
            case "b": block.denominator
            case "n": block.n
            default: block.open
            }
        }
    }

    // MARK: Reading

    /// The columns of some KPIs.
    func names(_ kpis: [Int]) -> [String] {
        kpis.flatMap { kpi in (["s", "h"] + Self.figures).map { "\($0)\(kpi)" } }
    }
}

/// The columns of kept rows while they are filled.
private struct Columns {
    let question: Question
    private var numbers: [Int64] = []
    private var starts: [Int64] = []
    private var members: [[String]]
    private var isMember: [[Bool]]
    private var states: [[Int64]]
    private var hasState: [[Bool]]
    private var occurs: [[Bool]]
    private var figures: [[NumberColumn]]
    private let kinds: [String: Column.Values]

    init(_ question: Question, _ kinds: [String: Column.Values]) {
        self.question = question
        self.kinds = kinds
        let (count, dimensions) = (question.kpis.count, question.dimensions.count)
        members = Array(repeating: [], count: dimensions)
        isMember = Array(repeating: [], count: dimensions)
        states = Array(repeating: [], count: count)
        hasState = Array(repeating: [], count: count)
        occurs = Array(repeating: [], count: count)
        figures = Array(
            repeating: KeptTable.figures.map { _ in NumberColumn() }, count: count)
    }

    mutating func add(
        _ parts: [KeptTable.Part], _ groups: [[String?]], number: Int64, starts frames: [Instant]
    ) {
        let rows = frames.count * groups.count
        numbers += [Int64](repeating: number, count: rows)
        for start in frames { starts += [Int64](repeating: start, count: groups.count) }
        for dimension in members.indices {
            let texts = groups.map { $0[dimension] ?? "" }
            let flags = groups.map { $0[dimension] != nil }
            for _ in frames {
                members[dimension] += texts
                isMember[dimension] += flags
            }
        }
        let index = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
        for (kpi, id) in question.kpis.enumerated() {
            let own = parts.filter { $0.block.kpi.id == id }
            add(kpi, own, index, rows, groups.count)
        }
    }

    private mutating func add(
        _ kpi: Int, _ parts: [KeptTable.Part], _ index: [[String?]: Int], _ rows: Int, _ width: Int
    ) {
        var state = [Int64](repeating: 0, count: rows)
        var known = [Bool](repeating: false, count: rows)
        var present = [Bool](repeating: false, count: rows)
        /// For every row the cell and the part it comes from.
        var cells = [(part: Int, cell: Int)](repeating: (-1, -1), count: rows)
        for (number, part) in parts.enumerated() {
            let places = part.tuples.map { index[$0]! }
            for (period, frame) in part.places.enumerated() {
                for (group, place) in places.enumerated() {
                    let cell = period * part.block.groupCount + group
                    let row = frame * width + place
                    cells[row] = (number, cell)
                    state[row] = Int64(part.block.state[cell].rawValue)
                    known[row] = true
                    present[row] = part.occurs[cell]
                }
            }
        }
        states[kpi] += state
        hasState[kpi] += known
        occurs[kpi] += present
        for (place, name) in KeptTable.figures.enumerated() {
            figures[kpi][place].append(parts.map { $0.figures(name) }, cells)
        }
    }

    /// Whether a column there is cannot hold what must be put into it.
    var isTooNarrow: Bool {
        question.kpis.indices.contains { kpi in
            KeptTable.figures.indices.contains { place in
                guard let kind = kinds["\(KeptTable.figures[place])\(kpi)"] else { return false }
                return !figures[kpi][place].fits(kind)
            }
        }
    }

    var table: Table {
        var columns = [
            Column(name: "q", values: .int64(numbers)), Column(name: "t", values: .int64(starts)),
        ]
        for dimension in members.indices {
            columns.append(
                Column(
                    name: "d\(dimension)", values: .text(members[dimension]),
                    validity: isMember[dimension]))
        }
        for kpi in question.kpis.indices {
            columns.append(
                Column(name: "s\(kpi)", values: .int64(states[kpi]), validity: hasState[kpi]))
            columns.append(Column(name: "h\(kpi)", values: .bool(occurs[kpi])))
            for (place, name) in KeptTable.figures.enumerated() {
                let (values, validity) = figures[kpi][place].values
                columns.append(Column(name: "\(name)\(kpi)", values: values, validity: validity))
            }
        }
        return Table(columns: columns)
    }
}

/// Numbers of the widest kind that was put into them.
private struct NumberColumn {
    private var chunks: [(numbers: Numbers, present: [Bool])] = []

    mutating func append(_ parts: [Figures?], _ cells: [(part: Int, cell: Int)]) {
        let kind = Numbers.widest(parts.compactMap { $0?.numbers })
        let sources = parts.map { $0.map { $0.numbers.converted(to: kind) } }
        var present = [Bool](repeating: false, count: cells.count)
        for (row, (part, cell)) in cells.enumerated() where part >= 0 {
            guard let figures = parts[part] else { continue }
            present[row] = figures.present?[cell] ?? true
        }
        func gather<T>(_ zero: T, _ array: (Numbers) -> [T]) -> [T] {
            let arrays = sources.map { $0.map(array) ?? [] }
            return cells.indices.map { row in
                present[row] ? arrays[cells[row].part][cells[row].cell] : zero
            }
        }
        let numbers: Numbers =
            switch kind {
            case .integer: .integer(gather(0) { if case .integer(let a) = $0 { a } else { [] } })
            case .decimal(_, let scale):
                .decimal(
                    gather(0) { if case .decimal(let a, _) = $0 { a } else { [] } }, scale: scale)
            case .double: .double(gather(0) { if case .double(let a) = $0 { a } else { [] } })
            }
        // Neither infinite nor undefined numbers are values.
        if case .double(let values) = numbers {
            for row in present.indices where !values[row].isFinite { present[row] = false }
        }
        chunks.append((numbers, present))
    }

    private var kind: Numbers { Numbers.widest(chunks.map(\.numbers)) }

    func fits(_ stored: Column.Values) -> Bool {
        switch (kind, stored) {
        case (_, .double), (.integer, .int64), (.integer, .decimal): true
        case (.decimal(_, let scale), .decimal(_, let other)): scale <= other
        default: !chunks.contains { $0.present.contains(true) }
        }
    }

    var values: (Column.Values, [Bool]) {
        let kind = kind
        var present: [Bool] = []
        for chunk in chunks { present += chunk.present }
        switch kind {
        case .integer:
            var all: [Int64] = []
            for chunk in chunks { if case .integer(let a) = chunk.numbers { all += a } }
            return (.int64(all), present)
        case .decimal(_, let scale):
            var all: [Int128] = []
            for chunk in chunks {
                if case .decimal(let a, _) = chunk.numbers.converted(to: kind) { all += a }
            }
            return (.decimal(all, scale: scale), present)
        case .double:
            return (.double(chunks.flatMap { $0.numbers.doubles }), present)
        }
    }
}

extension Numbers {
    /// The kind, empty, that can hold all of some.
    fileprivate static func widest(_ all: [Numbers]) -> Numbers {
        var scale: Int?
        for numbers in all where numbers.count > 0 {
            switch numbers {
            case .double: return .double([])
            case .decimal(_, let own): scale = max(scale ?? 0, own)
            case .integer: break
            }
        }
        return scale.map { .decimal([], scale: $0) } ?? .integer([])
    }

    fileprivate func converted(to kind: Numbers) -> Numbers {
        switch (self, kind) {
        case (.integer(let a), .decimal(_, let scale)):
            let factor = ExactDecimal.powerOfTen(scale)!
            return .decimal(a.map { Int128($0) &* factor }, scale: scale)
        case (.decimal(let a, let own), .decimal(_, let scale)) where own < scale:
            let factor = ExactDecimal.powerOfTen(scale - own)!
            return .decimal(a.map { $0 &* factor }, scale: scale)
        case (_, .double): return .double(doubles)
        default: return self
        }
    }
}
