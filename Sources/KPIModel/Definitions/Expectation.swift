import KPICore

/// What the records of a dataset are expected to be. Checked at the end of every load that may have
/// changed them.
package struct Expectation: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        /// Reported and kept.
        case warn
        /// The load is not applied.
        case refuse
    }

    package enum Rule: Sendable, Hashable {
        /// No two records have the same values in all of these columns.
        case unique([String])
        case present(String)
        /// Where there is a value it lies between these, both included.
        case range(String, from: Scalar?, to: Scalar?)
        /// Where there is a value it is one of these.
        case oneOf(String, [Scalar])
        /// Where the columns of the reference have values it finds a record.
        case refers(String)
        case condition(RowExpression)
        /// The watermark is at most so many microseconds behind the wall clock.
        case fresh(Int64)
        /// Every whole period that is covered has so many records by this time column.
        case rows(per: Grain, column: String, from: Int?, to: Int?)
        /// Beyond so many records they are pulled from the system they are kept in, not brought as files.
        case filesUntil(Int)
    }

    package var rule: Rule
    package var severity: Severity = .warn
    package var label: Bilingual?
    /// The rule as text, by which it is known from one load to the next.
    package var text: String
    package var place: Place
}

extension Expectation {
    /// Other datasets whose records decide whether it holds.
    package func datasets(in workspace: Workspace, of dataset: Dataset) -> Set<String> {
        switch rule {
        case .refers(let name): Set([dataset.reference(name)?.target].compactMap { $0 })
        case .condition(let condition): workspace.datasets(read: condition, on: dataset.id)
        default: []
        }
    }
}

/// Who collected a record, where what is collected may judge those who collect it.
package struct Collected: Sendable, Hashable {
    /// The column that says through whom.
    package var column: String
    /// Its value where the assessed department collected a record itself.
    package var own: String
    /// Its value for records that they are compared with.
    package var other: String
    /// What is compared.
    package var score: RowExpression
    /// Which records are looked at.
    package var condition: RowExpression?
    /// Records are compared with those of the same value of this column only.
    package var kinds: String?
}

/// What a workspace does about data whose provenance is not what it should be.
package struct ProvenanceRules: Sendable, Hashable {
    package enum Consequence: String, Sendable, Hashable { case mark, refuse }

    /// Durations measured with times that are kept by hand.
    package var times = Consequence.refuse
    /// Satisfaction that is not collected by a third party.
    package var satisfaction = Consequence.mark

    package init() {}
}

extension Workspace {
    /// Datasets whose records an expression looks at beside its own: behind references and in `exists`
    /// and `related`.
    package func datasets(read expression: RowExpression, on id: String) -> Set<String> {
        var found = expression.relatedDatasets
        for use in expression.columnUses(on: id) {
            found.insert(use.dataset)
            var current = dataset(use.dataset)
            for step in use.path {
                guard let target = current?.reference(step)?.target else { break }
                found.insert(target)
                current = dataset(target)
            }
        }
        found.remove(id)
        return found
    }
}
