import KPICore
import KPIFormula

/// Turns a row expression into a typed one against a dataset: names, types, units.
package struct RowResolver {
    /// What an expression may contain besides columns and functions.
    package enum Level: Sendable {
        /// One record.
        case record
        /// The condition of an entity measure: one record, with `ever(…)`.
        case entityRecord
        /// `having:` and the argument of an entity measure: aggregates of one entity.
        case entity
    }

    let datasets: [String: Dataset]
    let dataset: Dataset
    let calendar: BusinessCalendar
    let level: Level
    /// In questions a name means the dimension first, in definitions the column.
    let prefersDimensions: Bool
    /// Of the record that `this` means, inside `exists` and `related`; else empty.
    var outer: [RowResolver] = []
    /// Whole numbers that may be named.
    var parameters: [String: Int64] = [:]
    /// Levels of the organisation by another person than the dataset's own.
    var levels: [Dimension] = []
    /// Where joins are not possible, so that neither working time is.
    var isAtLoad = false

    package init(
        datasets: [String: Dataset], dataset: Dataset, calendar: BusinessCalendar,
        level: Level = .record, prefersDimensions: Bool = false
    ) {
        self.datasets = datasets
        self.dataset = dataset
        self.calendar = calendar
        self.level = level
        self.prefersDimensions = prefersDimensions
    }

    func at(_ level: Level) -> RowResolver {
        var resolver = RowResolver(
            datasets: datasets, dataset: dataset, calendar: calendar, level: level,
            prefersDimensions: prefersDimensions)
        resolver.outer = outer
        resolver.parameters = parameters
        resolver.levels = levels
        resolver.isAtLoad = isAtLoad
        return resolver
    }

    /// A condition: an expression of type boolean.
    package func condition(_ tree: Expression) throws(Diagnostics) -> RowExpression {
        let resolved = try resolve(tree)
        guard resolved.type == .boolean else {
            throw Diagnostics(.notCondition(found: "\(resolved.type)"), span: tree.span)
        }
        return resolved
    }

    package func resolve(_ tree: Expression) throws(Diagnostics) -> RowExpression {
        switch tree.node {
        case .number(let value): return number(value)
        case .percent(let value):
            return number(ExactDecimal(mantissa: value.mantissa, scale: value.scale + 2))
        case .text(let text): return RowExpression(.literal(.text(text)), type: .text)
        case .bool(let value): return RowExpression(.literal(.bool(value)), type: .boolean)
        case .missing: return RowExpression(.literal(.null), type: .text)
        case .name(let path): return try name(path, span: tree.span)
        case .call(.unknown(let name), _):
            throw Diagnostics(
                .unknownFunction(
                    name, closest: NearMatch.closest(to: name, among: Function.allNames)),
                span: tree.span)
        case .call(.known(let function), let arguments):
            return try call(function, arguments, filter: nil, tree.span)
        case .filter(let base, let condition): return try filtered(base, condition)
        case .negate(let operand):
            let inner = try numeric(operand)
            return RowExpression(.negate(inner), type: inner.type, unit: inner.unit)
        case .not(let operand):
            return RowExpression(.not(try condition(operand)), type: .boolean)
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right, tree.span)
        case .isMissing(let operand, let negated):
            return RowExpression(
                .isMissing(try resolve(operand), negated: negated), type: .boolean)
        case .isIn(let operand, let items, let negated):
            let value = try resolve(operand)
            var list: [RowExpression] = []
            for item in items {
                let resolved = try resolve(item)
                try comparable(value, resolved, item.span)
                list.append(resolved)
            }
            return RowExpression(.isIn(value, list, negated: negated), type: .boolean)
        }
    }

    private func number(_ value: ExactDecimal) -> RowExpression {
        if value.scale == 0, let integer = Int64(exactly: value.mantissa) {
            return RowExpression(.literal(.integer(integer)), type: .integer)
        }
        return RowExpression(.literal(.decimal(value)), type: .decimal(scale: value.scale))
    }

    // MARK: Names

    private func name(
        _ path: [String], span: Range<Int>
    ) throws(Diagnostics) -> RowExpression {
        if path.count == 1, let value = parameters[path[0]] {
            return RowExpression(.parameter(path[0], value: value), type: .integer)
        }
        if path.count > 1, path[0] == "this" || path[0] == "本条" {
            guard let record = outer.first else {
                throw Diagnostics(.thisOutsideRelated, span: span)
            }
            let inner = try record.name(Array(path.dropFirst()), span: span)
            return RowExpression(.outer(inner), type: inner.type, unit: inner.unit)
        }
        if case .entity = level {
            // One entity has many records: a column needs an aggregate around it.
            throw Diagnostics(.notAggregate, span: span)
        }
        var current = dataset
        var steps: [String] = []
        for step in path.dropLast() {
            let found = current.references.filter { $0.name == step }
            guard let reference = found.first, let target = datasets[reference.target] else {
                throw Diagnostics(
                    .unknownName(
                        step,
                        closest: NearMatch.closest(to: step, among: current.references.map(\.name))),
                    span: span)
            }
            steps.append(reference.name)
            current = target
        }
        let last = path[path.count - 1]
        if steps.isEmpty, prefersDimensions, let dimension = dimension(last) {
            return dimension.expression
        }
        if let column = try column(last, in: current, span: span) {
            return RowExpression(
                .column(path: steps, name: column.name), type: column.type, unit: column.unit)
        }
        if steps.isEmpty, let dimension = dimension(last) { return dimension.expression }
        if steps.isEmpty, isMeasure(last) { throw Diagnostics(.measureInRow(last), span: span) }
        throw Diagnostics(
            .unknownName(last, closest: NearMatch.closest(to: last, among: known(in: current))),
            span: span)
    }

    private func column(
        _ name: String, in dataset: Dataset, span: Range<Int>
    ) throws(Diagnostics) -> ColumnDefinition? {
        if let column = dataset.column(name) { return column }
        let labelled = dataset.columns.filter { $0.label?.zh == name || $0.label?.en == name }
        guard labelled.count <= 1 else {
            throw Diagnostics(
                .ambiguousName(name, candidates: labelled.map(\.name)), span: span)
        }
        return labelled.first
    }

    private func dimension(_ name: String) -> Dimension? {
        dataset.dimension(name)
            ?? dataset.dimensions.first { $0.label.zh == name || $0.label.en == name }
    }

    private func isMeasure(_ name: String) -> Bool {
        dataset.measures.contains { $0.id == name || $0.label.zh == name || $0.label.en == name }
    }

    private func known(in dataset: Dataset) -> [String] {
        dataset.columns.flatMap { [$0.name, $0.label?.zh, $0.label?.en].compactMap { $0 } }
            + dataset.dimensions.flatMap { [$0.id, $0.label.zh, $0.label.en] }
            + dataset.references.map(\.name)
    }

    // MARK: Operators

    private func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ span: Range<Int>
    ) throws(Diagnostics) -> RowExpression {
        if operation == .and || operation == .or {
            return RowExpression(
                .binary(operation, try condition(left), try condition(right)), type: .boolean)
        }
        var a = try resolve(left)
        var b = try resolve(right)
        if operation.isComparison {
            (a, b) = Self.instants(a, b)
            try comparable(a, b, right.span)
            return RowExpression(.binary(operation, a, b), type: .boolean)
        }
        let (type, unit) = try arithmetic(operation, a, b, span)
        return RowExpression(.binary(operation, a, b), type: type, unit: unit)
    }

    /// A date beside a timestamp is its midnight.
    static func instants(_ a: RowExpression, _ b: RowExpression) -> (RowExpression, RowExpression) {
        switch (a.type, b.type) {
        case (.date, .timestamp): (midnight(a), b)
        case (.timestamp, .date): (a, midnight(b))
        default: (a, b)
        }
    }

    static func midnight(_ date: RowExpression) -> RowExpression {
        RowExpression(.call(.time, [date]), type: .timestamp)
    }

    private func comparable(
        _ a: RowExpression, _ b: RowExpression, _ span: Range<Int>
    ) throws(Diagnostics) {
        let isLike =
            a.type == b.type || a.type.isNumeric && b.type.isNumeric
            || a.node == .literal(.null) || b.node == .literal(.null)
        guard isLike else { throw Diagnostics(.unlikeTypes("\(a.type)", "\(b.type)"), span: span) }
    }

    private func arithmetic(
        _ operation: BinaryOperator, _ a: RowExpression, _ b: RowExpression, _ span: Range<Int>
    ) throws(Diagnostics) -> (ValueType, Unit?) {
        switch (operation, a.type, b.type) {
        case (.subtract, .timestamp, .timestamp), (.subtract, .date, .date),
            (.add, .duration, .duration), (.subtract, .duration, .duration):
            return (.duration, nil)
        case (.add, .timestamp, .duration), (.subtract, .timestamp, .duration):
            return (.timestamp, nil)
        case (.add, .date, .duration), (.subtract, .date, .duration): return (.date, nil)
        case (.multiply, .duration, .integer), (.multiply, .integer, .duration):
            return (.duration, nil)
        case (.divide, .duration, .duration): return (.double, nil)
        default: break
        }
        guard a.type.isNumeric, b.type.isNumeric else {
            throw Diagnostics(.unlikeTypes("\(a.type)", "\(b.type)"), span: span)
        }
        return (Self.numericType(operation, a.type, b.type), try unit(operation, a, b, span))
    }

    private static func numericType(
        _ operation: BinaryOperator, _ a: ValueType, _ b: ValueType
    ) -> ValueType {
        if operation == .divide || a == .double || b == .double { return .double }
        switch (a, b) {
        case (.decimal(let x), .decimal(let y)):
            return .decimal(scale: operation == .multiply ? x + y : max(x, y))
        case (.decimal, _): return a
        case (_, .decimal): return b
        default: return .integer
        }
    }

    private func unit(
        _ operation: BinaryOperator, _ a: RowExpression, _ b: RowExpression, _ span: Range<Int>
    ) throws(Diagnostics) -> Unit? {
        switch operation {
        case .multiply:
            guard let x = a.unit, let y = b.unit else { return a.unit ?? b.unit }
            return x * y
        case .divide:
            guard let y = b.unit else { return a.unit }
            return (a.unit ?? .ratio) / y
        default:
            if let x = a.unit, let y = b.unit, !x.isLike(y) {
                throw Diagnostics(
                    .unlikeUnits(
                        x.description, y.description, operation: operation == .add ? "+" : "-"),
                    span: span)
            }
            return a.unit ?? b.unit
        }
    }

    private func numeric(_ tree: Expression) throws(Diagnostics) -> RowExpression {
        let resolved = try resolve(tree)
        guard resolved.type.isNumeric || resolved.type == .duration else {
            throw Diagnostics(.notNumber(found: "\(resolved.type)"), span: tree.span)
        }
        return resolved
    }
}

extension Expression {
    var literalText: String? { if case .text(let text) = node { text } else { nil } }

    /// A number literal, also as percent.
    package var literalNumber: ExactDecimal? {
        switch node {
        case .number(let value): value
        case .percent(let value): ExactDecimal(mantissa: value.mantissa, scale: value.scale + 2)
        default: nil
        }
    }
}
