/// What a number counts: a ratio, a count, money, time, a score, or a quotient of these.
package struct Unit: Sendable, Hashable {
    package enum Base: Sendable, Hashable, Comparable {
        case count
        case currency(String)
        /// Seconds in a cell, microseconds inside the engine.
        case duration
        case score
    }

    /// Sorted; nothing stands on both sides.
    package private(set) var numerator: [Base]
    package private(set) var denominator: [Base]

    private init(numerator: [Base], denominator: [Base]) {
        self.numerator = numerator
        self.denominator = denominator
    }

    package static let ratio = Unit(numerator: [], denominator: [])
    package static let count = Unit(.count)
    package static let duration = Unit(.duration)
    package static let score = Unit(.score)
    package static func currency(_ code: String) -> Unit { Unit(.currency(code)) }

    package init(_ base: Base) { self.init(numerator: [base], denominator: []) }

    package static func * (a: Unit, b: Unit) -> Unit {
        reduce(a.numerator + b.numerator, a.denominator + b.denominator)
    }

    /// A divisor that is a plain count leaves the unit of the dividend: an average keeps its unit.
    package static func / (a: Unit, b: Unit) -> Unit {
        if b == .count, a != .count { return a }
        return reduce(a.numerator + b.denominator, a.denominator + b.numerator)
    }

    private static func reduce(_ numerator: [Base], _ denominator: [Base]) -> Unit {
        var rest = denominator
        var kept: [Base] = []
        for base in numerator {
            if let index = rest.firstIndex(of: base) {
                rest.remove(at: index)
            } else {
                kept.append(base)
            }
        }
        return Unit(numerator: kept.sorted(), denominator: rest.sorted())
    }

    package var currencies: Set<String> {
        Set(
            (numerator + denominator).compactMap { base in
                if case .currency(let code) = base { code } else { nil }
            })
    }

    /// Powers of microseconds in the stored value, which a cell shows in seconds.
    package var durationPower: Int {
        numerator.count { $0 == .duration } - denominator.count { $0 == .duration }
    }
}

extension Unit: CustomStringConvertible {
    /// As in the `unit` column: `ratio`, `count`, `s`, `CNY`, `count/s`.
    package var description: String {
        func text(_ bases: [Base]) -> String {
            bases.map { base in
                switch base {
                case .count: "count"
                case .currency(let code): code
                case .duration: "s"
                case .score: "score"
                }
            }.joined(separator: "*")
        }
        if numerator.isEmpty, denominator.isEmpty { return "ratio" }
        let top = numerator.isEmpty ? "1" : text(numerator)
        return denominator.isEmpty ? top : "\(top)/\(text(denominator))"
    }
}
