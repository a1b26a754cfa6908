import KPICore

/// The type of a column or of a row expression.
package enum ValueType: Sendable, Hashable {
    case boolean, integer, double, text, date, timestamp, duration
    /// Exact, with digits after the point.
    case decimal(scale: Int)

    package var isNumeric: Bool {
        switch self {
        case .integer, .double, .decimal: true
        default: false
        }
    }
}

extension ValueType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .double: "double"
        case .text: "text"
        case .date: "date"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .decimal: "decimal"
        }
    }
}

/// A column of a dataset.
package struct ColumnDefinition: Sendable, Hashable {
    package var name: String
    package var type: ValueType
    /// Of numbers; nil for a plain number.
    package var unit: Unit?
    package var label: Bilingual?
    package var isRequired = false
    /// A time that is promised rather than recorded: as-of does not hide it.
    package var isPlanned = false
    /// A day that is the last good one: as-of must have reached its end for a record to count by it.
    package var isLastDay = false
    /// Where no source fills it every record has it missing, and that says something.
    package var isAssumed = false
    /// Filled at the end of a load by this expression instead of by a source.
    package var computed: RowExpression?
    package var provenance: Provenance?
}

extension ColumnDefinition {
    /// A column of which only the type matters.
    package init(named name: String, _ type: ValueType) {
        self.init(name: name, type: type)
    }
}

/// Who recorded a value.
package enum Provenance: String, Sendable, Hashable {
    case system
    case thirdParty = "third_party"
    case partner, manual
}

/// A many-to-one step to another dataset.
package struct Reference: Sendable, Hashable {
    package var name: String
    package var target: String
    /// Columns here, and the columns of the target they equal, pairwise.
    package var columns: [String]
    package var targetColumns: [String]
    package var isRequired: Bool
    /// The column with the instant at which a record of the target must be in force; nil: the
    /// instant by which the record is counted.
    package var at: String?
    /// Instead: the record in force just before the end of the cell's window.
    package var isAtClosing = false
    /// Leads to the record in force at an instant, not to a record by its key.
    package var isTemporal = false
    /// With `at`: the record in force just before it.
    package var isJustBefore = false
    /// On the target: which of its records can be led to.
    package var condition: RowExpression?
    /// Its column keeps what was recorded, also where that record was merged into another.
    package var keepsMerged = false
}

/// Columns between which a record is in force: `[from, to)`, without end where `to` is missing.
package struct Validity: Sendable, Hashable {
    package var from: String
    package var to: String
}

/// A measure of the state at an instant instead of what happened in a window.
package struct Stock: Sendable, Hashable {
    package enum Moment: String, Sendable, Hashable { case opening, closing }

    package var from: String
    /// nil: without end.
    package var to: String?
    /// `from` is the instant of snapshots, each in force until the next.
    package var isSnapshot = false
    /// At which end of the window it is evaluated, where a formula does not say.
    package var moment: Moment
}

/// Figures that are planned, estimated or stated for a period, looked up instead of counted.
package struct Lookup: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        /// The rows of exactly the window, else those that cover every day of it once.
        case period
        /// The rows that lie inside the window.
        case inside
        /// The rows that end at one end of the window.
        case instant
    }

    package var kind: Kind
    /// Columns that are missing where a row is about all their values at once.
    package var levels: [String] = []
    /// Columns that are missing unless a row is about one value, which then is asked for.
    package var exact: [String] = []
}

/// Entities counted in the period of their first record.
package struct Cohort: Sendable, Hashable {
    /// The time column whose least value is the entry.
    package var column: String
    /// In which units the dimension `age` counts.
    package var age: Grain?

    package static let ageDimension = "age"
}

/// How far beyond its own time a record of a measure is looked at.
package struct MeasureWindow: Sendable, Hashable {
    package var amount: RowExpression
    package var isHours: Bool

    /// The whole number of days or hours.
    package var count: Int {
        amount.wholeNumber ?? 0
    }
}

extension RowExpression {
    /// Of a literal or a parameter.
    package var wholeNumber: Int? {
        switch node {
        case .literal(.integer(let value)), .parameter(_, let value): Int(value)
        default: nil
        }
    }
}

/// How a record of a measure is attributed: at which instant history is looked up, to whom.
package struct Attribution: Sendable, Hashable {
    /// nil: the time column of the measure.
    package var at: String?
    /// nil: the dataset's own.
    package var route: AttributionRoute?

    package init() {}
}

/// The references that lead from a record to the organisation.
package struct AttributionRoute: Sendable, Hashable {
    /// To the people of the organisation.
    package var person: [String]?
    /// To its units: alone, or where the record names no person.
    package var unit: [String]?
    /// What is booked on a unit above a level belongs to no group of that level.
    package var isBooked = false
    /// With it: a record without a unit is of the company, and not of an unknown one.
    package var emptyIsCompany = false
    /// A record is of its unit alone, not of those above.
    package var isExact = false
}

package struct Dimension: Sendable, Hashable {
    package var id: String
    package var label: Bilingual
    package var expression: RowExpression
}

