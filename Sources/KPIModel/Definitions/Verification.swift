import KPICore

/// Two figures of different sources that should agree, compared for every period.
package struct Verification: Sendable {
    package enum Direction: String, Sendable, Hashable {
        /// Both sides have the same value.
        case equal
        /// When one side rises the other does not fall.
        case bothRise = "both_rise"
        /// When one side rises the other does not rise too.
        case opposite
    }

    /// How far the sides may differ, or how small a change is none.
    package enum Tolerance: Sendable, Hashable {
        /// Of the right side; of a change, of the value before.
        case share(Double)
        /// In base units.
        case amount(Double)

        /// In base units, beside a value.
        package func amount(of value: Double) -> Double {
            switch self {
            case .share(let share): share * abs(value)
            case .amount(let amount): amount
            }
        }
    }

    package var id: String
    package var label: Bilingual
    /// A card of the workspace, or one made of a formula that no list of cards holds.
    package var left: Card
    package var right: Card
    /// Each a breakdown of its own beside the whole company.
    package var by: [String] = []
    package var grain: Grain = .month
    package var tolerance: Tolerance = .share(0)
    /// As written.
    package var toleranceText = "0"
    package var direction: Direction = .equal
    package var collector: String
    package var verifier: String
    /// The dataset whose records are listed; nil: all behind both sides.
    package var records: String?
}
