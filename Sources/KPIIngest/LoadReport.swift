import KPICore

/// What a load did, for people to read.
package struct LoadReport: Sendable {
    package enum Outcome: Sendable, Hashable {
        case loaded
        /// The same file was loaded before, with the same mapping.
        case unchanged
        /// The same content was loaded before under another name.
        case sameContent(as: String)
        /// Records kept by hand that nobody signed off: they do not count.
        case awaitsSignOff
    }

    package struct File: Sendable {
        package var source: String
        package var dataset: String
        package var name: String
        package var outcome: Outcome
        /// Records in the file.
        package var rows = 0
        /// Records put into the dataset.
        package var loaded = 0
        /// Events of one case, or repetitions of one key, of which only the last stays.
        package var collapsed = 0
        package var rejected: [Diagnostic] = []
        package var rejectedCount = 0
        /// Records read well whose required parent is missing: they are set aside too.
        package var orphanCount = 0
    }

    package struct Coverage: Sendable {
        package var dataset: String
        package var column: String
        package var window: Window
    }

    package var files: [File] = []
    /// Records set aside because a required parent is missing.
    package var orphans: [Diagnostic] = []
    /// Optional references that find nothing.
    package var dangling: [Diagnostic] = []
    /// Rows that a database has and that are not read.
    package var unread: [Diagnostic] = []
    package var coverage: [Coverage] = []
    package var rowCounts: [(dataset: String, rows: Int)] = []
    /// What is expected of the datasets that the load may have changed, and whether it holds.
    package var expectations: [ExpectationOutcome] = []
    /// Records that came, changed or went, by dataset; only datasets in which some did.
    package var changes: [String: RecordCounts] = [:]
}

/// How many records of a dataset a load changed. A record loaded again as it was is none.
package struct RecordCounts: Sendable, Hashable {
    package var inserted = 0
    package var updated = 0
    package var deleted = 0

    package var isEmpty: Bool { inserted + updated + deleted == 0 }

    static func + (a: Self, b: Self) -> Self {
        Self(
            inserted: a.inserted + b.inserted, updated: a.updated + b.updated,
            deleted: a.deleted + b.deleted)
    }
}

/// How far a load is: of files, or, where the total is 0, the rows of a database so far.
package struct LoadProgress: Sendable {
    /// What is done after all files are in, of all records that a load may have changed.
    package enum Step: Sendable, Equatable {
        case references
        case computing(dataset: String)
        case changes
        case expectations
    }

    package var source = ""
    package var file = ""
    /// Nil while files are read.
    package var step: Step?
    package var done: Int
    package var total: Int
}
