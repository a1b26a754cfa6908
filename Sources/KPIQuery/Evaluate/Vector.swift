import KPICore
import KPIFormula

/// One number for each cell with its state. Where the state has no value the number is arbitrary.
struct Vector {
    var numbers: Numbers
    var state: [CellState]

    var count: Int { state.count }

    static func constant(_ value: ExactDecimal, count: Int) -> Vector {
        Vector(
            numbers: .decimal(
                [Int128](repeating: value.mantissa, count: count), scale: value.scale),
            state: [CellState](repeating: .final, count: count))
    }

    static func missing(_ reason: CellState, count: Int) -> Vector {
        Vector(
            numbers: .integer([Int64](repeating: 0, count: count)),
            state: [CellState](repeating: reason, count: count))
    }

    var figures: Figures {
        let worst = state.max() ?? .final
        return Figures(numbers, present: worst.hasValue ? nil : state.map { $0.hasValue })
    }
}

/// True or false for each cell, with its state.
struct Truth {
    var values: [Bool]
    var state: [CellState]
}

/// A number that does not fit 38 digits.
struct Overflow: Error {}

/// Arithmetic on aligned vectors: exact for sums, differences and products of exact numbers.
enum Arithmetic {
    static func worst(_ a: [CellState], _ b: [CellState]) -> [CellState] {
        if a == b { return a }
        var result = a
        for index in result.indices where b[index] > result[index] { result[index] = b[index] }
        return result
    }

    static func apply(
        _ operation: BinaryOperator, _ a: Vector, _ b: Vector
    ) throws(Overflow) -> Vector {
        if operation == .divide { return divide(a, b) }
        let state = worst(a.state, b.state)
        if let numbers = integers(operation, a.numbers, b.numbers) {
            return Vector(numbers: numbers, state: state)
        }
        if case .double = a.numbers { return doubles(operation, a, b, state) }
        if case .double = b.numbers { return doubles(operation, a, b, state) }
        return Vector(numbers: try decimals(operation, a, b, state), state: state)
    }

    /// Whole numbers without overflow; nil when either is no whole number, or some result is too
    /// large.
    private static func integers(
        _ operation: BinaryOperator, _ a: Numbers, _ b: Numbers
    ) -> Numbers? {
        guard case .integer(let x) = a, case .integer(let y) = b else { return nil }
        var result = [Int64](repeating: 0, count: x.count)
        for index in x.indices {
            let (value, overflow) =
                switch operation {
                case .add: x[index].addingReportingOverflow(y[index])
                case .subtract: x[index].subtractingReportingOverflow(y[index])
                default: x[index].multipliedReportingOverflow(by: y[index])
                }
            if overflow { return nil }
            result[index] = value
        }
        return .integer(result)
    }

    private static func doubles(
        _ operation: BinaryOperator, _ a: Vector, _ b: Vector, _ state: [CellState]
    ) -> Vector {
        var result = [Double](repeating: 0, count: a.count)
        for index in result.indices where state[index].hasValue {
            let (x, y) = (a.numbers.double(index), b.numbers.double(index))
            switch operation {
            case .add: result[index] = x + y
            case .subtract: result[index] = x - y
            default: result[index] = x * y
            }
        }
        return Vector(numbers: .double(result), state: state)
    }

    private static func decimals(
        _ operation: BinaryOperator, _ a: Vector, _ b: Vector, _ state: [CellState]
    ) throws(Overflow) -> Numbers {
        let (x, xScale) = mantissas(a.numbers)
        let (y, yScale) = mantissas(b.numbers)
        var result = [Int128](repeating: 0, count: x.count)
        let isProduct = operation == .multiply
        let scale = isProduct ? xScale + yScale : max(xScale, yScale)
        guard scale <= 38, let xFactor = ExactDecimal.powerOfTen(isProduct ? 0 : scale - xScale),
            let yFactor = ExactDecimal.powerOfTen(isProduct ? 0 : scale - yScale)
        else { throw Overflow() }
        for index in x.indices where state[index].hasValue {
            let (left, o1) = x[index].multipliedReportingOverflow(by: xFactor)
            let (right, o2) = y[index].multipliedReportingOverflow(by: yFactor)
            let (value, o3) =
                switch operation {
                case .add: left.addingReportingOverflow(right)
                case .subtract: left.subtractingReportingOverflow(right)
                default: left.multipliedReportingOverflow(by: right)
                }
            if o1 || o2 || o3 { throw Overflow() }
            result[index] = value
        }
        return .decimal(result, scale: scale)
    }

