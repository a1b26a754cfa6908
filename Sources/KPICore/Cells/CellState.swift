/// Whether a cell has a value and how settled it is; a formula takes the worst of its parts.
package enum CellState: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    case final
    case provisional
    case partial
    // From here on there is no value.
    case noRows
    case zeroDenominator
    case notApplicable
    case noData
    case withheld
    /// There is no such cell: its unit of the organisation did not exist. Reports leave it out.
    case absent

    package var hasValue: Bool { self < .noRows }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The `status` column.
    package var status: String {
        switch self {
        case .final: "final"
        case .provisional: "provisional"
        case .partial: "partial"
        default: "none"
        }
    }

    /// The `reason` column; empty where there is a value.
    package var reason: String {
        switch self {
        case .final, .provisional, .partial, .absent: ""
        case .noRows: "no_rows"
        case .zeroDenominator: "zero_denominator"
        case .notApplicable: "not_applicable"
        case .noData: "no_data"
        case .withheld: "withheld"
        }
    }
}
