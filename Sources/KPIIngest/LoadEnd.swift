import KPICore
import KPIModel
import KPIQuery

/// After all files: references are checked, records without a required parent set aside, the extent of
/// times measured.
extension LoadRun {
    func finish(
        _ tasks: [LoadTask], _ report: inout LoadReport, begins: (LoadProgress.Step) -> Void
    ) throws {
        let loaded = Set(tasks.map(\.source.dataset)).union(try unfinished())
        let stored = try storedDatasets()
        var touched = loaded
        begins(.references)
        try setOrphansAside(stored, &touched, &report)
        try checkUnique(stored, touched)
        let computed = ComputedAtLoad(workspace, session, log)
        touched.formUnion(
            try computed.renew(stored, touched) { begins(.computing(dataset: $0)) })
        begins(.changes)
        report.changes = try log.write(workspace.datasets.map(\.id).filter(touched.contains))
        for id in workspace.datasets.map(\.id) where touched.contains(id) {
            try forgetUnused(id)
            try reportDangling(dataset(id), stored, &report)
            try measureExtents(dataset(id))
            let count = try session.number("SELECT count(*) FROM data.\(name: id)")
            report.rowCounts.append((id, count))
            try log.clear(id)
        }
        begins(.expectations)
        let quality = QualityAtLoad(
            warehouse: loader.warehouse, session: session, now: loader.now)
        report.expectations = try quality.check(touched, stored: stored)
        try session.run("DELETE FROM plumb.unfinished")
    }

    /// Datasets of which batches were committed since the last end of a load.
    private func unfinished() throws -> Set<String> {
        let found = try session.read("SELECT dataset FROM plumb.unfinished")
        let ids = (0..<found.rowCount).compactMap { found[$0, 0].plainText }
        return Set(ids.filter { workspace.dataset($0) != nil })
    }

    /// Datasets whose tables fit their definitions.
    private func storedDatasets() throws -> [Dataset] {
        let stored = try session.read("SELECT dataset, signature FROM plumb.datasets")
        var signatures: [String: String] = [:]
        for row in 0..<stored.rowCount {
            signatures[stored[row, 0].plainText ?? ""] = stored[row, 1].plainText ?? ""
        }
        return workspace.datasets.filter {
            signatures[$0.id] == loader.warehouse.signature($0)
        }
    }

    /// Files that were replaced and whose records were all replaced since.
    private func forgetUnused(_ id: String) throws {
        try session.run(
            """
            DELETE FROM plumb.files WHERE dataset = \(value: .text(id)) AND fingerprint = '' \
            AND id NOT IN (SELECT DISTINCT \(name: "$file") FROM data.\(name: id)) \
            AND id NOT IN (SELECT file FROM plumb.quarantine)
            """)
    }

    /// References to a dataset, where its key alone does not make them unique.
    func checkUnique(to target: Dataset) throws {
        for dataset in try storedDatasets() {
            for reference in dataset.references where reference.target == target.id {
                try checkUnique(reference)
            }
        }
    }

    private func checkUnique(_ stored: [Dataset], _ loaded: Set<String>) throws {
        let ids = Set(stored.map(\.id))
        for dataset in stored {
            for reference in dataset.references where ids.contains(reference.target) {
                guard loaded.contains(dataset.id) || loaded.contains(reference.target) else {
                    continue
                }
                try checkUnique(reference)
            }
        }
    }

    /// A record that is set aside may have been the parent of others: until nothing changes.
    private func setOrphansAside(
        _ stored: [Dataset], _ touched: inout Set<String>, _ report: inout LoadReport
    ) throws {
        let ids = Set(stored.map(\.id))
        var pending = touched
        while !pending.isEmpty {
            var next: Set<String> = []
            for dataset in stored {
                for reference in dataset.references
                where reference.isRequired && ids.contains(reference.target) {
                    guard pending.contains(dataset.id) || pending.contains(reference.target) else {
                        continue
                    }
                    let before = report.orphans.count
                    try setOrphansAside(dataset, reference, &report)
                    if report.orphans.count > before { next.insert(dataset.id) }
                }
            }
            touched.formUnion(next)
            pending = next
        }
    }

