/// The two sides of a verification, compared for every period and group.
package struct SourceComparison: Sendable, Equatable {
    package enum Outcome: Sendable, Hashable {
        case within
        /// The sides differ by more than the tolerance.
        case beyond
        /// The sides change in a way that does not go together.
        case contradicts
        case none(Reason)
    }

    /// Why there is nothing to compare.
    package enum Reason: Sendable, Hashable {
        case left(CellState)
        case right(CellState)
        /// A change needs the period before.
        case noPrevious
        /// The change to a period that is not over says nothing.
        case unfinished
    }

    package struct Row: Sendable, Equatable {
        package var period: String
        /// Of the breakdown; empty for the whole company.
        package var dimension: String
        package var member: String
        package var left: CellFigures
        package var right: CellFigures
        /// Left minus right.
        package var difference: Double?
        /// Of the right side.
        package var share: Double?
        /// From the period before.
        package var leftChange: Double?
        package var rightChange: Double?
        package var outcome: Outcome

        package init(
            period: String, dimension: String, member: String, left: CellFigures,
            right: CellFigures, outcome: Outcome
        ) {
            self.period = period
            self.dimension = dimension
            self.member = member
            self.left = left
            self.right = right
            self.outcome = outcome
        }
    }

    package var id: String
    package var label: Bilingual
    /// `equal`, `both_rise` or `opposite`.
    package var direction: String
    package var grain: Grain
    /// As it is written.
    package var tolerance: String
    package var collector: String
    package var verifier: String
    package var left: KPIHeader
    package var right: KPIHeader
    package var rows: [Row]

    package init(
        id: String, label: Bilingual, direction: String, grain: Grain, tolerance: String,
        collector: String, verifier: String, left: KPIHeader, right: KPIHeader, rows: [Row]
    ) {
        self.id = id
        self.label = label
        self.direction = direction
        self.grain = grain
        self.tolerance = tolerance
        self.collector = collector
        self.verifier = verifier
        self.left = left
        self.right = right
        self.rows = rows
    }

    /// Rows that somebody must look into.
    package var findings: [Row] { rows.filter(\.outcome.isFinding) }
}

extension SourceComparison.Outcome {
    package var isFinding: Bool { self == .beyond || self == .contradicts }

    /// The `status` column.
    package var status: String {
        switch self {
        case .within: "within"
        case .beyond: "beyond"
        case .contradicts: "contradicts"
        case .none: "none"
        }
    }

    /// The `reason` column; empty where there is something to compare.
    package var reason: String {
        guard case .none(let reason) = self else { return "" }
        return switch reason {
        case .left(let state): "left \(state.reason)"
        case .right(let state): "right \(state.reason)"
        case .noPrevious: "no_previous"
        case .unfinished: "unfinished"
        }
    }
}