/// How coverage of a time column is known.
package struct DeclaredCoverage: Sendable, Hashable {
    /// The first local day covered; nil: derived.
    package var from: CivilDate?
    /// The first local day not covered any more; nil: derived.
    package var to: CivilDate?
    /// Between several ranges: the first day of each gap and the first after it.
    package var gaps: [Gap] = []

    package struct Gap: Sendable, Hashable {
        package var from: CivilDate
        package var to: CivilDate
    }

    init() {}

    /// What is covered in all of these.
    package init(common declared: [DeclaredCoverage]) {
        from = declared.compactMap(\.from).max { $0.day < $1.day }
        to = declared.compactMap(\.to).min { $0.day < $1.day }
        gaps = declared.flatMap(\.gaps)
    }

    /// Of ranges in any order; nil where there are none, or two overlap.
    package init?(ranges: [(from: CivilDate?, to: CivilDate?)]) {
        let sorted = ranges.sorted { ($0.from?.day ?? .min) < ($1.from?.day ?? .min) }
        guard let first = sorted.first, let last = sorted.last else { return nil }
        (from, to) = (first.from, last.to)
        for (range, next) in zip(sorted, sorted.dropFirst()) {
            guard let end = range.to, let start = next.from, end.day <= start.day else {
                return nil
            }
            if end.day < start.day { gaps.append(Gap(from: end, to: start)) }
        }
    }
}

/// How many days before the end of a window are looked at.
package struct Lookback: Sendable, Hashable {
    /// Whose records; nil: those of every dataset that the measure stands on.
    package var dataset: String?
    package var days: RowExpression
}

/// A measure: an aggregate of the records of one dataset.
package struct Measure: Sendable, Hashable {
    package var id: String
    package var label: Bilingual
    package var dataset: String
    package var aggregate: Aggregate
    package var condition: RowExpression?
    /// The column that puts a record into a period.
    package var timeColumn: String
    /// Which records count as still open, on the same time column.
    package var open: RowExpression?
    /// The key of an entity measure, with the condition on each entity.
    package var entity: EntityRule?
    package var unit: Unit
    package var stock: Stock?
    package var window: MeasureWindow?
    /// What must be covered before the end of a window.
    package var lookbacks: [Lookback] = []
    package var lookup: Lookup?
    /// A lookup measure: only records inside the rows that it uses count.
    package var inside: String?
    package var attribution = Attribution()
    /// Whole numbers that its expressions name, and their values where a card sets none.
    package var parameters: [String: Int64] = [:]

    /// Every expression that decides about its value.
    package var expressions: [RowExpression] {
        aggregate.expressions
            + [condition, open, entity?.key, entity?.having, window?.amount].compactMap { $0 }
            + lookbacks.map(\.days)
    }

    /// Whether values of days give the value of a window.
    package var isAdditive: Bool {
        aggregate.isAdditive && stock == nil && entity == nil && lookup == nil
            && !expressions.contains(where: \.usesPeriod)
    }

    /// The same measure with other values for its parameters.
    package func setting(_ parameters: [String: Int64]) -> Measure {
        var measure = self
        measure.parameters.merge(parameters) { $1 }
        measure.aggregate = aggregate.mapped { $0.setting(parameters) }
        measure.condition = condition?.setting(parameters)
        measure.open = open?.setting(parameters)
        measure.entity?.key = entity!.key.setting(parameters)
        measure.entity?.having = entity!.having?.setting(parameters)
        measure.window?.amount = window!.amount.setting(parameters)
        for index in lookbacks.indices {
            measure.lookbacks[index].days = lookbacks[index].days.setting(parameters)
        }
        return measure
    }
}

/// `per:` and `having:` of an entity measure.
package struct EntityRule: Sendable, Hashable {
    package var key: RowExpression
    package var having: RowExpression?
    package var cohort: Cohort?
}

/// An aggregate over records, or over entities when the argument holds aggregates itself.
package struct Aggregate: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case count, sum, mean, min, max, distinct, median, percentile, stddev
        case latest, earliest
    }

    package var kind: Kind
    package var argument: RowExpression?
    /// The rank of a percentile, from 0 to 1.
    package var fraction: ExactDecimal?
    /// What the latest and the earliest are chosen by, the first first.
    package var order: [RowExpression] = []

    package init(
        kind: Kind, argument: RowExpression?, fraction: ExactDecimal? = nil,
        order: [RowExpression] = []
    ) {
        self.kind = kind
        self.argument = argument
        self.fraction = fraction
        self.order = order
    }

    package var expressions: [RowExpression] { [argument].compactMap { $0 } + order }

    func mapped(_ change: (RowExpression) -> RowExpression) -> Aggregate {
        Aggregate(
            kind: kind, argument: argument.map(change), fraction: fraction, order: order.map(change)
        )
    }

    /// Whether values of parts give the value of the whole.
    package var isAdditive: Bool {
        switch kind {
        case .count, .sum, .mean, .min, .max: true
        case .distinct, .median, .percentile, .stddev, .latest, .earliest: false
        }
    }
}

package struct Dataset: Sendable {
    package var id: String
    package var label: Bilingual
    package var key: [String] = []
    package var columns: [ColumnDefinition] = []
    package var timeColumns: [String] = []
    package var references: [Reference] = []
    package var dimensions: [Dimension] = []
    package var measures: [Measure] = []
    /// Ids and labels of measures that have errors, which are reported where they stand.
    package var unreadMeasures: [String] = []
    /// Between which columns a record is in force; nil: it is an event or a thing.
    package var validity: Validity?
    /// How its records are attributed; nil: only to the company.
    package var route: AttributionRoute?
    /// Ids of the dimensions that are levels of the organisation.
    package var levels: [String] = []
    /// By time column.
    package var coverage: [String: DeclaredCoverage] = [:]
    /// The column that says into which record this one was merged.
    package var mergedInto: String?
    /// What its records are expected to be.
    package var expectations: [Expectation] = []
    /// Who collected its records; nil: it does not matter.
    package var collected: Collected?

    package func column(_ name: String) -> ColumnDefinition? { columns.first { $0.name == name } }
    package func reference(_ name: String) -> Reference? { references.first { $0.name == name } }
    package func dimension(_ id: String) -> Dimension? { dimensions.first { $0.id == id } }
    package func measure(_ id: String) -> Measure? { measures.first { $0.id == id } }
}
