import KPICore
import KPIFormula

/// Calls in row expressions: functions of one record, and aggregates of measures.
extension RowResolver {
    func filtered(
        _ base: Expression, _ condition: Expression
    ) throws(Diagnostics) -> RowExpression {
        guard case .call(.known(let function), let arguments) = base.node, function.isAggregate
        else { throw Diagnostics(.notAggregate, span: base.span) }
        return try call(
            function, arguments, filter: try at(.record).condition(condition), base.span)
    }

    func call(
        _ function: Function, _ arguments: [Expression], filter: RowExpression?,
        _ span: Range<Int>
    ) throws(Diagnostics) -> RowExpression {
        try function.check(count: arguments.count, span: span)
        if function.isAggregate {
            guard case .entity = level else {
                throw Diagnostics(.functionInWrongLevel(function.rawValue), span: span)
            }
            let (aggregate, type, unit) = try at(.record).aggregate(function, arguments, span)
            return RowExpression(.aggregate(aggregate, filter: filter), type: type, unit: unit)
        }
        switch function {
        case .ever: return try ever(arguments[0])
        case .inPeriod:
            guard case .entity = level else {
                throw Diagnostics(.everOutsideEntity("in_period"), span: span)
            }
            let time = try resolve(arguments[0])
            try expect(time, [.date, .timestamp], function, "a date or a time", span)
            return RowExpression(.inPeriod(time), type: .boolean)
        case .exists:
            let related = try related(arguments[0], arguments[1])
            return RowExpression(.exists(related), type: .boolean)
        case .related: return try relatedAggregate(arguments)
        case .inForce: return try inForce(arguments[0], span)
        case .periodStart: return RowExpression(.periodStart, type: .timestamp)
        case .periodEnd: return RowExpression(.periodEnd, type: .timestamp)
        case .pause:
            throw Diagnostics(.functionInWrongLevel(function.signature.name.en), span: span)
        case .working: return try working(arguments, span)
        case .teamCalendar: return try teamCalendar(span)
        case .date where arguments[0].literalText != nil,
            .time where arguments[0].literalText != nil:
            return try moment(function, arguments[0])
        default:
            var resolved: [RowExpression] = []
            for argument in arguments { resolved.append(try resolve(argument)) }
            return try function.typed(resolved, span: span)
        }
    }

    // MARK: Other records

    /// A dataset by its name, and a condition on its records and on the one outside.
    private func related(
        _ name: Expression, _ condition: Expression
    ) throws(Diagnostics) -> Related {
        let inner = try resolver(of: name)
        return Related(dataset: inner.dataset.id, condition: try inner.condition(condition))
    }

    func resolver(of name: Expression) throws(Diagnostics) -> RowResolver {
        guard case .name(let path) = name.node, path.count == 1,
            let target = datasets[path[0]]
                ?? datasets.values.first(where: {
                    $0.label.zh == path[0] || $0.label.en == path[0]
                })
        else {
            let text =
                if case .name(let path) = name.node { path.joined(separator: ".") } else { "" }
            throw Diagnostics(
                .unknownDataset(text, closest: NearMatch.closest(to: text, among: datasets.keys)),
                span: name.span)
        }
        var inner = RowResolver(datasets: datasets, dataset: target, calendar: calendar)
        inner.outer = [self]
        inner.parameters = parameters
        inner.isAtLoad = isAtLoad
        return inner
    }

    private func relatedAggregate(
        _ arguments: [Expression]
    ) throws(Diagnostics) -> RowExpression {
        let related = try related(arguments[0], arguments[2])
        var tree = arguments[1]
        let inner = try resolver(of: arguments[0])
        var filter: RowExpression?
        if case .filter(let base, let condition) = tree.node {
            tree = base
            filter = try inner.condition(condition)
        }
        guard case .call(.known(let function), let list) = tree.node, function.isAggregate else {
            throw Diagnostics(.notAggregate, span: tree.span)
        }
        try function.check(count: list.count, span: tree.span)
        let (aggregate, type, unit) = try inner.aggregate(function, list, tree.span)
        return RowExpression(.related(aggregate, filter: filter, related), type: type, unit: unit)
    }

