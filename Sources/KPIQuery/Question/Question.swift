import KPICore
import KPIFormula
import KPIModel

/// What is asked: KPIs, grains, groupings, a range, a filter, an as-of.
package struct Question: Sendable {
    package var kpis: [String]
    package var grains: [Grain]
    /// Each a list of dimensions; one empty list means the whole company.
    package var groupings: [[String]]
    /// Start of the range; nil: the earliest coverage.
    package var from: Instant?
    /// End of the range; nil: as-of.
    package var to: Instant?
    package var filter: Expression?
    /// nil: the least watermark of the datasets asked.
    package var asOf: Instant?
    /// Whether every value comes with its 95 % interval.
    package var intervals = false
    /// How many of the largest groups are kept apart; nil: all.
    package var top: Int?
    /// These groups, by dimension; found by whoever asks.
    package var kept: [String: Set<String>] = [:]
    /// Values by dimension: a group that has cells also where no record of it lies in the range.
    package var group: [String: String]?

    package init(
        kpis: [String], grains: [Grain], groupings: [[String]] = [[]], from: Instant? = nil,
        to: Instant? = nil, filter: Expression? = nil, asOf: Instant? = nil
    ) {
        self.kpis = kpis
        self.grains = grains
        self.groupings = groupings.isEmpty ? [[]] : groupings
        self.from = from
        self.to = to
        self.filter = filter
        self.asOf = asOf
    }

    /// The same question for a stated instant.
    package func asked(at instant: Instant) -> Question {
        var question = self
        question.asOf = instant
        return question
    }

    /// Every dimension named, in the order first named.
    package var dimensions: [String] {
        var seen: [String] = []
        for name in groupings.joined() where !seen.contains(name) { seen.append(name) }
        return seen
    }

    /// The group of everything that is not among the largest.
    package static let others = "(others)"
    package static let maximumCells = 20_000_000
    /// The engine tells grouping sets apart by the bits of one number.
    package static let maximumDimensions = 30
    package static let maximumGroupings = 1_000
}

/// What is known of a dataset's loaded records.
package struct DatasetFacts: Sendable, Hashable {
    /// By time column; the end is the watermark or the declared end.
    package var coverage: [String: Window]
    /// By time column: what is not covered in between.
    package var gaps: [String: [Window]]
    package var watermark: Instant
    /// Columns that some source fills.
    package var mappedColumns: Set<String>
    /// By time column: what is stated, by the dataset or by a table that came with the files.
    package var declared: [String: DeclaredCoverage]

    package init(
        coverage: [String: Window], gaps: [String: [Window]] = [:], watermark: Instant,
        mappedColumns: Set<String>, declared: [String: DeclaredCoverage] = [:]
    ) {
        self.gaps = gaps
        self.coverage = coverage
        self.watermark = watermark
        self.mappedColumns = mappedColumns
        self.declared = declared
    }

    /// What is stated, as one text.
    package var declaredText: String {
        "\(declared.sorted { $0.key < $1.key })"
    }
}
