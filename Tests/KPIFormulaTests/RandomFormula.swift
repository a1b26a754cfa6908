import KPICore
import KPIFormula
import TestSupport

/// Random trees of every kind of node, as the parser could have read them.
struct RandomFormula {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func tree(depth: Int) -> Expression {
        guard depth > 1, !random.oneIn(6) else { return leaf() }
        let next = depth - 1
        switch random.int(1...10) {
        case 1: return Expression(.negate(tree(depth: next)))
        case 2: return Expression(.not(tree(depth: next)))
        case 3:
            return Expression(.isMissing(tree(depth: next), negated: random.oneIn(2)))
        case 4:
            let items = trees(random.int(1...3), depth: next)
            return Expression(.isIn(tree(depth: next), items, negated: random.oneIn(2)))
        case 5: return Expression(.filter(tree(depth: next), by: tree(depth: next)))
        case 6, 7: return call(depth: next)
        default:
            let operation = random.pick(BinaryOperator.allCases)
            return Expression(.binary(operation, tree(depth: next), tree(depth: next)))
        }
    }

    private mutating func trees(_ count: Int, depth: Int) -> [Expression] {
        (0..<count).map { _ in tree(depth: depth) }
    }

    private mutating func leaf() -> Expression {
        switch random.int(1...8) {
        case 1: Expression(.number(number()))
        case 2: Expression(.percent(number()))
        case 3: Expression(.text(random.pick(Self.texts)))
        case 4: Expression(.bool(random.oneIn(2)))
        case 5: Expression(.missing)
        default: Expression(.name((0..<random.int(1...3)).map { _ in random.pick(Self.names) }))
        }
    }

    private mutating func number() -> ExactDecimal {
        ExactDecimal(mantissa: Int128(random.int(0...1_000_000)), scale: random.int(0...8))
    }

    private mutating func call(depth: Int) -> Expression {
        if random.oneIn(8) {
            let arguments = trees(random.int(0...3), depth: depth)
            return Expression(.call(.unknown(random.pick(Self.strangeFunctions)), arguments))
        }
        let function = random.pick(Function.allCases)
        var arguments = trees(random.int(0...4), depth: depth)
        if function == .toDate || function == .rolling {
            arguments.append(Expression(.name([random.pick(Grain.unitWords).en])))
        }
        return Expression(.call(.known(function), arguments))
    }

    private static let names = [
        "revenue", "首次解决数", "AHT (秒)", "and", "AND", "空", "is", "sum", "如果", "a`b", "", " ",
        "1st", "_x", "x1", "é", "e\u{301}", "订单_2", "a·b", "a.b", "month", "ПРИБЫЛЬ", "売上高", "\"",
        "(",
        "不属于", "Null", "\n", "👍", "０", "ไทย", "`", "``",
    ]

    private static let texts = [
        "", "a", "电话", "say \"hi\"", "\"", "\"\"", "it's", "“引”", "「」", "\n", "`", "\\", "100%",
        "é", "👨‍👩‍👧",
        "\u{0}", " ", "%_",
    ]

    private static let strangeFunctions = ["foo", "求商", "a b", "and", "", "f`g", "非"]
}