    /// The record was in force just before an instant.
    private func inForce(
        _ argument: Expression, _ span: Range<Int>
    ) throws(Diagnostics) -> RowExpression {
        guard let validity = dataset.validity, let from = dataset.column(validity.from),
            let to = dataset.column(validity.to)
        else { throw Diagnostics(.noValidity(dataset: dataset.id), span: span) }
        let instant = try resolve(argument)
        try expect(instant, [.date, .timestamp], .inForce, "a date or a time", span)
        func compare(_ operation: BinaryOperator, _ column: ColumnDefinition) -> RowExpression {
            let own = RowExpression(.column(path: [], name: column.name), type: column.type)
            let (a, b) = Self.instants(own, instant)
            return RowExpression(.binary(operation, a, b), type: .boolean)
        }
        let end = RowExpression(.column(path: [], name: to.name), type: to.type)
        let isOpen = RowExpression(.isMissing(end, negated: false), type: .boolean)
        let lasts = RowExpression(
            .binary(.or, isOpen, compare(.greaterOrEqual, to)), type: .boolean)
        return RowExpression(.binary(.and, compare(.less, from), lasts), type: .boolean)
    }

    private func ever(_ argument: Expression) throws(Diagnostics) -> RowExpression {
        if case .record = level {
            throw Diagnostics(.everOutsideEntity("ever"), span: argument.span)
        }
        guard case .aggregate(let aggregate, let filter) = try at(.entity).resolve(argument).node
        else { throw Diagnostics(.notAggregate, span: argument.span) }
        let inner = try at(.entity).resolve(argument)
        return RowExpression(.ever(aggregate, filter: filter), type: inner.type, unit: inner.unit)
    }

    private func moment(
        _ function: Function, _ argument: Expression
    ) throws(Diagnostics) -> RowExpression {
        let text = argument.literalText ?? ""
        guard let local = LocalClock.parse(text) else {
            throw Diagnostics(
                .badArgument(
                    function: function.rawValue, expected: "‘2026-11-22’ or ‘2026-11-22T08:00’"),
                span: argument.span)
        }
        if function == .date {
            let day = Int32(LocalClock.day(local))
            return RowExpression(.literal(.date(day)), type: .date)
        }
        return RowExpression(
            .literal(.timestamp(calendar.zone.instant(local), utc: true)), type: .timestamp)
    }

    private func expect(
        _ value: RowExpression, _ types: [ValueType], _ function: Function, _ words: String,
        _ span: Range<Int>
    ) throws(Diagnostics) {
        guard types.contains(value.type) else {
            throw Diagnostics(
                .badArgument(function: function.rawValue, expected: words), span: span)
        }
    }

    // MARK: Aggregates

    /// An aggregate of a measure, with its type and unit.
    package func aggregate(
        _ tree: Expression
    ) throws(Diagnostics) -> (Aggregate, ValueType, Unit?) {
        guard case .call(.known(let function), let arguments) = tree.node, function.isAggregate
        else { throw Diagnostics(.notAggregate, span: tree.span) }
        try function.check(count: arguments.count, span: tree.span)
        guard function != .latest, function != .earliest else {
            throw Diagnostics(.latestAsMeasure, span: tree.span)
        }
        return try aggregate(function, arguments, tree.span)
    }

    /// The outer aggregate of an entity measure: its argument is an expression of aggregates.
    package func entityAggregate(
        _ tree: Expression
    ) throws(Diagnostics) -> (Aggregate, ValueType, Unit?) { try aggregate(tree) }

    func aggregate(
        _ function: Function, _ arguments: [Expression], _ span: Range<Int>
    ) throws(Diagnostics) -> (Aggregate, ValueType, Unit?) {
        let kind = Aggregate.Kind(rawValue: function.rawValue)!
        guard let first = arguments.first else {
            return (Aggregate(kind: kind, argument: nil), .integer, .count)
        }
        let argument = try resolve(first)
        if kind == .count || kind == .distinct {
            return (Aggregate(kind: kind, argument: argument), .integer, .count)
        }
        if kind == .latest || kind == .earliest {
            var order: [RowExpression] = []
            for tree in arguments.dropFirst() { order.append(try resolve(tree)) }
            return (
                Aggregate(kind: kind, argument: argument, order: order), argument.type,
                argument.unit
            )
        }
        if kind == .min || kind == .max {
            if argument.type == .date || argument.type == .timestamp {
                return (Aggregate(kind: kind, argument: argument), argument.type, nil)
            }
        }
        guard argument.type.isNumeric || argument.type == .duration else {
            throw Diagnostics(.notNumber(found: "\(argument.type)"), span: first.span)
        }
        var fraction: ExactDecimal?
        if kind == .percentile {
            fraction = arguments[1].literalNumber
            guard let fraction, fraction >= ExactDecimal(0), fraction <= ExactDecimal(1) else {
                throw Diagnostics(
                    .badArgument(function: "percentile", expected: "a number from 0 to 1"),
                    span: arguments[1].span)
            }
        }
        let keepsType = kind == .sum || kind == .min || kind == .max
        let type = keepsType || argument.type == .duration ? argument.type : .double
        return (
            Aggregate(kind: kind, argument: argument, fraction: fraction), type, argument.unit
        )
    }
}
