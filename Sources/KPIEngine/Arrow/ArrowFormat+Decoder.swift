import KPICore

extension ArrowFormat {
    /// A decoder for columns of this type.
    var decoder: any ValueDecoder {
        switch self {
        case .null: NullDecoder()
        case .bool: BoolDecoder()
        case .bool8:
            ConvertingDecoder(filler: false, { (flag: Int8) in flag != 0 }, wrap: { .bool($0) })
        case .wideInteger(isSigned: true): VerbatimDecoder<Int128> { .decimal($0, scale: 0) }
        case .wideInteger(isSigned: false):
            ConvertingDecoder(
                filler: 0, { (value: UInt128) in Int128(exactly: value) },
                wrap: { .decimal($0, scale: 0) })
        case .integer(let bits, let isSigned): Self.integers(bits: bits, isSigned: isSigned)
        case .float(let bits): Self.floats(bits: bits)
        case .text(let layout): BytesDecoder.text(layout)
        case .binary(let layout): BytesDecoder.binary(layout)
        case .fixedBinary(let width):
            FixedBytesDecoder(width: width, { [UInt8]($0) }, wrap: { .binary($0) })
        case .uuid: FixedBytesDecoder(width: 16, Self.uuidText, wrap: { .text($0) })
        case .decimal(let bits, let scale): Self.decimals(bits: bits, scale: scale)
        case .date32: VerbatimDecoder<Int32> { .date($0) }
        case .date64: Self.datesInMilliseconds
        case .time(let unit): Self.times(unit)
        case .timestamp(let unit, let zone): Self.timestamps(unit, zone: zone)
        case .duration(let unit): Self.durations(unit)
        case .monthInterval, .dayTimeInterval, .monthDayNanoInterval: intervals
        }
    }

    private static func integers(bits: Int, isSigned: Bool) -> any ValueDecoder {
        func widening<Source: FixedWidthInteger & BitwiseCopyable>(
            _: Source.Type
        ) -> any ValueDecoder {
            ConvertingDecoder(filler: 0, { (value: Source) in Int64(value) }, wrap: { .int64($0) })
        }
        switch (bits, isSigned) {
        case (8, true): return widening(Int8.self)
        case (8, false): return widening(UInt8.self)
        case (16, true): return widening(Int16.self)
        case (16, false): return widening(UInt16.self)
        case (32, true): return widening(Int32.self)
        case (32, false): return widening(UInt32.self)
        case (64, true): return VerbatimDecoder<Int64> { .int64($0) }
        default: return VerbatimDecoder<UInt64> { .uint64($0) }
        }
    }

    private static func floats(bits: Int) -> any ValueDecoder {
        switch bits {
        case 16:
            ConvertingDecoder(
                filler: 0, { (value: Float16) in Double(value) }, wrap: { .double($0) })
        case 32:
            ConvertingDecoder(filler: 0, { (value: Float) in Double(value) }, wrap: { .double($0) })
        default: VerbatimDecoder<Double> { .double($0) }
        }
    }

    /// The usual spelling: lower case, five groups.
    private static func uuidText(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Mantissas stay as they are; a negative scale is multiplied out.
    private static func decimals(bits: Int, scale: Int) -> any ValueDecoder {
        func mantissas<Source: BitwiseCopyable>(
            _ read: @escaping (Source) -> Int128?
        ) -> any ValueDecoder {
            guard scale < 0 else {
                return ConvertingDecoder(
                    filler: 0, read, wrap: { .decimal($0, scale: scale) })
            }
            let power = ExactDecimal.powerOfTen(-scale)
            return ConvertingDecoder(
                filler: 0,
                { (value: Source) in
                    guard let mantissa = read(value), let power else { return nil }
                    let (product, overflow) = mantissa.multipliedReportingOverflow(by: power)
                    return overflow ? nil : product
                }, wrap: { .decimal($0, scale: 0) })
        }
        switch bits {
        case 32: return mantissas { (value: Int32) in Int128(value) }
        case 64: return mantissas { (value: Int64) in Int128(value) }
        case 256: return mantissas { (value: WideInteger) in value.narrowed }
        default:
            if scale >= 0 { return VerbatimDecoder<Int128> { .decimal($0, scale: scale) } }
            return mantissas { (value: Int128) in value }
        }
    }

    /// Milliseconds of whole days.
    private static var datesInMilliseconds: any ValueDecoder {
        ConvertingDecoder(
            filler: 0,
            { (milliseconds: Int64) in
                let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
                return Int32(exactly: rest < 0 ? days - 1 : days)
            }, wrap: { .date($0) })
    }

    /// Seconds and milliseconds are 32 bits wide, the finer units 64.
    private static func times(_ unit: TimeUnit) -> any ValueDecoder {
        switch unit {
        case .microseconds: VerbatimDecoder<Int64> { .time($0) }
        case .nanoseconds:
            ConvertingDecoder(
                filler: 0, { (time: Int64) in unit.microseconds(time) }, wrap: { .time($0) })
        case .seconds, .milliseconds:
            ConvertingDecoder(
                filler: 0, { (time: Int32) in unit.microseconds(Int64(time)) },
                wrap: { .time($0) })
        }
    }

    private static func timestamps(_ unit: TimeUnit, zone: String?) -> any ValueDecoder {
        if unit == .microseconds { return VerbatimDecoder<Int64> { .timestamp($0, zone: zone) } }
        return ConvertingDecoder(
            filler: 0, { (instant: Int64) in unit.microseconds(instant) },
            wrap: { .timestamp($0, zone: zone) })
    }

    /// A length of time is an interval without months and days.
    private static func durations(_ unit: TimeUnit) -> any ValueDecoder {
        ConvertingDecoder(
            filler: CalendarInterval(months: 0, days: 0, nanoseconds: 0),
            { (count: Int64) in
                let (product, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
                if overflow { return nil }
                return CalendarInterval(months: 0, days: 0, nanoseconds: product)
            }, wrap: { .interval($0) })
    }

    private var intervals: any ValueDecoder {
        func decoder<Source: BitwiseCopyable>(
            _ convert: @escaping (Source) -> CalendarInterval
        ) -> any ValueDecoder {
            ConvertingDecoder(
                filler: CalendarInterval(months: 0, days: 0, nanoseconds: 0), convert,
                wrap: { .interval($0) })
        }
        switch self {
        case .monthInterval:
            return decoder { (months: Int32) in
                CalendarInterval(months: months, days: 0, nanoseconds: 0)
            }
        case .dayTimeInterval:
            return decoder { (part: DayTime) in
                CalendarInterval(
                    months: 0, days: part.days, nanoseconds: Int64(part.milliseconds) * 1_000_000)
            }
        default:
            return decoder { (part: MonthDayNano) in
                CalendarInterval(
                    months: part.months, days: part.days, nanoseconds: part.nanoseconds)
            }
        }
    }
}

private struct DayTime: BitwiseCopyable {
    let days: Int32
    let milliseconds: Int32
}

/// Arrow's calendar interval as it stands in memory, 16 bytes.
struct MonthDayNano: BitwiseCopyable {
    let months: Int32
    let days: Int32
    let nanoseconds: Int64
}

/// A 256-bit integer, low word first.
private struct WideInteger: BitwiseCopyable {
    let low: UInt128
    let high: Int128

    /// The same number in 128 bits; nil when it does not fit.
    var narrowed: Int128? {
        let narrow = Int128(truncatingIfNeeded: low)
        return high == (narrow < 0 ? -1 : 0) ? narrow : nil
    }
}
