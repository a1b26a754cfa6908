import KPICore

/// A node of a formula with the place it was read from.
///
/// Two trees are equal when they mean the same; where they stood in the text does not count.
package struct Expression: Sendable {
    package let node: Node
    /// UTF-8 offsets in the text.
    package let span: Range<Int>
    /// Levels from here to the deepest leaf, 1 for a leaf.
    package let depth: Int

    package init(_ node: Node, span: Range<Int> = 0..<0) {
        self.node = node
        self.span = span
        depth = 1 + (node.children.map(\.depth).max() ?? 0)
    }

    package indirect enum Node: Sendable, Hashable {
        case number(ExactDecimal)
        /// `5%`: the number 0.05, kept as written.
        case percent(ExactDecimal)
        case text(String)
        case bool(Bool)
        case missing
        /// `revenue`, or `owner.region`.
        case name([String])
        case call(Callee, [Expression])
        case filter(Expression, by: Expression)
        case negate(Expression)
        case not(Expression)
        case binary(BinaryOperator, Expression, Expression)
        case isMissing(Expression, negated: Bool)
        case isIn(Expression, [Expression], negated: Bool)

        package var children: [Expression] {
            switch self {
            case .number, .percent, .text, .bool, .missing, .name: []
            case .call(_, let arguments): arguments
            case .filter(let base, let condition): [base, condition]
            case .negate(let operand), .not(let operand), .isMissing(let operand, _): [operand]
            case .binary(_, let left, let right): [left, right]
            case .isIn(let operand, let list, _): [operand] + list
            }
        }
    }

    /// What stands before the parenthesis of a call.
    package enum Callee: Sendable, Hashable {
        case known(Function)
        case unknown(String)
    }
}

extension Expression {
    /// Every plain name in it, which may be that of a measure, a column or a KPI.
    package var names: Set<String> {
        if case .name(let parts) = node { return parts.count == 1 ? [parts[0]] : [] }
        return node.children.reduce(into: []) { $0.formUnion($1.names) }
    }
}

extension Expression: Hashable {
    package static func == (a: Self, b: Self) -> Bool { a.node == b.node }
    package func hash(into hasher: inout Hasher) { hasher.combine(node) }
}

package enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
    case add, subtract, multiply, divide
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case and, or

    /// Binding strength; a higher one binds tighter.
    package var precedence: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
        case .add, .subtract: 5
        case .multiply, .divide: 6
        }
    }

    package var isComparison: Bool { precedence == 4 }
}
