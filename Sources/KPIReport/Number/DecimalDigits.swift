import KPICore

/// A number as its decimal digits: the digits read as an integer, divided by 10^scale.
///
/// Exact for every kind of number, so that writing and rounding need no arithmetic on doubles. A double is taken as the
/// shortest digits that read back as the same double.
struct DecimalDigits {
    private(set) var isNegative: Bool
    /// Most significant first, without leading zeros, as ASCII; empty for 0.
    private(set) var digits: InlineArray<40, UInt8>
    private(set) var count: Int
    /// Digits after the point; negative for zeros to be added before it.
    private(set) var scale: Int

    private static let zero = UInt8(ascii: "0")

    /// The digits of `mantissa ÷ 10^scale`.
    init(mantissa: Int128, scale: Int) {
        self.init(isNegative: mantissa < 0, scale: mantissa == 0 ? 0 : scale)
        guard mantissa != 0 else { return }
        let magnitude = mantissa.magnitude
        if magnitude <= UInt128(UInt64.max) {
            fill(UInt64(magnitude), width: 0)
        } else {
            let (high, low) = magnitude.quotientAndRemainder(dividingBy: Self.tenTo19)
            let (top, middle) = high.quotientAndRemainder(dividingBy: Self.tenTo19)
            if top > 0 { fill(UInt64(top), width: 0) }
            fill(UInt64(middle), width: top > 0 ? 19 : 0)
            fill(UInt64(low), width: 19)
        }
        dropTrailingZeros()
    }

    /// The digits of a whole number.
    init(_ integer: Int64) {
        self.init(isNegative: integer < 0, scale: 0)
        if integer != 0 { fill(integer.magnitude, width: 0) }
    }

    /// The shortest digits that read back as the same double; nil for infinity and NaN.
    init?(_ double: Double) {
        guard double.isFinite else { return nil }
        if double.magnitude < 9_007_199_254_740_992, let integer = Int64(exactly: double) {
            self.init(integer)
            return
        }
        self.init(isNegative: double < 0, scale: 0)
        var text = double.magnitude.description
        text.withUTF8 { read($0) }
        dropTrailingZeros()
    }

    private static let tenTo19: UInt128 = 10_000_000_000_000_000_000

    private init(isNegative: Bool, scale: Int) {
        self.isNegative = isNegative
        self.scale = scale
        digits = InlineArray(repeating: Self.zero)
        count = 0
    }

    /// Appends the digits of a number, with zeros in front to at least `width` of them.
    private mutating func fill(_ number: UInt64, width: Int) {
        var length = 0
        var rest = number
        while rest > 0 {
            rest /= 10
            length += 1
        }
        count += max(length, width)
        rest = number
        var position = count
        while rest > 0 {
            position -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits[position] = Self.zero + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
    }

    /// Reads what the standard library writes: `0.001`, `12.5`, `1.5e-07`.
    private mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var seenPoint = false
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "."): seenPoint = true
            case UInt8(ascii: "e"):
                scale -= Self.exponent(text[(index + 1)...])
                return
            default:
                if seenPoint { scale += 1 }
                guard count > 0 || byte != Self.zero else { continue }
                digits[count] = byte
                count += 1
            }
        }
    }

    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        let magnitude = text.reduce(0) { sum, byte in
            byte >= zero ? sum * 10 + Int(byte - zero) : sum
        }
        return text.first == UInt8(ascii: "-") ? -magnitude : magnitude
    }

    private mutating func dropTrailingZeros() {
        while scale > 0, count > 0, digits[count - 1] == Self.zero {
            count -= 1
            scale -= 1
        }
        if count == 0 { (scale, isNegative) = (0, false) }
    }
}

extension DecimalDigits {
    /// The same number times 10^exponent.
    func shifted(by exponent: Int) -> DecimalDigits {
        var result = self
        if count > 0 { result.scale -= exponent }
        result.dropTrailingZeros()
        return result
    }

    /// Rounded half away from zero to at most `places` digits after the point.
    func rounded(to places: Int) -> DecimalDigits {
        guard scale > places else { return self }
        var result = self
        let kept = count - (scale - places)
        let roundsUp = kept >= 0 && digits[kept] >= UInt8(ascii: "5")
        result.count = max(kept, 0)
        result.scale = places
        if roundsUp { result.increment() }
        result.dropTrailingZeros()
        return result
    }

    /// Adds one to the last digit kept.
    private mutating func increment() {
        var position = count
        while position > 0 {
            position -= 1
            if digits[position] != UInt8(ascii: "9") {
                digits[position] += 1
                return
            }
            digits[position] = Self.zero
        }
        // All nines (or nothing kept): one digit more, the rest are zeros.
        digits[0] = UInt8(ascii: "1")
        if count > 0 { digits[count] = Self.zero }
        count += 1
    }

    /// Position of the first significant digit: 0 for 1…9.99, −1 for 0.1…0.99; 0 for zero.
    var magnitude: Int { count == 0 ? 0 : count - scale - 1 }
}

extension DecimalDigits {
    /// Digits with one `.` where needed, never an exponent. O(digits).
    func write(to bytes: inout [UInt8]) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        let whole = count - scale
        if whole <= 0 {
            bytes.append(Self.zero)
        } else {
            append(0..<min(whole, count), to: &bytes)
            for _ in 0..<max(0, -scale) { bytes.append(Self.zero) }
        }
        guard scale > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        for _ in 0..<max(0, -whole) { bytes.append(Self.zero) }
        append(max(0, whole)..<count, to: &bytes)
    }

    private func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        digits.span.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// The same text with `,` between thousands and at least `places` digits after the point.
    func grouped(places: Int = 0) -> String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        let parts = String(decoding: bytes, as: UTF8.self)
            .split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        let filled = fraction + String(repeating: "0", count: max(0, places - fraction.count))
        return Self.thousands(parts[0]) + (filled.isEmpty ? "" : "." + filled)
    }

    private static func thousands(_ whole: Substring) -> String {
        let digits = Array(whole.drop { $0 == "-" })
        var result = whole.hasPrefix("-") ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }
}

extension DecimalDigits {
    /// The digits of a number; nil for anything else, also for infinity and NaN.
    init?(_ scalar: Scalar) {
        switch scalar {
        case .integer(let number): self.init(number)
        case .decimal(let number): self.init(mantissa: number.mantissa, scale: number.scale)
        case .double(let number): self.init(number)
        default: return nil
        }
    }
}
