import KPICore
import KPIFormula

/// Turns the formulas of all cards into resolved, unit-checked trees.
///
/// Cards refer to each other; each is resolved once, and a card that refers to itself is an error.
struct FormulaResolver {
    /// A number takes the unit of what stands beside it.
    enum Typed {
        case number(FormulaNode)
        case value(FormulaNode, Unit)
        case condition(FormulaNode)

        var node: FormulaNode {
            switch self {
            case .number(let node), .value(let node, _), .condition(let node): node
            }
        }
    }

    /// One definition of a card.
    struct Draft {
        var card: String
        /// The first day it applies from.
        var from: Int
        var formula: FormulaScalar
        var declaredUnit: Unit?
        var isPercent: Bool
        var parameters: [String: Int64] = [:]
    }

    let datasets: [String: Dataset]
    let calendar: BusinessCalendar
    let names: NameIndex
    let drafts: [String: Draft]
    /// Days from which the drafts of a card apply.
    private let beginningsOf: [String: [Int]]
    /// By draft and day.
    private var resolved: [String: Result<KPIFormula, Diagnostics>] = [:]
    /// Cards that are being resolved, each within the one before.
    private var path: [String] = []
    /// Of other cards the definition applies that is in force on this day.
    private var day = Int.max
    /// The cards that a card names.
    private var named: [String: Set<String>] = [:]
    /// Whether a card was named that had no definition on the day.
    private(set) var namesUndefined = false
    /// The keys of `resolved` that name one.
    private var undefined: Set<String> = []

    init(
        datasets: [String: Dataset], calendar: BusinessCalendar, names: NameIndex,
        drafts: [String: Draft]
    ) {
        self.datasets = datasets
        self.calendar = calendar
        self.names = names
        self.drafts = drafts
        beginningsOf = Dictionary(grouping: drafts.values, by: \.card).mapValues { $0.map(\.from) }
    }

    /// The resolved formula of a draft where other cards are defined as they were on a day; problems
    /// carry spans in that draft's formula.
    mutating func formula(of id: String, on day: Int) throws(Diagnostics) -> KPIFormula {
        self.day = day
        namesUndefined = false
        return try formula(of: id)
    }

    /// Days on which the definition of a card, or of one it names, begins to apply.
    func beginnings(_ card: String) -> Set<Int> {
        var found: Set<Int> = []
        var seen: Set<String> = []
        var pending = [card]
        while let next = pending.popLast() {
            guard seen.insert(next).inserted else { continue }
            found.formUnion(beginningsOf[next] ?? [])
            pending += named[next] ?? []
        }
        return found
    }

    private mutating func formula(of id: String) throws(Diagnostics) -> KPIFormula {
        let key = "\(id) on \(day)"
        if let known = resolved[key] {
            if undefined.contains(key) { namesUndefined = true }
            return try known.get()
        }
        let outside = namesUndefined
        namesUndefined = false
        defer {
            if namesUndefined { undefined.insert(key) }
            namesUndefined = namesUndefined || outside
        }
        guard let draft = drafts[id] else { throw Diagnostics([]) }
        if let start = path.firstIndex(of: draft.card) {
            throw Diagnostics(.cycle(path[start...] + [draft.card]), span: draft.formula.tree.span)
        }
        path.append(draft.card)
        defer { path.removeLast() }
        let result: Result<KPIFormula, Diagnostics>
        do throws(Diagnostics) {
            var formula = try resolve(draft)
            formula.node = formula.node.mappingMeasures { set(draft.parameters, on: $0) }
            result = .success(formula)
        } catch {
            result = .failure(error)
        }
        resolved[key] = result
        return try result.get()
    }

    /// A card's values for the parameters that a measure has, and that no KPI within has set.
    private func set(_ parameters: [String: Int64], on use: MeasureUse) -> MeasureUse {
        let known = datasets[use.dataset]?.measure(use.measure)?.parameters ?? [:]
        var use = use
        for (name, value) in parameters where known[name] != nil && use.parameters[name] == nil {
            use.parameters[name] = value
        }
        return use
    }

    private mutating func resolve(_ draft: Draft) throws(Diagnostics) -> KPIFormula {
        var tree = draft.formula.tree
        var isPercent = draft.isPercent
        if case .binary(.multiply, let value, let factor) = tree.node,
            factor.node == .percent(ExactDecimal(100))
        {
            tree = value
            isPercent = true
        }
        switch try typed(tree) {
        case .number(let node):
            return KPIFormula(
                node: node, unit: draft.declaredUnit ?? .ratio, isPercent: isPercent)
        case .condition:
            throw Diagnostics(.notNumber(found: "a condition"), span: tree.span)
        case .value(let node, let unit):
            if let declared = draft.declaredUnit, !declared.isLike(unit) {
                throw Diagnostics(
                    .cardUnitDiffers(declared: declared.definition, found: unit.definition),
                    span: tree.span)
            }
            return KPIFormula(node: node, unit: unit, isPercent: isPercent && unit == .ratio)
        }
    }

