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
        /// Whether some record of a dataset satisfies a condition on it and on this record.
        case exists(Related)
        /// An aggregate over the records of a dataset that satisfy such a condition.
        case related(Aggregate, filter: RowExpression?, Related)
        /// Working time between two instants; the calendar by its name, nil: the default one.
        case working(from: RowExpression, to: RowExpression, calendar: RowExpression?)
        /// How much of such a time is covered by spans of records of a dataset.
        case paused(Paused)
        /// Inside those three: an expression of the record that they stand on.
        case outer(RowExpression)
        /// The bounds of the window of the cell.
        case periodStart, periodEnd
        /// A whole number that a card may set otherwise.
        case parameter(String, value: Int64)

        package var children: [RowExpression] {
            switch self {
            case .literal, .column, .periodStart, .periodEnd, .parameter: []
            case .call(_, let arguments): arguments
            case .binary(_, let a, let b): [a, b]
            case .negate(let a), .not(let a), .isMissing(let a, _), .inPeriod(let a), .outer(let a):
                [a]
            case .isIn(let a, let list, _): [a] + list
            case .aggregate(let aggregate, let filter), .ever(let aggregate, let filter):
                aggregate.expressions + [filter].compactMap { $0 }
            case .exists(let related): [related.condition]
            case .related(let aggregate, let filter, let related):
                aggregate.expressions + [filter].compactMap { $0 } + [related.condition]
            case .working(let from, let to, let calendar):
                [from, to] + [calendar].compactMap { $0 }
            case .paused(let paused): paused.expressions
            }
        }
    }

    /// Whether any node below (or this one) satisfies a condition.
    package func contains(where matches: (RowExpression) -> Bool) -> Bool {
        matches(self) || node.children.contains { $0.contains(where: matches) }
    }

    /// Whether it is a column and nothing else, here or behind references.
    package var isColumn: Bool { if case .column = node { true } else { false } }

    package var usesEver: Bool {
        contains { if case .ever = $0.node { true } else { false } }
    }

    package var usesAggregate: Bool {
        contains { if case .aggregate = $0.node { true } else { false } }
    }

    /// Whether its value depends on the window of the cell.
    package var usesPeriod: Bool {
        contains {
            switch $0.node {
            case .inPeriod, .periodStart, .periodEnd: true
            default: false
            }
        }
    }

    /// Whether records of other datasets, or other records of its own, are looked at.
    package var usesRelated: Bool {
        contains {
            switch $0.node {
            case .exists, .related, .paused: true
            default: false
            }
        }
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

/// The records of a dataset that a condition chooses, seen from one record.
package struct Related: Sendable, Hashable {
    package var dataset: String
    /// On that dataset; `.outer` stands for the record it is seen from.
    package var condition: RowExpression

    package init(dataset: String, condition: RowExpression) {
        self.dataset = dataset
        self.condition = condition
    }
}

/// A column that an expression reads: of the dataset at the end of a path of references.
package struct ColumnUse: Hashable {
    package let dataset: String
    package let path: [String]
    package let name: String

    package init(dataset: String, path: [String], name: String) {
        self.dataset = dataset
        self.path = path
        self.name = name
    }
}

extension RowExpression {
    /// Every column read by an expression on a dataset, also by what looks at other datasets.
    ///
    /// - Parameter outer: the dataset of the record that `this` means.
    package func columnUses(on dataset: String, outer: String? = nil) -> [ColumnUse] {
        switch node {
        case .column(let path, let name): [ColumnUse(dataset: dataset, path: path, name: name)]
        case .outer(let inner): inner.columnUses(on: outer ?? dataset)
        case .exists, .related, .paused:
            node.children.flatMap {
                $0.columnUses(on: node.relatedDataset ?? dataset, outer: dataset)
            }
        default: node.children.flatMap { $0.columnUses(on: dataset, outer: outer) }
        }
    }

    /// Columns of an expression’s own record whose values it needs: neither those that it only asks to be
    /// missing or present, nor those that it has a substitute for.
    ///
    /// - Parameter depth: how many `exists` and `related` it stands in.
    package func neededColumns(on dataset: String, depth: Int = 0) -> [ColumnUse] {
        func all(_ parts: [RowExpression], _ depth: Int) -> [ColumnUse] {
            parts.flatMap { $0.neededColumns(on: dataset, depth: depth) }
        }
        switch node {
        case .column(let path, let name):
            return depth == 0 ? [ColumnUse(dataset: dataset, path: path, name: name)] : []
        case .outer(let inner): return all([inner], depth - 1)
        case .exists, .related, .paused: return all(node.children, depth + 1)
        case .isMissing, .call(.coalesce, _): return []
        case .call(.if, let parts): return all([parts[0]], depth)
        case .binary(.or, let a, let b):
            let handled = askedMissing(on: dataset, depth: depth)
            return all([a, b], depth).filter { !handled.contains($0) }
        default: return all(node.children, depth)
        }
    }

    /// Columns that it asks to be missing or present.
    private func askedMissing(on dataset: String, depth: Int) -> Set<ColumnUse> {
        if case .isMissing(let asked, _) = node {
            return Set(asked.neededColumns(on: dataset, depth: depth))
        }
        return node.children.reduce(into: []) {
            $0.formUnion($1.askedMissing(on: dataset, depth: depth))
        }
    }

    /// Every dataset that `exists` and `related` look at.
    package var relatedDatasets: Set<String> {
        node.children.reduce(into: Set([node.relatedDataset].compactMap { $0 })) {
            $0.formUnion($1.relatedDatasets)
        }
    }

    /// The same expression with other values for its parameters.
    package func setting(_ parameters: [String: Int64]) -> RowExpression {
        if case .parameter(let name, _) = node, let value = parameters[name] {
            return RowExpression(.parameter(name, value: value), type: type, unit: unit)
        }
        return mapped { $0.setting(parameters) }
    }

    /// The same node over children changed one by one.
    package func mapped(_ change: (RowExpression) -> RowExpression) -> RowExpression {
        func all(_ aggregate: Aggregate) -> Aggregate { aggregate.mapped(change) }
        func all(_ related: Related) -> Related {
            Related(dataset: related.dataset, condition: change(related.condition))
        }
        let node: Node =
            switch self.node {
            case .literal, .column, .periodStart, .periodEnd, .parameter: self.node
            case .call(let function, let arguments): .call(function, arguments.map(change))
            case .binary(let operation, let a, let b): .binary(operation, change(a), change(b))
            case .negate(let a): .negate(change(a))
            case .not(let a): .not(change(a))
            case .isMissing(let a, let negated): .isMissing(change(a), negated: negated)
            case .isIn(let a, let list, let negated):
                .isIn(change(a), list.map(change), negated: negated)
            case .aggregate(let aggregate, let filter):
                .aggregate(all(aggregate), filter: filter.map(change))
            case .ever(let aggregate, let filter): .ever(all(aggregate), filter: filter.map(change))
            case .inPeriod(let a): .inPeriod(change(a))
            case .exists(let related): .exists(all(related))
            case .related(let aggregate, let filter, let related):
                .related(all(aggregate), filter: filter.map(change), all(related))
            case .working(let from, let to, let calendar):
                .working(from: change(from), to: change(to), calendar: calendar.map(change))
            case .paused(let paused): .paused(paused.mapped(change))
            case .outer(let a): .outer(change(a))
            }
        return RowExpression(node, type: type, unit: unit)
    }

    /// The same expression on a dataset that reaches this one through references.
    func reached(through path: [String]) -> RowExpression {
        switch node {
        case .column(let own, let name):
            RowExpression(.column(path: path + own, name: name), type: type, unit: unit)
        case .exists, .related, .paused: mapped { $0.outerReached(through: path) }
        case .aggregate, .ever, .inPeriod: self
        default: mapped { $0.reached(through: path) }
        }
    }

    /// Inside `exists` and `related` only what means the record outside moves.
    private func outerReached(through path: [String]) -> RowExpression {
        switch node {
        case .outer(let inner):
            RowExpression(.outer(inner.reached(through: path)), type: type, unit: unit)
        case .exists, .related, .paused: self
        default: mapped { $0.outerReached(through: path) }
        }
    }
}

extension RowExpression.Node {
    fileprivate var relatedDataset: String? {
        switch self {
        case .exists(let related), .related(_, _, let related): related.dataset
        case .paused(let paused): paused.related.dataset
        default: nil
        }
    }
}
