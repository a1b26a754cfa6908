/// One column of a table: a name, values of one type, and which of them are present.
///
/// Values stand in one array per type, so that arithmetic runs over contiguous memory. A missing
/// value keeps its place with an arbitrary payload; only `validity` says that it is missing.
package struct Column: Sendable, Equatable {
    package var name: String
    package var values: Values
    /// `nil` when every value is present, else one flag for each row.
    package var validity: [Bool]?

    package init(name: String, values: Values, validity: [Bool]? = nil) {
        self.name = name
        self.values = values
        self.validity = validity
    }

    package enum Values: Sendable, Equatable {
        case int64([Int64])
        case uint64([UInt64])
        /// Exact decimals: value = mantissa ÷ 10^scale.
        case decimal([Int128], scale: Int)
        case double([Double])
        case bool([Bool])
        case text([String])
        case binary([[UInt8]])
        /// Days since 1970-01-01.
        case date([Int32])
        /// Microseconds since midnight.
        case time([Int64])
        /// Microseconds since 1970-01-01T00:00, in UTC when `zone` is given, else local and naive.
        case timestamp([Int64], zone: String?)
        case interval([CalendarInterval])
        /// A column of a type that holds nothing but missing values.
        case null(count: Int)
    }

    package var count: Int {
        switch values {
        case .int64(let a), .time(let a), .timestamp(let a, _): a.count
        case .uint64(let a): a.count
        case .decimal(let a, _): a.count
        case .double(let a): a.count
        case .bool(let a): a.count
        case .text(let a): a.count
        case .binary(let a): a.count
        case .date(let a): a.count
        case .interval(let a): a.count
        case .null(let count): count
        }
    }

    /// Whether row `row` holds a value.
    package func isValid(_ row: Int) -> Bool {
        if case .null = values { return false }
        return validity?[row] ?? true
    }

    /// The value at `row` as a scalar; `.null` where it is missing. O(1).
    package subscript(row: Int) -> Scalar {
        guard isValid(row) else { return .null }
        switch values {
        case .int64(let a): return .integer(a[row])
        case .uint64(let a):
            return Int64(exactly: a[row]).map(Scalar.integer)
                ?? .decimal(ExactDecimal(mantissa: Int128(a[row]), scale: 0))
        case .decimal(let a, let scale):
            return .decimal(ExactDecimal(mantissa: a[row], scale: scale))
        case .double(let a): return .double(a[row])
        case .bool(let a): return .bool(a[row])
        case .text(let a): return .text(a[row])
        case .binary(let a): return .binary(a[row])
        case .date(let a): return .date(a[row])
        case .time(let a): return .time(a[row])
        case .timestamp(let a, let zone): return .timestamp(a[row], utc: zone != nil)
        case .interval(let a): return .interval(a[row])
        case .null: return .null
        }
    }
}

/// A span of the calendar in its three independent parts.
package struct CalendarInterval: Sendable, Hashable {
    package var months: Int32
    package var days: Int32
    /// Nanoseconds beside the months and days.
    package var nanoseconds: Int64

    package init(months: Int32, days: Int32, nanoseconds: Int64) {
        self.months = months
        self.days = days
        self.nanoseconds = nanoseconds
    }
}
