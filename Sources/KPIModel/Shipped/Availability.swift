import KPICore

/// Which columns of the standard model a company's data fill, and what a KPI lacks.
package struct Availability: Sendable {
    /// What one dataset lacks for a KPI.
    package struct Gap: Sendable, Hashable {
        package var dataset: String
        /// Empty: the dataset as a whole.
        package var columns: [String]

        package init(dataset: String, columns: [String]) {
            self.dataset = dataset
            self.columns = columns
        }
    }

    private let library: Workspace
    /// By dataset: the columns that some source fills.
    private let filled: [String: Set<String>]

    package init(library: Workspace, filled: [String: Set<String>]) {
        self.library = library
        self.filled = filled
    }

    /// By the sources of a workspace.
    package init(library: Workspace, sourcesOf workspace: Workspace) {
        var filled: [String: Set<String>] = [:]
        for source in workspace.sources {
            let columns = source.columns.map(\.column) + source.derived.map(\.column)
            filled[source.dataset, default: []].formUnion(columns)
        }
        self.init(library: library, filled: filled)
    }

    /// What a card lacks; empty where it can be computed.
    package func gaps(_ card: Card) -> [Gap] {
        var missing: [String: Set<String>] = [:]
        for use in card.formula.node.measures {
            let measure = library.measure(use)
            for dataset in measure.relatedDatasets.union([use.dataset])
            where filled[dataset] == nil {
                missing[dataset] = []
            }
            var read = (measure.expressions + [use.filter].compactMap { $0 })
                .flatMap { $0.columnUses(on: use.dataset) }
            for name in [measure.timeColumn, measure.stock?.to].compactMap({ $0 }) {
                read.append(ColumnUse(dataset: use.dataset, path: [], name: name))
            }
            for column in read { note(column, in: &missing) }
        }
        return missing.sorted { $0.key < $1.key }.map { dataset, columns in
            Gap(dataset: dataset, columns: filled[dataset] == nil ? [] : columns.sorted())
        }
    }

    /// Notes what is needed to read a column and is not there.
    private func note(_ use: ColumnUse, in missing: inout [String: Set<String>]) {
        var current = library.dataset(use.dataset)!
        for step in use.path {
            guard let reference = current.reference(step),
                let target = library.dataset(reference.target)
            else { return }
            for column in reference.columns { note(column, of: current, in: &missing) }
            current = target
        }
        note(use.name, of: current, in: &missing)
    }

    private func note(_ name: String, of dataset: Dataset, in missing: inout [String: Set<String>])
    {
        guard let column = dataset.column(name) else { return }
        guard let known = filled[dataset.id] else {
            missing[dataset.id] = []
            return
        }
        if known.contains(name) || column.isAssumed || dataset.key.contains(name) { return }
        guard let computed = column.computed else {
            missing[dataset.id, default: []].insert(name)
            return
        }
        for use in computed.columnUses(on: dataset.id) { note(use, in: &missing) }
    }
}

extension Measure {
    /// Every dataset that its expressions look at beside its own.
    fileprivate var relatedDatasets: Set<String> {
        expressions.reduce(into: Set<String>()) { $0.formUnion($1.relatedDatasets) }
    }
}
