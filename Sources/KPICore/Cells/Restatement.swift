/// A published cell that would be another one today: was, is, why.
package struct Restatement: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var dimension: String
        package var value: String

        package init(dimension: String, value: String) {
            self.dimension = dimension
            self.value = value
        }
    }

    /// Of a definition: its hash, and what people call it.
    package struct Version: Sendable, Equatable {
        package var hash: String
        package var label: String

        package init(hash: String, label: String) {
            self.hash = hash
            self.label = label
        }
    }

    /// Label, unit and watermark as they are today, of what no longer exists as they were.
    package var kpi: KPIHeader
    package var grain: Grain
    package var period: String
    /// By dimension; empty for the whole company.
    package var group: [Member]
    /// nil: there was no such cell.
    package var was: CellFigures?
    /// nil: there is no such cell any more.
    package var now: CellFigures?
    package var wasVersion: Version
    /// nil: nothing defines the cell any more.
    package var nowVersion: Version?
    /// Never empty.
    package var reasons: [RestatementReason]
    package var publication: PublicationNote

    package init(
        kpi: KPIHeader, grain: Grain, period: String, group: [Member], was: CellFigures?,
        now: CellFigures?, wasVersion: Version, nowVersion: Version?,
        reasons: [RestatementReason], publication: PublicationNote
    ) {
        self.kpi = kpi
        self.grain = grain
        self.period = period
        self.group = group
        self.was = was
        self.now = now
        self.wasVersion = wasVersion
        self.nowVersion = nowVersion
        self.reasons = reasons
        self.publication = publication
    }
}

/// When, by whom and how often a cell was published.
package struct PublicationNote: Sendable, Equatable {
    /// From 1; each `--again` makes another.
    package var revision: Int
    /// With the zone's offset.
    package var at: String
    package var by: String
    package var note: String

    package init(revision: Int, at: String, by: String, note: String) {
        self.revision = revision
        self.at = at
        self.by = by
        self.note = note
    }
}

/// Why a published cell would be another one today.
package enum RestatementReason: Sendable, Hashable {
    /// Inserted since, on days of the cell's windows.
    case lateRecords([RecordTally])
    /// Updated or deleted since, on those days.
    case correctedRecords([RecordTally])
    /// Changed since, behind a reference or looked at as a whole.
    case referencedRecords([RecordTally])
    /// Another definition; what of it is another.
    case newVersion([DefinitionPart])
    /// What the groups are is defined otherwise.
    case newGrouping
    /// Another part of the windows is covered by data.
    case coverage
    /// What was open or had not happened when the cell was published.
    case timePassed
    /// Datasets that were made anew, so that no record can be compared.
    case recordsReloaded([String])

    /// As the column `why` has it.
    package var code: String {
        switch self {
        case .lateRecords: "late records"
        case .correctedRecords: "corrected records"
        case .referencedRecords: "referenced records"
        case .newVersion: "new version"
        case .newGrouping: "new grouping"
        case .coverage: "coverage"
        case .timePassed: "time passed"
        case .recordsReloaded: "records reloaded"
        }
    }
}

/// How many records of a dataset changed on the days of a time column.
package struct RecordTally: Sendable, Hashable {
    package var dataset: String
    /// Empty where the days do not matter.
    package var column: String
    package var inserted: Int
    package var updated: Int
    package var deleted: Int
    /// When the loads were that brought the changes, with the zone's offset.
    package var loads: [String]

    package init(
        dataset: String, column: String, inserted: Int = 0, updated: Int = 0, deleted: Int = 0,
        loads: [String] = []
    ) {
        self.dataset = dataset
        self.column = column
        self.inserted = inserted
        self.updated = updated
        self.deleted = deleted
        self.loads = loads
    }
}

/// What of a definition differs.
package enum DefinitionPart: String, Sendable, Hashable, CaseIterable {
    case formula, unit, measure, calendar, mapping
    /// There is no definition any more.
    case removed
}
