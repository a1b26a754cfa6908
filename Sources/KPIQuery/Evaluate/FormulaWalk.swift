import KPICore
import KPIFormula
import KPIModel

/// Evaluates the formula of one KPI over the frames of a grain and the groups of a grouping.
///
/// Cell `f * groupCount + g` belongs to frame f and group g.
struct FormulaWalk {
    let evaluator: Evaluator
    let kpi: PlannedKPI
    let space: GroupSpace
    let memo: LeafMemo

    init(evaluator: Evaluator, kpi: PlannedKPI, space: GroupSpace) {
        self.evaluator = evaluator
        self.kpi = kpi
        self.space = space
        memo = LeafMemo()
    }

    private func count(_ frames: [Frame]) -> Int { frames.count * space.groupCount }

    // MARK: Measures

    /// The numbers of a measure. Value, numerator, denominator and n read the same ones, so each is
    /// gathered once.
    func leaf(_ use: MeasureUse, _ part: LeafPart, _ frames: [Frame]) -> Vector {
        let key = LeafMemo.Key(use: use, part: part)
        if let known = memo.vectors[key], known.frames == frames { return known.vector }
        let vector =
            part == .value && evaluator.workspace.measure(use).aggregate.kind == .mean
            ? LeafReader.mean(leaf(use, .sum, frames), leaf(use, .count, frames).numbers)
            : evaluator.leaf(use, part, frames, kpi, space)
        memo.vectors[key] = (frames, vector)
        return vector
    }

    // MARK: Numbers

    func number(_ node: FormulaNode, _ frames: [Frame]) throws(Overflow) -> Vector {
        switch node {
        case .number(let value): return .constant(value, count: count(frames))
        case .missing: return .missing(.noData, count: count(frames))
        case .notApplicable: return .missing(.notApplicable, count: count(frames))
        case .months: return months(frames)
        case .periodDays: return days(frames)
        case .measure(let use): return leaf(use, .value, frames)
        case .negate(let inner): return Arithmetic.negate(try number(inner, frames))
        case .binary(let operation, let a, let b):
            return try Arithmetic.apply(operation, try number(a, frames), try number(b, frames))
        case .call(let function, let arguments): return try call(function, arguments, frames)
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            return try number(inner, moved(node, frames))
        case .whole(let inner, let over): return try total(inner, over, frames)
        case .share(let inner, let over):
            let whole = try total(inner, over, frames)
            return try Arithmetic.apply(.divide, try number(inner, frames), whole)
        case .bool, .not, .isMissing, .isIn:
            preconditionFailure("conditions were told from numbers at check time")
        }
    }

    /// Whole months of the periods; shorter ones have no number of them, and the total has none.
    private func months(_ frames: [Frame]) -> Vector {
        let counts = frames.map { $0.period?.grain.months }
        return Vector(
            numbers: .integer(perGroup(counts.map { Int64($0 ?? 0) })),
            state: perGroup(counts.map { $0 == nil ? CellState.notApplicable : .final }))
    }

    /// Days of the covered part of each window; a part of a day is one.
    private func days(_ frames: [Frame]) -> Vector {
        func days(_ window: Window) -> Int {
            let calendar = evaluator.workspace.calendar
            return calendar.day(of: window.end - 1) - calendar.day(of: window.start) + 1
        }
        let counts = frames.map { frame -> Int64? in
            guard let covered = kpi.covered(frame) else { return nil }
            let missing = covered.gaps.reduce(0) { $0 + days($1) }
            return Int64(days(covered.window) - missing)
        }
        return Vector(
            numbers: .integer(perGroup(counts.map { $0 ?? 0 })),
            state: perGroup(counts.map { $0 == nil ? CellState.noData : .final }))
    }

    private func perGroup<T>(_ values: [T]) -> [T] {
        values.flatMap { [T](repeating: $0, count: space.groupCount) }
    }

    /// A period of which nothing is covered has no value, though its trailing window may reach back to
    /// where something is.
    private func moved(_ node: FormulaNode, _ frames: [Frame]) -> [Frame] {
        frames.map { frame in
            let isTrailing =
                switch node {
                case .rolling, .toDate: true
                default: false
                }
            if isTrailing, let coverage = kpi.coverage, frame.window.intersection(coverage).isEmpty
            {
                return frame
            }
            return evaluator.frameMaker.moved(frame, by: node)
        }
    }

    /// The value summed up over the named dimensions (all, when none is named), for every group.
    private func total(
        _ node: FormulaNode, _ over: [String], _ frames: [Frame]
    ) throws(Overflow) -> Vector {
        let removed = over.isEmpty ? Set(space.dimensions) : Set(over)
        let (reduced, groupOf) = space.reduced(removing: removed)
        let walk = FormulaWalk(evaluator: evaluator, kpi: kpi, space: reduced)
        let whole = try walk.number(node, frames)
        var choice: [Int] = []
        for frame in frames.indices {
            for group in groupOf { choice.append(frame * reduced.groupCount + group) }
        }
        let state = choice.map { whole.state[$0] }
        switch whole.numbers {
        case .integer(let a): return Vector(numbers: .integer(choice.map { a[$0] }), state: state)
        case .decimal(let a, let scale):
            return Vector(numbers: .decimal(choice.map { a[$0] }, scale: scale), state: state)
        case .double(let a): return Vector(numbers: .double(choice.map { a[$0] }), state: state)
        }
    }

