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
        case .date where arguments[0].literalText != nil,
            .time where arguments[0].literalText != nil:
            return try moment(function, arguments[0])
        default:
            var resolved: [RowExpression] = []
            for argument in arguments { resolved.append(try resolve(argument)) }
            return try function.typed(resolved, span: span)
        }
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
        return try aggregate(function, arguments, tree.span)
    }

    /// The outer aggregate of an entity measure: its argument is an expression of aggregates.
    package func entityAggregate(
        _ tree: Expression
    ) throws(Diagnostics) -> (Aggregate, ValueType, Unit?) { try aggregate(tree) }

    private func aggregate(
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