    // MARK: Trees

    mutating func typed(_ tree: Expression) throws(Diagnostics) -> Typed {
        switch tree.node {
        // Without trailing zeros, so that 0.5, 0.50 and 50% are one definition.
        case .number(let value): return .number(.number(value.trimmed))
        case .percent: return .number(.number(tree.literalNumber!.trimmed))
        case .bool(let value): return .condition(.bool(value))
        case .missing: return .number(.missing)
        case .text: throw Diagnostics(.notNumber(found: "text"), span: tree.span)
        case .name(let path): return try name(path, filter: nil, tree.span)
        case .filter(let base, let condition): return try filtered(base, condition)
        case .negate(let operand):
            switch try typed(operand) {
            case .number(let node): return .number(.negate(node))
            case .value(let node, let unit): return .value(.negate(node), unit)
            case .condition:
                throw Diagnostics(.notNumber(found: "a condition"), span: operand.span)
            }
        case .not(let operand): return .condition(.not(try condition(operand)))
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right)
        case .isMissing(let operand, let negated):
            let value = try typed(operand)
            try refuseConditions(value, operand.span)
            return .condition(.isMissing(value.node, negated: negated))
        case .isIn(let operand, let items, let negated):
            let value = try typed(operand)
            var list: [FormulaNode] = []
            for item in items {
                let other = try typed(item)
                _ = try common(value, other, "=", item.span)
                list.append(other.node)
            }
            return .condition(.isIn(value.node, list, negated: negated))
        case .call(.unknown(let name), _):
            throw Diagnostics(
                .unknownFunction(
                    name, closest: NearMatch.closest(to: name, among: Function.allNames)),
                span: tree.span)
        case .call(.known(let function), let arguments):
            return try call(function, arguments, tree.span)
        }
    }

    mutating func condition(_ tree: Expression) throws(Diagnostics) -> FormulaNode {
        guard case .condition(let node) = try typed(tree) else {
            throw Diagnostics(.notCondition(found: "a number"), span: tree.span)
        }
        return node
    }

    // MARK: Names

    private mutating func name(
        _ path: [String], filter: RowFilter?, _ span: Range<Int>
    ) throws(Diagnostics) -> Typed {
        let text = path.joined(separator: ".")
        var candidates = names(path[path.count - 1])
        if path.count == 2 {
            candidates = candidates.filter {
                switch $0 {
                case .measure(let dataset, _), .unread(let dataset): dataset == path[0]
                default: false
                }
            }
        } else if path.count > 2 {
            candidates = []
        }
        let usable = candidates.filter(\.isUsable)
        // What is wrong with the measure is said where it stands.
        if candidates.contains(where: \.isUnread) { throw Diagnostics([]) }
        if usable.isEmpty, let column = candidates.first, case .column(let name) = column {
            throw Diagnostics(.columnInFormula(name), span: span)
        }
        guard !usable.isEmpty else {
            throw Diagnostics(
                .unknownName(text, closest: NearMatch.closest(to: text, among: names.usable)),
                span: span)
        }
        switch try choose(usable, text, span) {
        case .measure(let dataset, let id): return try measure(dataset, id, filter)
        case .kpi(let id): return try kpi(id, filter, span)
        case .column, .unread: preconditionFailure("only measures and KPIs were left")
        }
    }

    /// The one meaning, or the measure where the KPI of the same name is just that measure.
    private mutating func choose(
        _ candidates: [NameIndex.Meaning], _ name: String, _ span: Range<Int>
    ) throws(Diagnostics) -> NameIndex.Meaning {
        let measures = candidates.filter { if case .measure = $0 { true } else { false } }
        if candidates.count == 1 { return candidates[0] }
        if measures.count == 1, case .measure(let dataset, let id) = measures[0] {
            let same = FormulaNode.measure(MeasureUse(dataset: dataset, measure: id))
            var others: [String] = []
            for case .kpi(let kpi) in candidates where kpi != path.last {
                if (try? formula(of: kpi))?.node != same { others.append(kpi) }
            }
            if others.isEmpty { return measures[0] }
        }
        let listed = candidates.map { meaning in
            switch meaning {
            case .measure(let dataset, let id): "measure \(dataset).\(id)"
            case .kpi(let id): "KPI \(id.replacing("-", with: "_"))"
            case .column(let name): name
            case .unread: name
            }
        }
        throw Diagnostics(.ambiguousName(name, candidates: listed.sorted()), span: span)
    }

    private func measure(
        _ dataset: String, _ id: String, _ filter: RowFilter?
    ) throws(Diagnostics) -> Typed {
        let owner = datasets[dataset]!
        let condition = try filter.map { (filter) throws(Diagnostics) in
            try RowResolver(datasets: datasets, dataset: owner, calendar: calendar)
                .condition(filter)
        }
        let use = MeasureUse(dataset: dataset, measure: id, filter: condition)
        return .value(.measure(use), owner.measure(id)!.unit)
    }

    private mutating func kpi(
        _ id: String, _ filter: RowFilter?, _ span: Range<Int>
    ) throws(Diagnostics) -> Typed {
        let formula: KPIFormula
        if let card = path.last { named[card, default: []].insert(id) }
        do throws(Diagnostics) {
            formula = try inForce(id)
        } catch {
            if case .cycle? = error.items.first?.problem {
                throw Diagnostics(error.items[0].problem, span: span)
            }
            // Reported at the card it is in; here it only makes this card unusable.
            throw Diagnostics([])
        }
        guard let filter else { return .value(formula.node, formula.unit) }
        guard case .measure(let use) = formula.node, use.filter == nil else {
            throw Diagnostics(.filterOnCompound, span: span)
        }
        return try measure(use.dataset, use.measure, filter)
    }

    /// The definition of a card on the day; before its first one it has no value.
    private mutating func inForce(_ id: String) throws(Diagnostics) -> KPIFormula {
        let all = drafts.filter { $0.value.card == id }
        let known = all.filter { $0.value.from <= day }.max { $0.value.from < $1.value.from }
        if let known { return try formula(of: known.key) }
        namesUndefined = true
        var formula = try formula(of: id)
        formula.node = .missing
        return formula
    }

    typealias RowFilter = Expression

    private mutating func filtered(
        _ base: Expression, _ filter: Expression
    ) throws(Diagnostics) -> Typed {
        guard case .name(let path) = base.node else {
            throw Diagnostics(.filterOnCompound, span: base.span)
        }
        return try name(path, filter: filter, base.span)
    }

    // MARK: Operators

    private mutating func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) throws(Diagnostics) -> Typed {
        if operation == .and || operation == .or {
            return .condition(.binary(operation, try condition(left), try condition(right)))
        }
        let a = try typed(left)
        let b = try typed(right)
        let node = FormulaNode.binary(operation, a.node, b.node)
        try refuseConditions(a, left.span)
        try refuseConditions(b, right.span)
        let span = left.span.upperBound..<right.span.lowerBound
        if operation.isComparison {
            try refuseBareNumber(a, beside: b, left)
            try refuseBareNumber(b, beside: a, right)
            _ = try common(a, b, "=", span)
            return .condition(node)
        }
        switch (operation, a, b) {
        case (_, .number, .number): return .number(node)
        case (.multiply, .value(_, let x), .value(_, let y)):
            try oneCurrency(x, y, span)
            return .value(node, x * y)
        case (.multiply, .value(_, let unit), _), (.multiply, _, .value(_, let unit)):
            return .value(node, unit)
        case (.divide, .value(_, let x), .value(_, let y)):
            try oneCurrency(x, y, span)
            return .value(node, x / y)
        case (.divide, .value(_, let unit), _): return .value(node, unit)
        case (.divide, _, .value(_, let unit)): return .value(node, .ratio / unit)
        default:
            try refuseBareNumber(a, beside: b, left)
            try refuseBareNumber(b, beside: a, right)
            let unit = try common(a, b, operation == .add ? "+" : "-", span)
            return .value(node, unit ?? .ratio)
        }
    }

    func refuseConditions(_ value: Typed, _ span: Range<Int>) throws(Diagnostics) {
        if case .condition = value {
            throw Diagnostics(.notNumber(found: "a condition"), span: span)
        }
    }

    /// Beside money or a duration only 0 may stand in a sum.
    func refuseBareNumber(
        _ value: Typed, beside other: Typed, _ tree: Expression
    ) throws(Diagnostics) {
        guard case .number(let node) = value, case .value(_, let unit) = other else { return }
        let isPlain = unit == .ratio || unit == .count || unit.isLike(.score)
        if !isPlain, node != .number(ExactDecimal(0)), !node.isAbsence {
            throw Diagnostics(.bareNumber(unit: unit.description), span: tree.span)
        }
    }

    private func oneCurrency(_ a: Unit, _ b: Unit, _ span: Range<Int>) throws(Diagnostics) {
        let codes = a.currencies.union(b.currencies).sorted()
        if codes.count > 1 { throw Diagnostics(.twoCurrencies(codes[0], codes[1]), span: span) }
    }

    /// The unit that two alternatives share; nil when both are bare numbers.
    func common(
        _ a: Typed, _ b: Typed, _ operation: String, _ span: Range<Int>
    ) throws(Diagnostics) -> Unit? {
        switch (a, b) {
        case (.value(_, let x), .value(_, let y)):
            try oneCurrency(x, y, span)
            guard x.isLike(y) else {
                throw Diagnostics(
                    .unlikeUnits(x.definition, y.definition, operation: operation), span: span)
            }
            return x
        case (.value(_, let unit), .number), (.number, .value(_, let unit)): return unit
        case (.number, .number): return nil
        default: throw Diagnostics(.notNumber(found: "a condition"), span: span)
        }
    }
}