    private func reportDangling(
        _ dataset: Dataset, _ stored: [Dataset], _ report: inout LoadReport
    ) throws {
        for reference in dataset.references where !reference.isRequired {
            guard stored.contains(where: { $0.id == reference.target }) else { continue }
            let stated = reference.columns.map { "\(name: "r").\(name: $0) IS NOT NULL" as SQLText }
            let found = try session.read(
                """
                SELECT \(value(reference)), count(*), sum(count(*)) OVER () \
                FROM data.\(name: dataset.id) AS \(name: "r") \
                WHERE \(stated, separator: " AND ") AND \(orphan(reference)) \
                GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3
                """)
            guard found.rowCount > 0 else { continue }
            report.dangling.append(
                Diagnostic(
                    .danglingReference(
                        reference: reference.name, dataset: dataset.id, target: reference.target,
                        records: found[0, 2].wholeNumber ?? 0,
                        values: (0..<found.rowCount).map { found[$0, 0].plainText ?? "" })))
        }
    }

    /// A reference must be many-to-one: what it leads to may not repeat.
    private func checkUnique(_ reference: Reference) throws {
        if reference.isTemporal { return try checkRanges(reference) }
        if reference.targetColumns == workspace.dataset(reference.target)!.key { return }
        let columns: [SQLText] = reference.targetColumns.map { "\(name: $0)" }
        let doubled = try session.read(
            """
            SELECT \(columns.map { "CAST(\($0) AS VARCHAR)" as SQLText }, separator: " || '/' || ") \
            FROM data.\(name: reference.target) GROUP BY \(columns) HAVING count(*) > 1 ORDER BY 1 LIMIT 5
            """)
        guard doubled.rowCount > 0 else { return }
        throw Diagnostics(
            .referenceNotUnique(
                reference: reference.name, dataset: reference.target,
                keys: (0..<doubled.rowCount).map { doubled[$0, 0].plainText ?? "(missing)" }))
    }

    /// A reference to history must find one record at every instant: no two ranges of a key overlap.
    private func checkRanges(_ reference: Reference) throws {
        let target = workspace.dataset(reference.target)!
        guard let validity = target.validity else { return }
        let key: [SQLText] = reference.targetColumns.map { "\(name: "r").\(name: $0)" }
        let from: SQLText = "\(name: "r").\(name: validity.from)"
        let to: SQLText = "\(name: "r").\(name: validity.to)"
        var rows = RowSQL(workspace: workspace, dataset: target)
        let counted = reference.condition.map { rows.expression($0) }
        let conditions: [SQLText] =
            ["\(from) IS NOT NULL", "(\(to) IS NULL OR \(to) > \(from))"]
            + key.map { "\($0) IS NOT NULL" } + [counted].compactMap { $0 }
        let text: SQLText =
            "\(reference.targetColumns.map { "CAST(\(name: $0) AS VARCHAR)" as SQLText }, separator: " || '/' || ")"
        let found = try session.read(
            """
            SELECT DISTINCT \(text) FROM (SELECT \(key), \(from) AS \(name: "$from"), \
            max(coalesce(\(to), 'infinity')) OVER (PARTITION BY \(key) ORDER BY \(from), \(to) NULLS LAST \
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS \(name: "$before") \
            FROM data.\(name: target.id) AS \(name: "r") WHERE \(conditions, separator: " AND ")) \
            WHERE \(name: "$before") > \(name: "$from") ORDER BY 1 LIMIT 5
            """)
        guard found.rowCount > 0 else { return }
        throw Diagnostics(
            .overlappingRanges(
                reference: reference.name, dataset: reference.target,
                keys: (0..<found.rowCount).map { found[$0, 0].plainText ?? "(missing)" }))
    }

