/// What a number counts: a ratio, a count, money, time, a score, or a quotient of these.
package struct Unit: Sendable, Hashable {
    package enum Base: Sendable, Hashable, Comparable {
        case count
        case currency(String)
        /// Seconds in a cell, microseconds inside the engine.
        case duration
        /// With its declared scale such as `1..5`; empty where none is declared.
        case score(String)
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
    package static let score = Unit(.score(""))
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

    /// Whether time is in it.
    package var hasDuration: Bool { (numerator + denominator).contains(.duration) }

    package var currencies: Set<String> {
        Set(
            (numerator + denominator).compactMap { base in
                if case .currency(let code) = base { code } else { nil }
            })
    }

    /// Whether values of both may be added and compared: equal units, or scores of which one has no
    /// declared scale.
    package func isLike(_ other: Unit) -> Bool {
        self == other
            || withoutScales == other.withoutScales && (hasOpenScale || other.hasOpenScale)
    }

    private var withoutScales: Unit {
        func plain(_ bases: [Base]) -> [Base] {
            bases.map { if case .score = $0 { .score("") } else { $0 } }
        }
        return Unit(numerator: plain(numerator), denominator: plain(denominator))
    }

    private var hasOpenScale: Bool { (numerator + denominator).contains(.score("")) }

    /// As a card writes it: `score[1..5]` where the column shows `score`.
    package var definition: String {
        if numerator.count == 1, denominator.isEmpty, case .score(let scale)? = numerator.first,
            !scale.isEmpty
        {
            return "score[\(scale)]"
        }
        return description
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

extension Unit {
    /// The unit that `description` wrote, without the scale of a score; nil for anything else.
    package init?(named text: String) {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count <= 2, let top = Self.bases(sides[0]) else { return nil }
        guard let bottom = sides.count == 2 ? Self.bases(sides[1]) : [] else { return nil }
        self.init(numerator: top, denominator: bottom)
    }

    private static func bases(_ text: Substring) -> [Base]? {
        if text == "ratio" || text == "1" { return [] }
        let names = text.split(separator: "*", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
        return names.map { name in
            switch name {
            case "count": .count
            case "s": .duration
            case "score": .score("")
            default: .currency(String(name))
            }
        }
    }
}
