/// Columns of an answer beside its dimensions: what no dimension may be called.
package enum AnswerColumns {
    package static let before = ["kpi", "grain", "period"]
    package static let after = [
        "value", "unit", "numerator", "denominator", "n", "open", "status", "reason", "version",
        "watermark",
    ]
    /// Those that other forms of the answer have as well.
    package static let interval = ["low", "high"]
    package static let reserved = Set(before + after + interval + ["value_exact"])
}

/// The cells of one KPI at one grain and grouping, as columns.
///
/// Cell `p * groupCount + g` belongs to period p and group g, so that reading in order gives the
/// rows in the order of the contract.
package struct CellBlock: Sendable, Equatable {
    package var kpi: KPIHeader
    package var grain: Grain
    /// Names of the periods, in order; `["total"]` for the total.
    package var periods: [String]
    /// The dimensions of the grouping, in the order asked for; empty for the whole company.
    package var dimensions: [String]
    /// `members[d][g]`: the value of dimension d in group g. Groups are sorted by code point.
    package var members: [[String]]
    package var groupCount: Int

    package var value: Figures
    package var numerator: Figures?
    package var denominator: Figures?
    package var n: Figures?
    package var open: Figures?
    /// The 95 % interval of the value, where one was asked for and is known.
    package var low: Figures?
    package var high: Figures?
    package var state: [CellState]

    package init(
        kpi: KPIHeader, grain: Grain, periods: [String], dimensions: [String],
        members: [[String]], groupCount: Int, value: Figures, numerator: Figures? = nil,
        denominator: Figures? = nil, n: Figures? = nil, open: Figures? = nil, state: [CellState]
    ) {
        self.kpi = kpi
        self.grain = grain
        self.periods = periods
        self.dimensions = dimensions
        self.members = members
        self.groupCount = groupCount
        self.value = value
        self.numerator = numerator
        self.denominator = denominator
        self.n = n
        self.open = open
        self.state = state
    }

    package var cellCount: Int { state.count }
}

/// What every cell of a KPI has in common.
package struct KPIHeader: Sendable, Equatable {
    package var id: String
    package var label: Bilingual
    /// Of `value`: base units, see `Unit`.
    package var unit: Unit
    /// Whether a table shows the fraction as percent.
    package var isPercent: Bool
    /// Whether the time in `value` is working time, not time by the clock.
    package var isWorkingTime: Bool
    /// First 12 hexadecimal digits of the definition's hash.
    package var version: String
    /// With the zone's offset, or empty when nothing is loaded.
    package var watermark: String

    package init(
        id: String, label: Bilingual, unit: Unit, isPercent: Bool, isWorkingTime: Bool = false,
        version: String, watermark: String
    ) {
        self.id = id
        self.label = label
        self.unit = unit
        self.isPercent = isPercent
        self.isWorkingTime = isWorkingTime
        self.version = version
        self.watermark = watermark
    }
}

/// Everything that one question answers: blocks in the order of the contract.
package struct Answer: Sendable, Equatable {
    /// Every dimension named in any grouping, in the order first named: the dimension columns.
    package var dimensions: [String]
    package var blocks: [CellBlock]
    /// Whether intervals were asked for: the columns `low` and `high`.
    package var hasIntervals: Bool

    package init(dimensions: [String], blocks: [CellBlock], hasIntervals: Bool = false) {
        self.dimensions = dimensions
        self.blocks = blocks
        self.hasIntervals = hasIntervals
    }

    package var cellCount: Int { blocks.reduce(0) { $0 + $1.cellCount } }
}
