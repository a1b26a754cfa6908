import KPICore

/// Where a cell stands, with the members of its grouping by dimension.
struct CellKey: Hashable, CustomStringConvertible {
    let kpi: String
    let grain: String
    let period: String
    let members: [String: String]

    var description: String {
        let group = members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(kpi) \(grain) \(period) \(group.isEmpty ? "*" : group.joined(separator: ","))"
    }
}

/// The numbers of a cell, `.null` where it has none.
struct CellValue: Equatable {
    var value: Scalar
    var numerator: Scalar = .null
    var denominator: Scalar = .null
    var n: Scalar = .null
    var open: Scalar = .null
    var state: CellState
}

extension CellBlock {
    /// Every cell by its place.
    var cells: [CellKey: CellValue] {
        var cells: [CellKey: CellValue] = [:]
        for index in 0..<cellCount where state[index] != .absent {
            let group = index % groupCount
            let key = CellKey(
                kpi: kpi.id, grain: grain.rawValue, period: periods[index / groupCount],
                members: Dictionary(
                    uniqueKeysWithValues: zip(dimensions, members.map { $0[group] })))
            cells[key] = CellValue(
                value: state[index].hasValue ? value[index] : .null,
                numerator: numerator?[index] ?? .null, denominator: denominator?[index] ?? .null,
                n: n?[index] ?? .null, open: open?[index] ?? .null, state: state[index])
        }
        return cells
    }
}

extension Answer {
    var cells: [CellKey: CellValue] {
        blocks.reduce(into: [:]) { $0.merge($1.cells) { first, _ in first } }
    }
}

extension Scalar {
    /// A whole or decimal number; nil for doubles and everything else.
    var exact: ExactDecimal? {
        switch self {
        case .integer(let value): ExactDecimal(value)
        case .decimal(let value): value
        default: nil
        }
    }

    var number: Double? {
        if case .double(let value) = self { value } else { exact?.doubleValue }
    }

    /// Whether two numbers are the same: exact ones exactly, doubles to a relative 1e-9.
    func isSame(as other: Scalar) -> Bool {
        if let a = exact, let b = other.exact { return a == b }
        guard let a = number, let b = other.number else { return isNull && other.isNull }
        return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b))
    }
}