    /// Exact numbers as mantissas with one scale.
    static func mantissas(_ numbers: Numbers) -> ([Int128], scale: Int) {
        switch numbers {
        case .integer(let a): (a.map { Int128($0) }, 0)
        case .decimal(let a, let scale): (a, scale)
        case .double: preconditionFailure("doubles are no exact numbers")
        }
    }

    /// A quotient is a double; a divisor of 0 gives none.
    private static func divide(_ a: Vector, _ b: Vector) -> Vector {
        var state = worst(a.state, b.state)
        var result = a.numbers.doubles
        let divisors = b.numbers.doubles
        for index in result.indices {
            if divisors[index] != 0 {
                result[index] /= divisors[index]
            } else {
                result[index] = 0
                if state[index].hasValue { state[index] = .zeroDenominator }
            }
        }
        return Vector(numbers: .double(result), state: state)
    }

    static func negate(_ a: Vector) -> Vector {
        var result = a
        switch a.numbers {
        case .integer(let values): result.numbers = .integer(values.map { 0 &- $0 })
        case .decimal(let values, let scale):
            result.numbers = .decimal(values.map { 0 &- $0 }, scale: scale)
        case .double(let values): result.numbers = .double(values.map { -$0 })
        }
        return result
    }

    /// Whether each pair of scalars satisfies a comparison, exactly where both are exact.
    static func compare(_ operation: BinaryOperator, _ a: Vector, _ b: Vector) -> Truth {
        let state = worst(a.state, b.state)
        var values = [Bool](repeating: false, count: a.count)
        for index in values.indices where state[index].hasValue {
            let order = order(a.numbers, b.numbers, index)
            switch operation {
            case .equal: values[index] = order == 0
            case .notEqual: values[index] = order != 0
            case .less: values[index] = order < 0
            case .lessOrEqual: values[index] = order <= 0
            case .greater: values[index] = order > 0
            default: values[index] = order >= 0
            }
        }
        return Truth(values: values, state: state)
    }

    /// −1, 0 or 1.
    static func order(_ a: Numbers, _ b: Numbers, _ index: Int) -> Int {
        if let x = exact(a, index), let y = exact(b, index) { return x < y ? -1 : x == y ? 0 : 1 }
        let (x, y) = (a.double(index), b.double(index))
        return x < y ? -1 : x == y ? 0 : 1
    }

    private static func exact(_ numbers: Numbers, _ index: Int) -> ExactDecimal? {
        switch numbers {
        case .integer(let a): ExactDecimal(a[index])
        case .decimal(let a, let scale): ExactDecimal(mantissa: a[index], scale: scale)
        case .double: nil
        }
    }

    // MARK: Choosing between vectors

    /// For each cell the number of one of several vectors. The kind is the widest of them.
    static func choose(_ vectors: [Vector], _ choice: [Int], _ state: [CellState]) throws(Overflow)
        -> Vector
    {
        if vectors.contains(where: { if case .double = $0.numbers { true } else { false } }) {
            let numbers = choice.enumerated().map { vectors[$1].numbers.double($0) }
            return Vector(numbers: .double(numbers), state: state)
        }
        let exact = vectors.map { mantissas($0.numbers) }
        let scale = exact.map(\.scale).max() ?? 0
        var result = [Int128](repeating: 0, count: choice.count)
        for (index, chosen) in choice.enumerated() where state[index].hasValue {
            let (values, own) = exact[chosen]
            guard let factor = ExactDecimal.powerOfTen(scale - own) else { throw Overflow() }
            let (value, overflow) = values[index].multipliedReportingOverflow(by: factor)
            if overflow { throw Overflow() }
            result[index] = value
        }
        return Vector(numbers: .decimal(result, scale: scale), state: state)
    }

    /// Half away from zero, to `digits` places.
    static func round(_ a: Vector, _ digits: Int) -> Vector {
        var result = a
        switch a.numbers {
        case .integer: break
        case .decimal(let values, let scale):
            guard scale > digits else { break }
            let unit = ExactDecimal.powerOfTen(scale - digits)!
            let rounded = values.map { value in
                let half = value < 0 ? -(unit / 2) : unit / 2
                return (value + half) / unit
            }
            result.numbers = .decimal(rounded, scale: digits)
        case .double(let values):
            let factor = ExactDecimal.double(ExactDecimal.powerOfTen(digits)!, scale: 0)
            result.numbers = .double(
                values.map { ($0 * factor).rounded(.toNearestOrAwayFromZero) / factor })
        }
        return result
    }
}
