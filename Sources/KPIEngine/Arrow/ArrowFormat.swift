/// The type of an Arrow column, read from its format string.
enum ArrowFormat: Equatable {
    case null
    case bool
    /// One byte for each flag.
    case bool8
    case integer(bits: Int, isSigned: Bool)
    /// 128 bits.
    case wideInteger(isSigned: Bool)
    case float(bits: Int)
    case text(BytesLayout)
    case binary(BytesLayout)
    case fixedBinary(width: Int)
    case uuid
    case decimal(bits: Int, scale: Int)
    case date32
    case date64
    case time(TimeUnit)
    case timestamp(TimeUnit, zone: String?)
    case duration(TimeUnit)
    case monthInterval
    case dayTimeInterval
    case monthDayNanoInterval

    /// How values of varying length are laid out.
    enum BytesLayout { case offsets32, offsets64, views }

    /// The type for a format string, or nil for one that tables do not hold (lists, structs, …).
    init?(_ format: String) {
        if let simple = Self.simple[format] {
            self = simple
        } else if format.hasPrefix("w:"), let width = Int(format.dropFirst(2)), width >= 0 {
            self = .fixedBinary(width: width)
        } else if format.hasPrefix("d:") {
            self.init(decimal: format.dropFirst(2))
        } else if format.hasPrefix("ts"), let colon = format.firstIndex(of: ":") {
            self.init(timestamp: format[..<colon].dropFirst(2), zone: format[colon...].dropFirst())
        } else {
            return nil
        }
    }

    /// `precision,scale[,bits]`.
    private init?(decimal text: Substring) {
        let numbers = text.split(separator: ",").map { Int($0) }
        guard numbers.count == 2 || numbers.count == 3, let scale = numbers[1] else { return nil }
        let bits = numbers.count == 3 ? numbers[2] ?? 0 : 128
        guard [32, 64, 128, 256].contains(bits) else { return nil }
        self = .decimal(bits: bits, scale: scale)
    }

    private init?(timestamp unit: Substring, zone: Substring) {
        guard let unit = TimeUnit(rawValue: String(unit)) else { return nil }
        self = .timestamp(unit, zone: zone.isEmpty ? nil : String(zone))
    }

    private static let simple: [String: ArrowFormat] = [
        "n": .null, "b": .bool,
        "c": .integer(bits: 8, isSigned: true), "C": .integer(bits: 8, isSigned: false),
        "s": .integer(bits: 16, isSigned: true), "S": .integer(bits: 16, isSigned: false),
        "i": .integer(bits: 32, isSigned: true), "I": .integer(bits: 32, isSigned: false),
        "l": .integer(bits: 64, isSigned: true), "L": .integer(bits: 64, isSigned: false),
        "e": .float(bits: 16), "f": .float(bits: 32), "g": .float(bits: 64),
        "u": .text(.offsets32), "U": .text(.offsets64), "vu": .text(.views),
        "z": .binary(.offsets32), "Z": .binary(.offsets64), "vz": .binary(.views),
        "tdD": .date32, "tdm": .date64,
        "tts": .time(.seconds), "ttm": .time(.milliseconds),
        "ttu": .time(.microseconds), "ttn": .time(.nanoseconds),
        "tDs": .duration(.seconds), "tDm": .duration(.milliseconds),
        "tDu": .duration(.microseconds), "tDn": .duration(.nanoseconds),
        "tiM": .monthInterval, "tiD": .dayTimeInterval, "tin": .monthDayNanoInterval,
    ]
}

/// The unit of Arrow's times, timestamps and durations.
enum TimeUnit: String {
    case seconds = "s"
    case milliseconds = "m"
    case microseconds = "u"
    case nanoseconds = "n"

    /// Nanoseconds in one unit.
    var nanoseconds: Int64 {
        switch self {
        case .seconds: 1_000_000_000
        case .milliseconds: 1_000_000
        case .microseconds: 1_000
        case .nanoseconds: 1
        }
    }

    /// A count of this unit in microseconds; nil when it does not fit.
    ///
    /// Nanoseconds go down to the microsecond at or before them. The two values that engines keep
    /// for the infinities stay themselves.
    func microseconds(_ count: Int64) -> Int64? {
        if self == .microseconds || count == .max || count == -.max { return count }
        if self == .nanoseconds {
            let (quotient, remainder) = count.quotientAndRemainder(dividingBy: 1_000)
            return remainder < 0 ? quotient - 1 : quotient
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: nanoseconds / 1_000)
        return overflow ? nil : product
    }
}
