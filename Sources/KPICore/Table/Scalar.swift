/// One value of any type that the product knows: a literal, a bound parameter, a cell of a table.
package enum Scalar: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case decimal(ExactDecimal)
    case double(Double)
    case text(String)
    case binary([UInt8])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since midnight.
    case time(Int64)
    /// Microseconds since 1970-01-01T00:00; in UTC or local and naive.
    case timestamp(Int64, utc: Bool)
    case interval(CalendarInterval)

    package var isNull: Bool { self == .null }
}