    /// What a reference looks for, as one text.
    private func value(_ reference: Reference) -> SQLText {
        let values: [SQLText] = reference.columns.map {
            "coalesce(CAST(\(name: "r").\(name: $0) AS VARCHAR), '')"
        }
        return "\(values, separator: " || '/' || ")"
    }

    private func orphan(_ reference: Reference) -> SQLText {
        let match: [SQLText] = zip(reference.columns, reference.targetColumns).map {
            "\(name: "t").\(name: $1) = \(name: "r").\(name: $0)"
        }
        return """
            NOT EXISTS (SELECT 1 FROM data.\(name: reference.target) AS \(name: "t") \
            WHERE \(match, separator: " AND "))
            """
    }

    private func setOrphansAside(
        _ dataset: Dataset, _ reference: Reference, _ report: inout LoadReport
    ) throws {
        let orphan = orphan(reference)
        let found = try session.read(
            """
            SELECT \(name: "r").\(name: "$file"), \(name: "r").\(name: "$line"), \
            \(value(reference)), \(name: "f").\(name: "path") \
            FROM data.\(name: dataset.id) AS \(name: "r") LEFT JOIN plumb.files AS \(name: "f") \
            ON \(name: "f").\(name: "id") = \(name: "r").\(name: "$file") \
            WHERE \(orphan) ORDER BY 1, 2
            """)
        guard found.rowCount > 0 else { return }
        try session.run(
            """
            INSERT INTO plumb.quarantine SELECT \(name: "r").\(name: "$file"), \(value: .text(dataset.id)), \
            \(name: "r").\(name: "$line"), \(value: .text(reference.columns.joined(separator: ","))), \
            \(value(reference)), 'the required parent is missing' \
            FROM data.\(name: dataset.id) AS \(name: "r") WHERE \(orphan)
            """)
        // The rows set aside are named ‘r’ here and ‘t’ there.
        try log.remember(
            dataset.id,
            join:
                " JOIN data.\(name: dataset.id) AS \(name: "r") ON \(name: "r").rowid = \(name: "t").rowid",
            where: orphan)
        try session.run("DELETE FROM data.\(name: dataset.id) AS \(name: "r") WHERE \(orphan)")
        for row in 0..<found.rowCount {
            let path = found[row, 3].plainText
            let isOfFile = { (file: LoadReport.File) in
                file.outcome == .loaded && file.dataset == dataset.id && file.name == path
            }
            if let index = report.files.firstIndex(where: isOfFile) {
                report.files[index].loaded -= 1
                report.files[index].orphanCount += 1
            }
            report.orphans.append(
                Diagnostic(
                    .missingParent(
                        file: found[row, 3].plainText ?? "", line: found[row, 1].wholeNumber ?? 0,
                        reference: reference.name, value: found[row, 2].plainText ?? "")))
        }
    }

    /// Earliest and just after the latest of every time column, as instants.
    private func measureExtents(_ dataset: Dataset) throws {
        let zone: SQLText = "\(value: .text(workspace.calendar.zone.identifier))"
        try session.run(
            "DELETE FROM plumb.extents WHERE dataset = \(value: .text(dataset.id))")
        for name in dataset.timeColumns {
            let isDate = dataset.column(name)!.type == .date
            let column: SQLText = "\(name: name)"
            let low: SQLText =
                isDate ? "timezone(\(zone), CAST(min(\(column)) AS TIMESTAMP))" : "min(\(column))"
            let high: SQLText =
                isDate
                ? "timezone(\(zone), CAST(max(\(column)) + 1 AS TIMESTAMP))"
                : "max(\(column)) + INTERVAL 1 MICROSECOND"
            try session.run(
                """
                INSERT INTO plumb.extents SELECT \(value: .text(dataset.id)), \(value: .text(name)), \
                \(low), \(high) FROM data.\(name: dataset.id) HAVING count(\(column)) > 0
                """)
        }
    }
}
