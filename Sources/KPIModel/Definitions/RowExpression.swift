import KPICore
import KPIFormula

/// A resolved and typed row expression: what the planner compiles to SQL.
package struct RowExpression: Sendable, Hashable {
    package let node: Node
    package let type: ValueType
    /// Of numbers; nil for a plain number and for everything else.
    package let unit: Unit?

    package init(_ node: Node, type: ValueType, unit: Unit? = nil) {
        self.node = node
        self.type = type
        self.unit = unit
    }

    package indirect enum Node: Sendable, Hashable {
        case literal(Scalar)
        /// A column reached through references; the path is empty for the dataset's own.
        case column(path: [String], name: String)
        case call(Function, [RowExpression])
        case binary(BinaryOperator, RowExpression, RowExpression)
        case negate(RowExpression)
        case not(RowExpression)
        case isMissing(RowExpression, negated: Bool)
        case isIn(RowExpression, [RowExpression], negated: Bool)
        /// Inside an entity measure: over the records of one entity in the window and group.
        case aggregate(Aggregate, filter: RowExpression?)
        /// Inside an entity measure: over all records of the entity before as-of.
        case ever(Aggregate, filter: RowExpression?)
        /// Whether an instant lies in the window of the cell.
        case inPeriod(RowExpression)

        package var children: [RowExpression] {
            switch self {
            case .literal, .column: []
            case .call(_, let arguments): arguments
            case .binary(_, let a, let b): [a, b]
            case .negate(let a), .not(let a), .isMissing(let a, _), .inPeriod(let a): [a]
            case .isIn(let a, let list, _): [a] + list
            case .aggregate(let aggregate, let filter), .ever(let aggregate, let filter):
                [aggregate.argument, filter].compactMap { $0 }
            }
        }
    }

    /// Whether any node below (or this one) satisfies a condition.
    package func contains(where matches: (RowExpression) -> Bool) -> Bool {
        matches(self) || node.children.contains { $0.contains(where: matches) }
    }

    package var usesEver: Bool {
        contains { if case .ever = $0.node { true } else { false } }
    }

    package var usesAggregate: Bool {
        contains { if case .aggregate = $0.node { true } else { false } }
    }

    package var usesPeriod: Bool {
        contains { if case .inPeriod = $0.node { true } else { false } }
    }

    /// Whether a reference must be followed.
    package var usesReference: Bool {
        contains { if case .column(let path, _) = $0.node { !path.isEmpty } else { false } }
    }

    /// The operands of a chain of `and`, itself when it is none.
    package var conjuncts: [RowExpression] {
        if case .binary(.and, let a, let b) = node { return a.conjuncts + b.conjuncts }
        return [self]
    }

    /// All of them together; nil for none.
    package static func all(_ conditions: [RowExpression]) -> RowExpression? {
        guard let first = conditions.first else { return nil }
        return conditions.dropFirst().reduce(first) {
            RowExpression(.binary(.and, $0, $1), type: .boolean)
        }
    }
}
