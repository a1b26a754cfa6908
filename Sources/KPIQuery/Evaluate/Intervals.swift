import KPICore
import KPIFormula
import KPIModel

/// The 95 % interval of a value, where its formula has one.
///
/// | value | interval |
/// |---|---|
/// | quotient of two counts, the first at most the second | Wilson (1927) |
/// | mean | Student's t |
/// | median | order statistics |
/// | `a ÷ n − b ÷ n` or `(a − b) ÷ n` of counts (a net promoter score) | adjusted Wald: n + 3, a and b + ¾ |
struct Intervals {
    let walk: FormulaWalk

    static let z = 1.959963984540054

    struct Bounds {
        var low: Vector
        var high: Vector
    }

    func bounds(
        _ node: FormulaNode, _ frames: [Frame], _ value: Vector
    ) throws(Overflow) -> Bounds? {
        let factor = node.quotientFactor
        if let (a, b, n) = Self.netShares(node),
            [a, b, n].allSatisfy({ isCount($0) && !$0.isMoved })
        {
            let above = try walk.number(a, frames)
            let below = try walk.number(b, frames)
            let all = try walk.number(n, frames)
            return spread(value.state) { index in
                netShare(
                    above.numbers.double(index), below.numbers.double(index),
                    all.numbers.double(index)
                ).map { ($0.0 * factor, $0.1 * factor) }
            }
        }
        if let (a, b) = node.quotient, isCount(a), isCount(b) {
            let part = try walk.number(a, frames)
            let whole = try walk.number(b, frames)
            return spread(value.state) { index in
                Self.wilson(part.numbers.double(index), whole.numbers.double(index)).map {
                    ($0.0 * factor, $0.1 * factor)
                }
            }
        }
        guard case .measure(let use) = node else { return nil }
        let measure = walk.evaluator.workspace.measure(use)
        guard measure.entity == nil else { return nil }
        switch measure.aggregate.kind {
        case .mean: return mean(use, frames, value)
        case .median:
            let low = leaf(use, .low, frames)
            return Bounds(low: low, high: leaf(use, .high, frames))
        default: return nil
        }
    }

    private func leaf(_ use: MeasureUse, _ part: LeafPart, _ frames: [Frame]) -> Vector {
        walk.leaf(use, part, frames)
    }

    /// A count, or a sum of counts.
    private func isCount(_ node: FormulaNode) -> Bool {
        switch node {
        case .measure(let use):
            let measure = walk.evaluator.workspace.measure(use)
            return measure.unit == .count
                && [.count, .distinct].contains(measure.aggregate.kind)
        case .binary(.add, let a, let b): return isCount(a) && isCount(b)
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            return isCount(inner)
        default: return false
        }
    }

    /// `a ÷ n − b ÷ n` or `(a − b) ÷ n`, also followed by `× 100%` or `× 100`.
    private static func netShares(
        _ node: FormulaNode
    ) -> (above: FormulaNode, below: FormulaNode, all: FormulaNode)? {
        switch node {
        case .binary(
            .subtract, .binary(.divide, let a, let n), .binary(.divide, let b, let m))
        where n == m:
            (a, b, n)
        case .binary(.divide, .binary(.subtract, let a, let b), let n): (a, b, n)
        case .binary(.multiply, let inner, .number(let factor))
        where factor == ExactDecimal(1) || factor == ExactDecimal(100):
            netShares(inner)
        default: nil
        }
    }

    // MARK: Formulas

    /// Wilson's score interval of a proportion; nil where it is none.
    static func wilson(_ part: Double, _ whole: Double) -> (Double, Double)? {
        guard whole > 0, part >= 0, part <= whole else { return nil }
        let p = part / whole
        let z2 = z * z
        let centre = p + z2 / (2 * whole)
        let margin = z * (p * (1 - p) / whole + z2 / (4 * whole * whole)).squareRoot()
        let scale = 1 + z2 / whole
        let low = part == 0 ? 0 : (centre - margin) / scale
        let high = part == whole ? 1 : (centre + margin) / scale
        return (low, high)
    }

    private func netShare(_ above: Double, _ below: Double, _ all: Double) -> (Double, Double)? {
        guard all > 0, above >= 0, below >= 0, above + below <= all else { return nil }
        let n = all + 3
        let p = (above + 0.75) / n
        let d = (below + 0.75) / n
        let margin = Self.z * ((p + d - (p - d) * (p - d)) / n).squareRoot()
        return (max(-1, p - d - margin), min(1, p - d + margin))
    }

    private func mean(_ use: MeasureUse, _ frames: [Frame], _ value: Vector) -> Bounds {
        let sums = leaf(use, .sum, frames)
        let squares = leaf(use, .squares, frames)
        let counts = leaf(use, .count, frames)
        var quantiles: [Double: Double] = [:]
        return spread(value.state) { index in
            let n = counts.numbers.double(index)
            guard n >= 2 else { return nil }
            let sum = sums.numbers.double(index)
            let variance = max(0, squares.numbers.double(index) - sum * sum / n) / (n - 1)
            let t = quantiles[n] ?? StudentT.quantile95(n - 1)
            quantiles[n] = t
            let margin = t * (variance / n).squareRoot()
            return (sum / n - margin, sum / n + margin)
        }
    }

    private func spread(
        _ state: [CellState], _ bounds: (Int) -> (Double, Double)?
    ) -> Bounds {
        var low = [Double](repeating: 0, count: state.count)
        var high = low
        var states = state
        for index in state.indices where state[index].hasValue {
            if let (a, b) = bounds(index) {
                low[index] = a
                high[index] = b
            } else {
                states[index] = .notApplicable
            }
        }
        return Bounds(
            low: Vector(numbers: .double(low), state: states),
            high: Vector(numbers: .double(high), state: states))
    }
}
