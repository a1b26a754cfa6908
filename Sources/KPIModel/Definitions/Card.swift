import KPICore
import KPIFormula

/// A KPI card: the definition that a company agrees on.
package struct Card: Sendable {
    package enum Direction: String, Sendable { case higher, lower, range }
    package enum Life: String, Sendable { case draft, pilot, active, suspended, retired }
    package enum TargetBasis: String, Sendable { case fixed, industry, strategy, campaign }
    package enum Use: String, Sendable { case daily, management, appraisal }
    package enum Aspect: String, Sendable { case efficiency, quality }

    package var id: String
    package var label: Bilingual
    /// Hierarchical code such as `2.1.1.2`.
    package var code: String?
    package var description: Bilingual?
    package var purpose: Bilingual?
    /// The main one first.
    package var departments: [String] = []
    package var category: Bilingual?
    package var objective: Bilingual?
    package var successFactor: Bilingual?
    package var formula: KPIFormula
    /// As written, for people to read.
    package var formulaText: String
    package var direction: Direction = .higher
    package var target: Threshold?
    package var attention: Threshold?
    package var targetBasis: TargetBasis?
    package var period: Grain?
    package var form: Bilingual?
    package var breakdowns: [String] = []
    /// Cells of fewer records are withheld.
    package var minimumRecords: Int?
    /// Measures that are shown beside the value.
    package var companions: [MeasureUse] = []
    /// What a KPI that cannot be computed yet waits for.
    package var awaits: Bilingual?
    package var variants: [CardVariant] = []
    /// What it is about, where the card says so.
    package var aspect: Aspect?
    /// The reading that the card chooses among its variants; nil: its own formula.
    package var variant: String?
    /// Rules of what is counted, for instance “on actual shipment”.
    package var basis: Bilingual?
    package var use: [Use] = []
    package var assessed: String?
    package var controlledBy: String?
    package var collector: String?
    package var verifier: String?
    package var source: Bilingual?
    package var provenance: String?
    /// What the columns that it reads must be.
    package var requiredProvenance: Provenance?
    package var notes: Bilingual?
    package var life: Life = .active
    /// Values for parameters of the measures of its formula.
    package var parameters: [String: Int64] = [:]
    package var versionLabel: String?
    /// The first day of the first period that the definition applies to.
    package var effective: CivilDate?
    /// What it was defined as from when on, in the order of the dates; the last is the present one.
    package var definitions: [CardDefinition] = []
}

extension Card {
    /// Whether it tells how fast, how much or how cheap rather than how good. Where the card does not say,
    /// times, numbers and amounts do.
    package var isOfEfficiency: Bool {
        if let aspect { return aspect == .efficiency }
        return formula.unit.numerator.contains { base in
            if case .score = base { false } else { true }
        }
    }
}

/// Another accepted reading of a KPI: other parameters of its measures, or another formula.
package struct CardVariant: Sendable {
    /// By which a card chooses it.
    package var id: String?
    package var label: Bilingual
    package var parameters: [String: Int64] = [:]
    package var formulaText: String?
    /// What a reading waits for that cannot be computed yet.
    package var awaits: Bilingual?
}

/// A definition of a card, and from when it applies.
package struct CardDefinition: Sendable {
    /// The first day; nil: always.
    package var from: CivilDate?
    package var formula: KPIFormula
    package var formulaText: String
    package var versionLabel: String?
    /// A KPI that it names was not defined then: there is no value.
    package var isDefined: Bool
}

extension Card {
    /// The card as it was in each of its definitions, with the day from which that applies.
    package var versions: [(from: CivilDate?, card: Card, isDefined: Bool)] {
        guard !definitions.isEmpty else { return [(effective, self, true)] }
        return definitions.map { definition in
            var card = self
            card.formula = definition.formula
            card.formulaText = definition.formulaText
            card.versionLabel = definition.versionLabel
            card.effective = definition.from
            card.definitions = []
            return (definition.from, card, definition.isDefined)
        }
    }
}

/// `>= 60%`, `< 24h`, `60%..80%`: a bound in base units.
package struct Threshold: Sendable, Hashable {
    package enum Relation: String, Sendable {
        case atLeast = ">=", atMost = "<=", above = ">", below = "<"
    }

    package var text: String
    package var relation: Relation
    /// In base units of the cell: fractions, seconds, money.
    package var bound: Double
    /// The upper end of a range `a..b`, which is reached from `bound` to here.
    package var upper: Double?

    package func isMet(by value: Double) -> Bool {
        switch relation {
        case .atLeast: value >= bound && upper.map { value <= $0 } ?? true
        case .atMost: value <= bound
        case .above: value > bound
        case .below: value < bound
        }
    }
}

/// A resolved and unit-checked KPI formula.
package struct KPIFormula: Sendable, Hashable {
    package var node: FormulaNode
    package var unit: Unit
    /// Shown as percent: the formula ends in `× 100%`, or the card says percent.
    package var isPercent: Bool

    package init(node: FormulaNode, unit: Unit, isPercent: Bool) {
        self.node = node
        self.unit = unit
        self.isPercent = isPercent
    }
}