    private func call(
        _ function: Function, _ arguments: [FormulaNode], _ frames: [Frame]
    ) throws(Overflow) -> Vector {
        if function == .if {
            let test = try truth(arguments[0], frames)
            let branches = [
                try number(arguments[1], frames), try number(arguments[2], frames),
            ]
            let choice = test.values.map { $0 ? 0 : 1 }
            // What has no meaning has none for want of a part either, if one is worse.
            let isAbsent = [arguments[1].isAbsence, arguments[2].isAbsence]
            let state = choice.enumerated().map { index, chosen in
                let own = max(test.state[index], branches[chosen].state[index])
                return isAbsent[chosen] ? max(own, branches[1 - chosen].state[index]) : own
            }
            return try Arithmetic.choose(branches, choice, state)
        }
        var values: [Vector] = []
        for argument in arguments { values.append(try number(argument, frames)) }
        switch function {
        case .coalesce:
            let choice = values[0].state.indices.map { index in
                values.firstIndex { $0.state[index].hasValue } ?? 0
            }
            let state = choice.enumerated().map { values[$1].state[$0] }
            return try Arithmetic.choose(values, choice, state)
        case .least: return try extreme(values) { $0 < 0 }
        case .greatest: return try extreme(values) { $0 > 0 }
        case .clamp:
            let low = try extreme([values[0], values[1]]) { $0 > 0 }
            return try extreme([low, values[2]]) { $0 < 0 }
        case .abs:
            let negative = Arithmetic.negate(values[0])
            return try extreme([values[0], negative]) { $0 > 0 }
        case .round:
            guard arguments.count == 2, case .number(let digits) = arguments[1] else {
                return Arithmetic.round(values[0], 0)
            }
            return Arithmetic.round(values[0], Int(digits.mantissa))
        default: preconditionFailure("row functions were refused at check time")
        }
    }

    private func extreme(
        _ vectors: [Vector], _ isBetter: (Int) -> Bool
    ) throws(Overflow) -> Vector {
        var state = vectors[0].state
        for vector in vectors.dropFirst() { state = Arithmetic.worst(state, vector.state) }
        let choice = state.indices.map { index in
            var best = 0
            for other in 1..<max(1, vectors.count)
            where isBetter(Arithmetic.order(vectors[other].numbers, vectors[best].numbers, index)) {
                best = other
            }
            return best
        }
        return try Arithmetic.choose(vectors, choice, state)
    }

    // MARK: Conditions

    func truth(_ node: FormulaNode, _ frames: [Frame]) throws(Overflow) -> Truth {
        switch node {
        case .bool(let value):
            return Truth(
                values: [Bool](repeating: value, count: count(frames)),
                state: [CellState](repeating: .final, count: count(frames)))
        case .not(let inner):
            var result = try truth(inner, frames)
            result.values = result.values.map { !$0 }
            return result
        case .binary(let operation, let a, let b) where operation == .and || operation == .or:
            let x = try truth(a, frames)
            let y = try truth(b, frames)
            let values = zip(x.values, y.values).map {
                operation == .and ? $0 && $1 : $0 || $1
            }
            return Truth(values: values, state: Arithmetic.worst(x.state, y.state))
        case .binary(let operation, let a, let b):
            return Arithmetic.compare(operation, try number(a, frames), try number(b, frames))
        case .isMissing(let inner, let negated):
            let value = try number(inner, frames)
            return Truth(
                values: value.state.map { $0.hasValue == negated },
                state: value.state.map { $0.hasValue ? $0 : .final })
        case .isIn(let inner, let list, let negated):
            let value = try number(inner, frames)
            var state = value.state
            var values = [Bool](repeating: false, count: value.count)
            for item in list {
                let test = Arithmetic.compare(.equal, value, try number(item, frames))
                state = Arithmetic.worst(state, test.state)
                for index in values.indices where test.values[index] { values[index] = true }
            }
            return Truth(values: negated ? values.map { !$0 } : values, state: state)
        default: preconditionFailure("numbers were told from conditions at check time")
        }
    }

    // MARK: What stands beside the value

    struct Sides {
        var numerator: Vector
        var denominator: Vector
        var n: Vector?
    }

    /// Numerator and denominator where the formula is a quotient, a share or a mean.
    func sides(_ node: FormulaNode, _ frames: [Frame]) throws(Overflow) -> Sides? {
        if let (a, b) = node.quotient {
            return Sides(
                numerator: try number(a, frames), denominator: try number(b, frames),
                n: try recordsOfDenominator(b, frames))
        }
        switch node {
        case .call(.if, let parts) where parts[1].isAbsence: return try sides(parts[2], frames)
        case .call(.if, let parts) where parts[2].isAbsence: return try sides(parts[1], frames)
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            return try sides(inner, moved(node, frames))
        case .share(let inner, let over):
            let n = try recordsOfTotal(inner, over, frames)
            return Sides(
                numerator: try number(inner, frames),
                denominator: try total(inner, over, frames), n: n)
        case .measure(let use) where evaluator.workspace.measure(use).aggregate.kind == .mean:
            let counts = leaf(use, .count, frames)
            return Sides(
                numerator: leaf(use, .sum, frames),
                denominator: counts, n: counts)
        default: return nil
        }
    }

