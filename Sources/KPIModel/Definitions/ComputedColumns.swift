import KPICore

/// Columns that are computed at the end of a load, and what each stands on.
package struct ComputedColumns {
    package struct Key: Hashable, Sendable {
        package let dataset: String
        package let column: String
    }

    private let datasets: [String: Dataset]

    package init(_ datasets: [String: Dataset]) { self.datasets = datasets }

    /// Every column that an expression reads to be computed, also to follow references.
    package func uses(_ expression: RowExpression, on dataset: String) -> Set<Key> {
        var found: Set<Key> = []
        for use in expression.columnUses(on: dataset) {
            var current = use.dataset
            for step in use.path {
                guard let reference = datasets[current]?.reference(step) else { break }
                found.formUnion(reference.columns.map { Key(dataset: current, column: $0) })
                if let at = reference.at { found.insert(Key(dataset: current, column: at)) }
                current = reference.target
                found.formUnion(reference.targetColumns.map { Key(dataset: current, column: $0) })
            }
            found.insert(Key(dataset: current, column: use.name))
        }
        return found
    }

    private func expression(_ key: Key) -> RowExpression? {
        datasets[key.dataset]?.column(key.column)?.computed
    }

    private func bases(_ key: Key) -> Set<Key> {
        expression(key).map { uses($0, on: key.dataset) } ?? []
    }

    /// The way from a column back to itself; nil when there is none.
    func circle(from dataset: String, _ column: String) -> [String]? {
        let start = Key(dataset: dataset, column: column)
        var seen: Set<Key> = []
        func search(_ key: Key, _ path: [String]) -> [String]? {
            for base in bases(key) {
                let name = "\(base.dataset).\(base.column)"
                if base == start { return path + [name] }
                if seen.insert(base).inserted, let found = search(base, path + [name]) {
                    return found
                }
            }
            return nil
        }
        return search(start, ["\(dataset).\(column)"])
    }

    /// Computed columns in steps: each stands only on columns of the steps before.
    package func steps() -> [[Key]] {
        var levels: [Key: Int] = [:]
        func level(_ key: Key) -> Int {
            if let known = levels[key] { return known }
            guard expression(key) != nil else { return 0 }
            levels[key] = 1
            let own = 1 + (bases(key).map(level).max() ?? 0)
            levels[key] = own
            return own
        }
        var steps: [[Key]] = []
        for id in datasets.keys.sorted() {
            for column in datasets[id]!.columns where column.computed != nil {
                let key = Key(dataset: id, column: column.name)
                let own = level(key)
                while steps.count < own { steps.append([]) }
                steps[own - 1].append(key)
            }
        }
        return steps
    }

    /// Datasets whose records a computed column stands on.
    package func datasets(behind key: Key) -> Set<String> {
        var found: Set<String> = [key.dataset]
        var pending = [key]
        var seen: Set<Key> = []
        while let next = pending.popLast() {
            for base in bases(next) where seen.insert(base).inserted {
                found.insert(base.dataset)
                pending.append(base)
            }
        }
        return found
    }
}

extension Workspace {
    /// Its datasets by id.
    package var datasetsByID: [String: Dataset] {
        Dictionary(uniqueKeysWithValues: datasets.map { ($0.id, $0) })
    }

    /// Columns that read as the survivor where they name a merged record, and the dataset of these.
    package func followedColumns(_ dataset: Dataset) -> [(column: String, target: String)] {
        var found: [(column: String, target: String)] = []
        for reference in dataset.references where !reference.keepsMerged {
            guard let target = self.dataset(reference.target), target.mergedInto != nil,
                reference.columns.count == 1, reference.targetColumns == target.key,
                dataset.column(reference.columns[0])?.computed == nil,
                !found.contains(where: { $0.column == reference.columns[0] })
            else { continue }
            found.append((reference.columns[0], target.id))
        }
        return found
    }
}
