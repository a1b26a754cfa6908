import KPICore
import KPIFormula

extension Function {
    func check(count: Int, span: Range<Int>) throws(Diagnostics) {
        let expected = signature.arguments
        guard expected.contains(count) else {
            let (least, most) = (expected.lowerBound, expected.upperBound)
            let words =
                most >= 100
                ? Bilingual(zh: "至少 \(least)", en: "at least \(least)")
                : least == most
                    ? Bilingual(zh: "\(least)", en: "\(least)")
                    : Bilingual(zh: "\(least)–\(most)", en: "\(least)–\(most)")
            throw Diagnostics(
                .wrongArgumentCount(function: signature.name.en, expected: words, found: count),
                span: span)
        }
    }

    /// The typed call of a row function, or what is wrong with its arguments.
    func typed(
        _ arguments: [RowExpression], span: Range<Int>
    ) throws(Diagnostics) -> RowExpression {
        func need(_ index: Int, _ isRight: (ValueType) -> Bool, _ words: String) throws(Diagnostics)
        {
            guard isRight(arguments[index].type) || arguments[index].node == .literal(.null) else {
                throw Diagnostics(
                    .badArgument(function: signature.name.en, expected: words), span: span)
            }
        }
        func result(_ type: ValueType, _ unit: Unit? = nil) -> RowExpression {
            RowExpression(.call(self, arguments), type: type, unit: unit)
        }
        switch self {
        case .duration:
            try need(0, { $0 == .date || $0 == .timestamp }, "two dates or two times")
            try need(1, { $0 == .date || $0 == .timestamp }, "two dates or two times")
            return result(.duration)
        case .date:
            try need(0, { $0 == .timestamp || $0 == .date }, "a time")
            return result(.date)
        case .time:
            try need(0, { $0 == .timestamp || $0 == .date }, "a date")
            return result(.timestamp)
        case .year, .month, .day, .weekday:
            try need(0, { $0 == .timestamp || $0 == .date }, "a date or a time")
            return result(.integer)
        case .hour:
            try need(0, { $0 == .timestamp }, "a time")
            return result(.integer)
        case .days, .hours, .minutes:
            try need(0, { $0 == .integer }, "a whole number")
            return result(.duration)
        case .lower, .upper, .trim:
            try need(0, { $0 == .text }, "a text")
            return result(.text)
        case .length:
            try need(0, { $0 == .text }, "a text")
            return result(.integer)
        case .startsWith, .endsWith, .contains:
            for index in 0...1 { try need(index, { $0 == .text }, "two texts") }
            return result(.boolean)
        case .replace:
            for index in 0...2 { try need(index, { $0 == .text }, "three texts") }
            return result(.text)
        case .concat, .text: return result(.text)
        case .integer: return result(.integer)
        case .decimal:
            guard case .literal(.integer(let scale)) = arguments[1].node, (0...18).contains(scale)
            else {
                throw Diagnostics(
                    .badArgument(function: "decimal", expected: "a scale from 0 to 18"), span: span)
            }
            return result(.decimal(scale: Int(scale)), arguments[0].unit)
        case .abs, .round:
            try need(0, { $0.isNumeric || self == .abs && $0 == .duration }, "a number")
            if arguments.count == 2 {
                guard case .literal(.integer(0...18)) = arguments[1].node else {
                    throw Diagnostics(
                        .badArgument(function: "round", expected: "digits from 0 to 18"), span: span
                    )
                }
            }
            return result(arguments[0].type, arguments[0].unit)
        case .if:
            try need(0, { $0 == .boolean }, "a condition first")
            return result(
                try common(Array(arguments.dropFirst()), span),
                arguments[1].unit ?? arguments[2].unit)
        case .coalesce, .least, .greatest:
            return result(try common(arguments, span), arguments.lazy.compactMap(\.unit).first)
        default:
            throw Diagnostics(.functionInWrongLevel(signature.name.en), span: span)
        }
    }

    /// The type that several alternatives share.
    private func common(
        _ values: [RowExpression], _ span: Range<Int>
    ) throws(Diagnostics) -> ValueType {
        let known = values.filter { $0.node != .literal(.null) }
        guard var type = known.first?.type else { return .text }
        for value in known.dropFirst() where value.type != type {
            switch (type, value.type) {
            case (.double, let other) where other.isNumeric: break
            case (let own, .double) where own.isNumeric: type = .double
            case (.decimal(let a), .decimal(let b)): type = .decimal(scale: Swift.max(a, b))
            case (.decimal, .integer): break
            case (.integer, .decimal): type = value.type
            default: throw Diagnostics(.unlikeTypes("\(type)", "\(value.type)"), span: span)
            }
        }
        return type
    }
}