    /// The records behind a plain measure, also in a moved window; nil for a compound formula.
    func records(_ node: FormulaNode, _ frames: [Frame]) throws(Overflow) -> Vector? {
        switch node {
        case .measure(let use): return leaf(use, .count, frames)
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            return try records(inner, moved(node, frames))
        case .negate(let inner): return try records(inner, frames)
        default: return nil
        }
    }

    /// As `records`, for a sum the records behind all its parts, and for a quotient those behind its
    /// denominator; what may be missing counts as 0. Nil where one record may stand behind two
    /// parts: what a stock holds at the opening it mostly holds at the closing too.
    private func recordsOfDenominator(
        _ node: FormulaNode, _ frames: [Frame]
    ) throws(Overflow) -> Vector? {
        if case .call(.coalesce, let parts) = node, parts.count == 2, case .number = parts[1] {
            let known = try recordsOfDenominator(parts[0], frames)
            return known.map { counts in
                var counts = counts
                counts.state = counts.state.map { $0.hasValue ? $0 : .final }
                return counts
            }
        }
        switch node {
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            return try recordsOfDenominator(inner, moved(node, frames))
        case .binary(.divide, let inner, .number), .binary(.multiply, let inner, .number),
            .binary(.multiply, .number, let inner):
            return try recordsOfDenominator(inner, frames)
        case .binary(.divide, _, let inner):
            return try recordsOfDenominator(inner, frames)
        default: break
        }
        guard case .binary(.add, let a, let b) = node else { return try records(node, frames) }
        guard stocks(a).isDisjoint(with: stocks(b)) else { return nil }
        guard let x = try recordsOfDenominator(a, frames),
            let y = try recordsOfDenominator(b, frames)
        else { return nil }
        return try Arithmetic.apply(.add, x, y)
    }

    /// The datasets whose records these parts count as they stand at an instant.
    private func stocks(_ node: FormulaNode) -> Set<String> {
        Set(node.measures.filter { evaluator.workspace.measure($0).stock != nil }.map(\.dataset))
    }

    private func recordsOfTotal(
        _ node: FormulaNode, _ over: [String], _ frames: [Frame]
    ) throws(Overflow) -> Vector? {
        guard case .measure(let use) = node else { return nil }
        let removed = over.isEmpty ? Set(space.dimensions) : Set(over)
        let (reduced, groupOf) = space.reduced(removing: removed)
        let whole = evaluator.leaf(use, .count, frames, kpi, reduced)
        var numbers: [Int64] = []
        var state: [CellState] = []
        for frame in frames.indices {
            for group in groupOf {
                let index = frame * reduced.groupCount + group
                if case .integer(let value) = whole.numbers[index] { numbers.append(value) }
                state.append(whole.state[index])
            }
        }
        return numbers.count == state.count
            ? Vector(numbers: .integer(numbers), state: state) : nil
    }

    /// The records behind each cell; of a compound formula those of the measure that has the fewest.
    func fewest(_ node: FormulaNode, _ frames: [Frame]) throws(Overflow) -> [Double] {
        var known = try sides(node, frames)?.n
        if known == nil { known = try records(node, frames) }
        if let known { return known.numbers.doubles }
        var fewest = [Double](repeating: .infinity, count: count(frames))
        for use in node.measures {
            for (index, own) in leaf(use, .count, frames).numbers.doubles.enumerated() {
                fewest[index] = min(fewest[index], own)
            }
        }
        return fewest
    }

    /// The number still open, where exactly one measure behind the value states it.
    func open(_ node: FormulaNode, _ frames: [Frame]) throws(Overflow) -> Vector? {
        let uses = current(node).filter { evaluator.workspace.measure($0).open != nil }
        guard let first = uses.first, Set(uses.map(openKey)).count == 1 else { return nil }
        return leaf(first, .open, frames)
    }

    /// Two measures share the number open when they count the same records.
    private func openKey(_ use: MeasureUse) -> String {
        let measure = evaluator.workspace.measure(use)
        let parts = [measure.open, measure.condition, use.filter].map { $0.map { "\($0)" } ?? "-" }
        return ([use.dataset, measure.timeColumn] + parts).joined(separator: " ")
    }

    /// Measures evaluated in the cell's own window.
    private func current(_ node: FormulaNode) -> [MeasureUse] {
        switch node {
        case .measure(let use): [use]
        case .previous, .yearAgo, .toDate, .rolling: []
        default: node.children.flatMap(current)
        }
    }
}

/// The numbers of measures already gathered for one block; the last frames of each are kept.
final class LeafMemo {
    struct Key: Hashable {
        let use: MeasureUse
        let part: LeafPart
    }

    var vectors: [Key: (frames: [Frame], vector: Vector)] = [:]
}
