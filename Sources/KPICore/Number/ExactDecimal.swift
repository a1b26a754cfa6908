/// An exact decimal number: `mantissa ÷ 10^scale`, with up to 38 digits.
///
/// Money and durations are kept in it from load to cell, so that sums are the same in any order.
package struct ExactDecimal: Sendable {
    package let mantissa: Int128
    package let scale: Int

    package init(mantissa: Int128, scale: Int) {
        self.mantissa = mantissa
        self.scale = scale
    }

    package init(_ integer: Int64) {
        self.init(mantissa: Int128(integer), scale: 0)
    }

    /// Reads digits with an optional sign and one `.`; nil for anything else, for more than 38
    /// digits (leading zeros aside) and for more than 38 places.
    package init?(_ text: some StringProtocol) {
        var mantissa: Int128 = 0
        var scale: Int?
        var digits = 0
        var isNegative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: "+") where index == 0: continue
            case UInt8(ascii: ".") where scale == nil: scale = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (times, overflow) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, carry) = times.addingReportingOverflow(Int128(byte - 48))
                if overflow || carry { return nil }
                mantissa = sum
                digits += 1
                scale = scale.map { $0 + 1 }
            default: return nil
            }
        }
        guard digits > 0, mantissa < Self.powers[38], scale ?? 0 <= 38 else { return nil }
        self.init(mantissa: isNegative ? -mantissa : mantissa, scale: scale ?? 0)
    }

    /// 10^exponent for 0...38, else nil.
    package static func powerOfTen(_ exponent: Int) -> Int128? {
        guard (0...38).contains(exponent) else { return nil }
        return powers[exponent]
    }

    private static let powers: [Int128] = (0..<38).reduce(into: [1]) { powers, _ in
        powers.append(powers[powers.count - 1] * 10)
    }

    /// The same number at a larger scale; nil when it does not fit.
    package func rescaled(to newScale: Int) -> ExactDecimal? {
        guard newScale > scale else { return newScale == scale ? self : nil }
        if mantissa == 0 { return ExactDecimal(mantissa: 0, scale: newScale) }
        guard let power = Self.powerOfTen(newScale - scale) else { return nil }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: power)
        return overflow ? nil : ExactDecimal(mantissa: product, scale: newScale)
    }

    /// The nearest double. Exact for mantissas and scales that doubles hold exactly.
    package var doubleValue: Double {
        Self.double(mantissa, scale: scale)
    }

    /// `mantissa ÷ 10^scale`, correctly rounded while both fit a double exactly (2^53, 10^22).
    package static func double(_ mantissa: Int128, scale: Int) -> Double {
        // Int64 converts in one instruction, Int128 by generic code.
        let small = Int64(truncatingIfNeeded: mantissa)
        if Int128(small) == mantissa {
            if scale == 0 { return Double(small) }
            if small.magnitude <= 1 << 53, scale <= 22 {
                return Double(small) / doublePowers[scale]
            }
        }
        if scale == 0 { return Double(mantissa) }
        return Double(ExactDecimal(mantissa: mantissa, scale: scale).description) ?? .nan
    }

    private static let doublePowers: [Double] = (0...22).map { exponent in
        Double(powers[exponent])
    }

    /// The same number without trailing zeros after the point.
    package var trimmed: ExactDecimal {
        var mantissa = mantissa
        var scale = scale
        while scale > 0, mantissa % 10 == 0 {
            mantissa /= 10
            scale -= 1
        }
        return ExactDecimal(mantissa: mantissa, scale: scale)
    }
}

extension ExactDecimal: Hashable, Comparable {
    package static func == (a: Self, b: Self) -> Bool {
        let (x, y) = (a.trimmed, b.trimmed)
        return x.mantissa == y.mantissa && x.scale == y.scale
    }

    package func hash(into hasher: inout Hasher) {
        let canonical = trimmed
        hasher.combine(canonical.mantissa)
        hasher.combine(canonical.scale)
    }

    package static func < (a: Self, b: Self) -> Bool {
        if a.scale > b.scale { return b.isGreater(thanFiner: a) }
        // Without room for the finer scale, a is the larger in magnitude: its sign decides.
        guard let x = a.rescaled(to: b.scale) else { return a.mantissa < 0 }
        return x.mantissa < b.mantissa
    }

    /// Whether this is greater than a number with more places.
    private func isGreater(thanFiner other: ExactDecimal) -> Bool {
        guard let same = rescaled(to: other.scale) else { return mantissa > 0 }
        return same.mantissa > other.mantissa
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// Digits with `.`, all `scale` places, no exponent: `-0.50`.
    package var description: String {
        let digits = String(mantissa.magnitude)
        let sign = mantissa < 0 ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        let point = padded.index(padded.endIndex, offsetBy: -scale)
        return sign + padded[..<point] + "." + padded[point...]
    }
}
