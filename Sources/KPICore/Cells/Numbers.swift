/// Numbers of one kind in one array: counts, exact decimals, or doubles.
package enum Numbers: Sendable, Equatable {
    case integer([Int64])
    /// Value = mantissa ÷ 10^scale.
    case decimal([Int128], scale: Int)
    case double([Double])

    package var count: Int {
        switch self {
        case .integer(let a): a.count
        case .decimal(let a, _): a.count
        case .double(let a): a.count
        }
    }

    /// One number as a scalar. O(1).
    package subscript(index: Int) -> Scalar {
        switch self {
        case .integer(let a): .integer(a[index])
        case .decimal(let a, let scale):
            .decimal(ExactDecimal(mantissa: a[index], scale: scale))
        case .double(let a): .double(a[index])
        }
    }

    /// One number as a double, for display and comparison. O(1).
    package func double(_ index: Int) -> Double {
        switch self {
        case .integer(let a): Double(a[index])
        case .decimal(let a, let scale): ExactDecimal.double(a[index], scale: scale)
        case .double(let a): a[index]
        }
    }
}

extension Numbers {
    /// All numbers as doubles. O(count), without a look at the kind for each.
    package var doubles: [Double] {
        switch self {
        case .integer(let a): a.map { Double($0) }
        case .decimal(let a, let scale): a.map { ExactDecimal.double($0, scale: scale) }
        case .double(let a): a
        }
    }
}

/// Numbers of which some may be missing.
package struct Figures: Sendable, Equatable {
    package var numbers: Numbers
    /// `nil` when all are present.
    package var present: [Bool]?

    package init(_ numbers: Numbers, present: [Bool]? = nil) {
        self.numbers = numbers
        self.present = present
    }

    /// The number at an index, or `.null` where it is missing.
    package subscript(index: Int) -> Scalar {
        if let present, !present[index] { return .null }
        return numbers[index]
    }
}
