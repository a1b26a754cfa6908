/// How far the data behind KPIs can be trusted: fresh, complete, as expected, collected by whom.
package struct Quality: Sendable, Equatable {
    /// The wall clock that ages are measured by, with the zone's offset.
    package var now: String
    package var datasets: [DatasetQuality]
    package var kpis: [KPIQuality]
    package var marks: [CollectionMark]

    package init(
        now: String, datasets: [DatasetQuality], kpis: [KPIQuality], marks: [CollectionMark]
    ) {
        self.now = now
        self.datasets = datasets
        self.kpis = kpis
        self.marks = marks
    }

    /// Whether something would keep a load from being applied, or is too old.
    package var hasFindings: Bool {
        datasets.contains { $0.isStale || $0.checks.contains { $0.refuses && !$0.finding.holds } }
    }
}

/// One expectation as the loaded records meet it.
package struct ExpectationOutcome: Sendable, Equatable {
    package var finding: ExpectationFinding
    /// Whether a load is not applied where it fails.
    package var refuses: Bool
    /// The load since which it fails; empty where it holds, or failed at no load yet.
    package var since: String = ""

    package init(finding: ExpectationFinding, refuses: Bool) {
        self.finding = finding
        self.refuses = refuses
    }
}

package struct DatasetQuality: Sendable, Equatable {
    package var id: String
    package var label: Bilingual
    package var records: Int
    /// Up to when the records reach, with the zone's offset; empty without records or times.
    package var watermark: String
    /// In seconds.
    package var age: Int64?
    /// Records set aside at load.
    package var setAside: Int
    package var checks: [ExpectationOutcome]

    package init(
        id: String, label: Bilingual, records: Int, watermark: String, age: Int64?, setAside: Int,
        checks: [ExpectationOutcome]
    ) {
        self.id = id
        self.label = label
        self.records = records
        self.watermark = watermark
        self.age = age
        self.setAside = setAside
        self.checks = checks
    }

    package var failed: [ExpectationOutcome] { checks.filter { !$0.finding.holds } }
    /// Whether its records are older than expected.
    package var isStale: Bool { failed.contains { $0.finding.kind == .age } }
}

package struct KPIQuality: Sendable, Equatable {
    /// How many of the records miss the value of a column.
    package struct Gap: Sendable, Hashable {
        package var dataset: String
        package var column: String
        package var missing: Int
        /// Of so many.
        package var records: Int

        package init(dataset: String, column: String, missing: Int, records: Int) {
            self.dataset = dataset
            self.column = column
            self.missing = missing
            self.records = records
        }
    }

    package var id: String
    package var label: Bilingual
    /// Every dataset that it reads.
    package var datasets: [String]
    /// The least of them.
    package var watermark: String
    package var age: Int64?
    /// Records of its measures’ datasets, and those among them that miss a value it reads.
    package var records: Int
    package var incomplete: Int
    /// By column, the largest share first.
    package var gaps: [Gap]
    /// Expectations of its datasets that fail.
    package var failed: [ExpectationOutcome]
    package var setAside: Int
    /// Records that the assessed department collected itself, of how many; nil where it is not known.
    package var ownCollected: Int?
    package var collected: Int?

    package init(id: String, label: Bilingual, datasets: [String]) {
        self.id = id
        self.label = label
        self.datasets = datasets
        watermark = ""
        records = 0
        incomplete = 0
        gaps = []
        failed = []
        setAside = 0
    }

    package var isStale: Bool { failed.contains { $0.finding.kind == .age } }
    /// Records that miss nothing, as a share; nil without records.
    package var completeness: Double? {
        records == 0 ? nil : Double(records - incomplete) / Double(records)
    }
}

/// Records that the assessed department collected itself, beside those of others, in a period.
package struct CollectionMark: Sendable, Equatable {
    package var dataset: String
    /// What kind of record; empty where there is one kind.
    package var kind: String
    package var period: String
    package var own: Int
    package var other: Int
    /// Records of any collector.
    package var all: Int
    package var ownMean: Double?
    package var otherMean: Double?
    /// The 95 % interval of the difference of the means.
    package var interval: ClosedRange<Double>?

    package init(dataset: String, kind: String, period: String, own: Int, other: Int, all: Int) {
        self.dataset = dataset
        self.kind = kind
        self.period = period
        self.own = own
        self.other = other
        self.all = all
    }

    package var difference: Double? {
        guard let ownMean, let otherMean else { return nil }
        return ownMean - otherMean
    }
}