/// KPI formulas with names resolved: other KPIs stand in their place as trees.
package indirect enum FormulaNode: Sendable, Hashable {
    case number(ExactDecimal)
    case bool(Bool)
    case missing
    case notApplicable
    /// How many whole months the period of the cell has.
    case months
    /// How many days of the cell's window are covered.
    case periodDays
    case measure(MeasureUse)
    case negate(FormulaNode)
    case not(FormulaNode)
    case binary(BinaryOperator, FormulaNode, FormulaNode)
    case isMissing(FormulaNode, negated: Bool)
    case isIn(FormulaNode, [FormulaNode], negated: Bool)
    /// `if`, `coalesce`, `clamp`, `least`, `greatest`, `abs`, `round`.
    case call(Function, [FormulaNode])
    case previous(FormulaNode, count: Int)
    case yearAgo(FormulaNode)
    case toDate(FormulaNode, Grain)
    case rolling(FormulaNode, count: Int, Grain)
    /// Over the named dimensions, or over all dimensions asked for when none is named.
    case share(FormulaNode, over: [String])
    /// Summed up over them.
    case whole(FormulaNode, over: [String])

    package var children: [FormulaNode] {
        switch self {
        case .number, .bool, .missing, .notApplicable, .months, .periodDays, .measure: []
        case .negate(let a), .not(let a), .isMissing(let a, _), .previous(let a, _),
            .yearAgo(let a), .toDate(let a, _), .rolling(let a, _, _), .share(let a, _),
            .whole(let a, _):
            [a]
        case .binary(_, let a, let b): [a, b]
        case .isIn(let a, let list, _): [a] + list
        case .call(_, let arguments): arguments
        }
    }

    /// Measures that occur nowhere but in `coalesce(…, number)`: without data the number stands for them.
    package var replacedMeasures: Set<MeasureUse> {
        func needed(_ node: FormulaNode) -> Set<MeasureUse> {
            if case .call(.coalesce, let parts) = node, case .number? = parts.last { return [] }
            if case .measure(let use) = node { return [use] }
            return node.children.reduce(into: []) { $0.formUnion(needed($1)) }
        }
        return Set(measures).subtracting(needed(self))
    }

    /// Every measure below, in order of appearance, each once.
    package var measures: [MeasureUse] {
        if case .measure(let use) = self { return [use] }
        var found: [MeasureUse] = []
        for use in children.flatMap(\.measures) where !found.contains(use) { found.append(use) }
        return found
    }

    /// Measures that are evaluated in the cell's own window.
    package var unmovedMeasures: Set<MeasureUse> {
        switch self {
        case .measure(let use): [use]
        case .previous, .yearAgo, .toDate, .rolling: []
        default: children.reduce(into: []) { $0.formUnion($1.unmovedMeasures) }
        }
    }

    /// Whether any part is evaluated in another window than the cell's.
    package var isMoved: Bool {
        switch self {
        case .previous, .yearAgo, .toDate, .rolling: true
        default: children.contains(where: \.isMoved)
        }
    }

    /// The same tree with other uses of its measures.
    package func mappingMeasures(_ change: (MeasureUse) -> MeasureUse) -> FormulaNode {
        func all(_ node: FormulaNode) -> FormulaNode { node.mappingMeasures(change) }
        return switch self {
        case .number, .bool, .missing, .notApplicable, .months, .periodDays: self
        case .measure(let use): .measure(change(use))
        case .negate(let a): .negate(all(a))
        case .not(let a): .not(all(a))
        case .isMissing(let a, let negated): .isMissing(all(a), negated: negated)
        case .previous(let a, let count): .previous(all(a), count: count)
        case .yearAgo(let a): .yearAgo(all(a))
        case .toDate(let a, let unit): .toDate(all(a), unit)
        case .rolling(let a, let count, let unit): .rolling(all(a), count: count, unit)
        case .share(let a, let over): .share(all(a), over: over)
        case .whole(let a, let over): .whole(all(a), over: over)
        case .binary(let operation, let a, let b): .binary(operation, all(a), all(b))
        case .isIn(let a, let list, let negated): .isIn(all(a), list.map(all), negated: negated)
        case .call(let function, let arguments): .call(function, arguments.map(all))
        }
    }

    /// A reason for having no value.
    package var isAbsence: Bool { self == .missing || self == .notApplicable }

    /// By what a quotient is multiplied in the end: 100 for `a ÷ b × 100`.
    package var quotientFactor: Double {
        if case .binary(.multiply, let inner, .number(let factor)) = self {
            return inner.quotientFactor * factor.doubleValue
        }
        return 1
    }

    /// The two sides where the formula is `a ÷ b`, also followed by `× 100%` or `× 100`, and where an `if`
    /// says in which cases it has no meaning.
    package var quotient: (numerator: FormulaNode, denominator: FormulaNode)? {
        switch self {
        case .binary(.divide, let a, let b): (a, b)
        case .binary(.multiply, let a, .number(let factor))
        where factor == ExactDecimal(1) || factor == ExactDecimal(100):
            a.quotient
        case .call(.if, let parts) where parts[1].isAbsence: parts[2].quotient
        case .call(.if, let parts) where parts[2].isAbsence: parts[1].quotient
        default: nil
        }
    }
}

/// A measure with the filters written on it in a formula.
package struct MeasureUse: Sendable, Hashable {
    package var dataset: String
    package var measure: String
    package var filter: RowExpression?
    /// Of a stock: the end of the window that the formula says.
    package var moment: Stock.Moment?
    /// Values that the card sets for parameters of the measure.
    package var parameters: [String: Int64] = [:]
}
