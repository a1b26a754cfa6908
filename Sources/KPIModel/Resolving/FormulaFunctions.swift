import KPICore
import KPIFormula

/// Functions of KPI formulas: their arguments, units and trees.
extension FormulaResolver {
    mutating func call(
        _ function: Function, _ arguments: [Expression], _ span: Range<Int>
    ) throws(Diagnostics) -> Typed {
        if function.isAggregate {
            throw Diagnostics(.aggregateInFormula(function.signature.name.en), span: span)
        }
        try function.check(count: arguments.count, span: span)
        switch function {
        case .opening, .closing: return try instant(function, arguments[0])
        case .notApplicable: return .number(.notApplicable)
        case .months: return .number(.months)
        case .periodDays: return .number(.periodDays)
        case .points: return try points(arguments[0])
        case .previous, .yearAgo, .toDate, .rolling: return try moved(function, arguments, span)
        case .share, .whole: return try share(function, arguments)
        case .if:
            let test = try condition(arguments[0])
            return try alternatives(function, [test], Array(arguments.dropFirst()))
        case .coalesce, .least, .greatest, .clamp:
            return try alternatives(function, [], arguments)
        case .abs, .round:
            let value = try typed(arguments[0])
            try refuseConditions(value, arguments[0].span)
            var nodes = [value.node]
            if arguments.count == 2 {
                let digits = try whole(arguments[1], 0...12, "round")
                nodes.append(.number(ExactDecimal(Int64(digits))))
            }
            guard case .value(_, let unit) = value else { return .number(.call(function, nodes)) }
            return .value(.call(function, nodes), unit)
        default: throw Diagnostics(.functionInWrongLevel(function.signature.name.en), span: span)
        }
    }

    /// The stocks of an expression at one end of the window.
    private mutating func instant(
        _ function: Function, _ argument: Expression
    ) throws(Diagnostics) -> Typed {
        guard case .value(let inner, let unit) = try typed(argument) else {
            throw Diagnostics(
                .badArgument(function: function.signature.name.en, expected: "a measure or KPI"),
                span: argument.span)
        }
        for use in inner.measures {
            guard let measure = datasets[use.dataset]?.measure(use.measure), measure.stock == nil,
                measure.lookup?.kind != .instant
            else { continue }
            throw Diagnostics(
                .notStock(function: function.signature.name.en, measure: measure.id),
                span: argument.span)
        }
        let moment: Stock.Moment = function == .opening ? .opening : .closing
        let node = inner.mappingMeasures { use in
            var use = use
            use.moment = use.moment ?? moment
            return use
        }
        return .value(node, unit)
    }

    /// A ratio as points of a hundred.
    private mutating func points(_ argument: Expression) throws(Diagnostics) -> Typed {
        guard case .value(let inner, .ratio) = try typed(argument) else {
            throw Diagnostics(
                .badArgument(function: Function.points.signature.name.en, expected: "a ratio"),
                span: argument.span)
        }
        return .value(.binary(.multiply, inner, .number(ExactDecimal(100))), .score)
    }

    private mutating func alternatives(
        _ function: Function, _ first: [FormulaNode], _ arguments: [Expression]
    ) throws(Diagnostics) -> Typed {
        var nodes = first
        var result: Typed?
        for argument in arguments {
            let value = try typed(argument)
            try refuseConditions(value, argument.span)
            nodes.append(value.node)
            guard let known = result else {
                result = value
                continue
            }
            try refuseBareNumber(value, beside: known, argument)
            try refuseBareNumber(known, beside: value, arguments[0])
            if let unit = try common(known, value, "/", argument.span) {
                result = .value(known.node, unit)
            }
        }
        guard case .value(_, let unit)? = result else { return .number(.call(function, nodes)) }
        return .value(.call(function, nodes), unit)
    }

    private mutating func moved(
        _ function: Function, _ arguments: [Expression], _ span: Range<Int>
    ) throws(Diagnostics) -> Typed {
        guard case .value(let inner, let unit) = try typed(arguments[0]) else {
            throw Diagnostics(
                .badArgument(
                    function: function.signature.name.en, expected: "a measure or KPI"),
                span: arguments[0].span)
        }
        switch function {
        case .previous:
            let count = arguments.count == 2 ? try whole(arguments[1], 1...1000, "previous") : 1
            return .value(.previous(inner, count: count), unit)
        case .yearAgo: return .value(.yearAgo(inner), unit)
        case .toDate:
            let grain = try unitWord(
                arguments[1], [.week, .month, .quarter, .half, .year], function)
            return .value(.toDate(inner, grain), unit)
        default:
            let count = try whole(arguments[1], 1...10_000, "rolling")
            let grain = try unitWord(
                arguments[2], [.day, .week, .month, .quarter, .half, .year], function)
            return .value(.rolling(inner, count: count, grain), unit)
        }
    }

    private func unitWord(
        _ tree: Expression, _ allowed: [Grain], _ function: Function
    ) throws(Diagnostics) -> Grain {
        if case .name(let path) = tree.node, path.count == 1,
            let grain = Grain.unit(named: path[0]), allowed.contains(grain)
        {
            return grain
        }
        throw Diagnostics(
            .badArgument(
                function: function.signature.name.en,
                expected: allowed.map(\.rawValue).joined(separator: ", ")), span: tree.span)
    }

    private func whole(
        _ tree: Expression, _ range: ClosedRange<Int>, _ function: String
    ) throws(Diagnostics) -> Int {
        if let value = tree.literalNumber, value.scale == 0,
            let number = Int(exactly: value.mantissa),
            range.contains(number)
        {
            return number
        }
        throw Diagnostics(
            .badArgument(
                function: function,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"),
            span: tree.span)
    }

    private mutating func share(
        _ function: Function, _ arguments: [Expression]
    ) throws(Diagnostics) -> Typed {
        let name = function.signature.name.en
        guard case .value(let inner, let unit) = try typed(arguments[0]) else {
            throw Diagnostics(
                .badArgument(function: name, expected: "a measure or KPI"),
                span: arguments[0].span)
        }
        let known = datasets.values.flatMap(\.dimensions)
        var dimensions: [String] = []
        for argument in arguments.dropFirst() {
            if case .name([Cohort.ageDimension]) = argument.node,
                inner.measures.allSatisfy({ cohort($0)?.age != nil })
            {
                dimensions.append(Cohort.ageDimension)
                continue
            }
            guard case .name(let path) = argument.node, path.count == 1,
                let dimension = known.first(where: {
                    $0.id == path[0] || $0.label.zh == path[0] || $0.label.en == path[0]
                })
            else {
                throw Diagnostics(
                    .badArgument(function: name, expected: "the name of a dimension"),
                    span: argument.span)
            }
            dimensions.append(dimension.id)
        }
        if function == .whole { return .value(.whole(inner, over: dimensions), unit) }
        return .value(.share(inner, over: dimensions), .ratio)
    }

    private func cohort(_ use: MeasureUse) -> Cohort? {
        datasets[use.dataset]?.measure(use.measure)?.entity?.cohort
    }
}
