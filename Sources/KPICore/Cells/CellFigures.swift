/// The numbers of one cell by themselves; `.null` where it has none.
package struct CellFigures: Sendable, Equatable {
    package var value: Scalar
    package var numerator: Scalar
    package var denominator: Scalar
    package var n: Scalar
    package var open: Scalar
    package var state: CellState

    package init(
        value: Scalar, numerator: Scalar = .null, denominator: Scalar = .null, n: Scalar = .null,
        open: Scalar = .null, state: CellState
    ) {
        self.value = value
        self.numerator = numerator
        self.denominator = denominator
        self.n = n
        self.open = open
        self.state = state
    }

    /// Value, numerator, denominator, n, open.
    package var numbers: [Scalar] { [value, numerator, denominator, n, open] }

    /// Whether both say the same: exact numbers exactly, doubles to a relative 1e-9.
    package func isSame(as other: CellFigures) -> Bool {
        state == other.state && zip(numbers, other.numbers).allSatisfy { $0.isSameNumber(as: $1) }
    }
}

extension CellBlock {
    /// One cell's numbers. O(1).
    package func figures(at cell: Int) -> CellFigures {
        CellFigures(
            value: state[cell].hasValue ? value[cell] : .null,
            numerator: numerator?[cell] ?? .null, denominator: denominator?[cell] ?? .null,
            n: n?[cell] ?? .null, open: open?[cell] ?? .null, state: state[cell])
    }
}

extension CellState {
    /// The state that an answer shows by these words; nil for other words.
    package init?(status: String, reason: String) {
        let found = Self.allCases.first { $0.status == status && $0.reason == reason }
        guard let found else { return nil }
        self = found
    }
}

extension Scalar {
    /// A whole or decimal number; nil for doubles and everything else.
    package var exactNumber: ExactDecimal? {
        switch self {
        case .integer(let value): ExactDecimal(value)
        case .decimal(let value): value
        default: nil
        }
    }

    /// Whether two numbers are the same: exact ones exactly, doubles to a relative 1e-9.
    package func isSameNumber(as other: Scalar) -> Bool {
        if let a = exactNumber, let b = other.exactNumber { return a == b }
        guard let a = anyNumber, let b = other.anyNumber else { return isNull && other.isNull }
        return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b)) || a.isNaN && b.isNaN
    }

    private var anyNumber: Double? {
        if case .double(let value) = self { value } else { exactNumber?.doubleValue }
    }
}
