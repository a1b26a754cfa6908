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
    package var provenance: Provenance?
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
}

/// `per:` and `having:` of an entity measure.
package struct EntityRule: Sendable, Hashable {
    package var key: RowExpression
    package var having: RowExpression?
}

/// An aggregate over records, or over entities when the argument holds aggregates itself.
package struct Aggregate: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case count, sum, mean, min, max, distinct, median, percentile, stddev
    }

    package var kind: Kind
    package var argument: RowExpression?
    /// The rank of a percentile, from 0 to 1.
    package var fraction: ExactDecimal?

    package init(kind: Kind, argument: RowExpression?, fraction: ExactDecimal? = nil) {
        self.kind = kind
        self.argument = argument
        self.fraction = fraction
    }

    /// Whether values of parts give the value of the whole.
    package var isAdditive: Bool {
        switch kind {
        case .count, .sum, .mean, .min, .max: true
        case .distinct, .median, .percentile, .stddev: false
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
    /// By time column.
    package var coverage: [String: DeclaredCoverage] = [:]

    package func column(_ name: String) -> ColumnDefinition? { columns.first { $0.name == name } }
    package func reference(_ name: String) -> Reference? { references.first { $0.name == name } }
    package func dimension(_ id: String) -> Dimension? { dimensions.first { $0.id == id } }
    package func measure(_ id: String) -> Measure? { measures.first { $0.id == id } }
}
