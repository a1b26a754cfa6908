import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// Loads the sources of a workspace into its warehouse: everything or nothing.
package struct Loader: Sendable {
    package let warehouse: Warehouse
    /// What relative file patterns start from.
    package let dataFolder: String
    /// Loads files again that are already loaded.
    package var again = false
    package var progress: @Sendable (LoadProgress) -> Void = { _ in }

    package init(warehouse: Warehouse, dataFolder: String) {
        self.warehouse = warehouse
        self.dataFolder = dataFolder
    }

    /// - Parameter names: ids of sources; empty: all.
    /// - Throws: `Diagnostics` with everything that kept the load from being applied; the warehouse is
    ///   then as it was before.
    package func load(_ names: [String] = []) async throws -> LoadReport {
        let workspace = warehouse.workspace
        var sources = workspace.sources
        if !names.isEmpty {
            for name in names where !sources.contains(where: { $0.id == name }) {
                let known = sources.map(\.id)
                throw Diagnostics(
                    .badValue(
                        field: "source", value: name, expected: known.joined(separator: ", "),
                        closest: NearMatch.closest(to: name, among: known)))
            }
            sources = sources.filter { names.contains($0.id) }
        }
        let tasks = try sources.map { source in
            var files: [String] = []
            for file in source.files.flatMap({ FilePattern.files($0, in: dataFolder) })
            where !files.contains(file) {
                files.append(file)
            }
            guard !files.isEmpty else {
                throw Diagnostics(
                    .noFiles(pattern: source.files.joined(separator: ", "), folder: dataFolder),
                    at: source.place)
            }
            return LoadTask(source: source, files: files)
        }
        try await loadExtensions(tasks)
        removeLeftovers()
        let connection = try await warehouse.database.connect()
        let run = self
        do {
            var report = try await connection.transaction { connection in
                try LoadRun(loader: run, session: Session(connection)).run(tasks)
            }
            let facts = try await warehouse.facts(of: Set(report.rowCounts.map(\.dataset)))
            report.coverage = facts.sorted { $0.key < $1.key }.flatMap { id, facts in
                facts.coverage.sorted { $0.key < $1.key }.map {
                    LoadReport.Coverage(dataset: id, column: $0.key, window: $0.value)
                }
            }
            return report
        } catch let error as EngineError {
            throw Warehouse.diagnostics(error, path: warehouse.database.path ?? "")
        }
    }

    /// Copies that a load which was ended from outside left behind. Nobody else loads meanwhile.
    private func removeLeftovers() {
        let folder = warehouse.workspace.folder + "/.plumb"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix("load-") && name.hasSuffix(".tmp") {
            unlink(folder + "/" + name)
        }
    }

    /// The reader of spreadsheets is an extension of the engine beside its library.
    private func loadExtensions(_ tasks: [LoadTask]) async throws {
        let needsSheets = tasks.contains { task in
            task.files.contains { LoadTask.format($0, task.source) == .xlsx }
        }
        guard needsSheets else { return }
        let library = warehouse.database.library.path
        let folder = (library as NSString).deletingLastPathComponent + "/../extensions"
        do {
            try await warehouse.database.loadExtension(folder + "/excel.duckdb_extension")
        } catch let error as EngineError {
            throw Diagnostics(
                .engine(
                    "the spreadsheet reader cannot be loaded (\(error.message)); run scripts/setup")
            )
        }
    }
}

/// One source with its files.
struct LoadTask: Sendable {
    let source: Source
    let files: [String]

    static func format(_ path: String, _ source: Source) -> Source.Format {
        if let format = source.format { return format }
        let name = path.lowercased()
        if name.hasSuffix(".parquet") { return .parquet }
        if name.hasSuffix(".xlsx") { return .xlsx }
        let isJSON = [".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".json"].contains {
            name.hasSuffix($0)
        }
        return isJSON ? .jsonl : .csv
    }
}

/// One load inside its transaction, on the connection's thread.
struct LoadRun {
    let loader: Loader
    let session: Session

    private var workspace: Workspace { loader.warehouse.workspace }

    func run(_ tasks: [LoadTask]) throws -> LoadReport {
        var report = LoadReport()
        var problems: [Diagnostic] = []
        let total = tasks.reduce(0) { $0 + $1.files.count }
        var done = 0
        for dataset in Set(tasks.map(\.source.dataset)).sorted() {
            try prepareTable(dataset, tasks)
        }
        for task in tasks {
            try adoptFiles(task)
            try startSnapshot(task)
            for file in task.files {
                loader.progress(
                    LoadProgress(
                        source: task.source.id, file: relative(file), done: done,
                        total: total))
                do {
                    report.files.append(try load(file, task))
                } catch let error as Diagnostics {
                    problems += error.items
                } catch let error as EngineError where error.kind != .cancelled {
                    let line = error.message.split(separator: "\n").first.map(String.init)
                    let reason = FileFault.said(line ?? error.message)
                    problems.append(
                        Diagnostic(.unreadable(file: relative(file), reason: reason)))
                    // After most errors of its own the engine gives up the transaction.
                    guard isAlive else { throw Diagnostics(problems) }
                }
                done += 1
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        loader.progress(LoadProgress(source: "", file: "", done: total, total: total))
        try finish(tasks, &report)
        return report
    }

    private var isAlive: Bool { (try? session.number("SELECT 1")) != nil }

    // MARK: Tables

    private func dataset(_ id: String) -> Dataset { workspace.dataset(id)! }

    private func prepareTable(_ id: String, _ tasks: [LoadTask]) throws {
        let dataset = dataset(id)
        let signature = loader.warehouse.signature(dataset)
        let stored = try session.read(
            "SELECT signature FROM plumb.datasets WHERE dataset = \(value: .text(id))")
        if stored.rowCount > 0, stored[0, 0].plainText != signature {
            let sources = Set(workspace.sources.filter { $0.dataset == id }.map(\.id))
            guard loader.again, sources.isSubset(of: tasks.map(\.source.id)) else {
                throw Diagnostics(.storeOutdated(dataset: id))
            }
            try session.run("DROP TABLE IF EXISTS data.\(name: id)")
            try session.run("DELETE FROM plumb.files WHERE dataset = \(value: .text(id))")
            try session.run("DELETE FROM plumb.quarantine WHERE dataset = \(value: .text(id))")
            try session.run("DELETE FROM plumb.extents WHERE dataset = \(value: .text(id))")
        }
        let columns: [SQLText] = dataset.columns.map {
            "\(name: $0.name) \(Dialect.duckDB.type($0.type))"
        }
        let days: [SQLText] = Warehouse.dayColumns(dataset).map { "\(name: $0 + "$day") DATE" }
        try session.run(
            """
            CREATE TABLE IF NOT EXISTS data.\(name: id) (\(columns + days), \
            \(name: "$file") BIGINT, \(name: "$line") BIGINT)
            """)
        let filling = workspace.sources.filter { $0.dataset == id }
        let mapped = Set(filling.flatMap { $0.columns.map(\.column) + $0.derived.map(\.column) })
        try session.run(
            """
            INSERT OR REPLACE INTO plumb.datasets VALUES (\(value: .text(id)), \
            \(value: .text(signature)), \(value: .text(mapped.sorted().joined(separator: ","))))
            """)
    }

    /// Files of a source that was given another id belong to it under its new one.
    private func adoptFiles(_ task: LoadTask) throws {
        let dataset = task.source.dataset
        let sources = workspace.sources.filter { $0.dataset == dataset }.map {
            "\(value: .text($0.id))" as SQLText
        }
        let paths = task.files.map { "\(value: .text(relative($0)))" as SQLText }
        try session.run(
            """
            UPDATE plumb.files SET source = \(value: .text(task.source.id)) \
            WHERE dataset = \(value: .text(dataset)) AND path IN (\(paths)) \
            AND source NOT IN (\(sources))
            """)
    }

    /// A snapshot whose files changed in any way replaces what its source loaded before.
    private func startSnapshot(_ task: LoadTask) throws {
        guard task.source.mode == .snapshot else { return }
        let known = try session.read(
            """
            SELECT path, fingerprint, mapping FROM plumb.files \
            WHERE source = \(value: .text(task.source.id)) ORDER BY path
            """)
        let signature = task.source.signature(workspace.calendar.zone)
        let loaded = (0..<known.rowCount).map { row in
            [known[row, 0], known[row, 1], known[row, 2]].map { $0.plainText ?? "" }
        }
        let wanted = task.files.map { path in
            [relative(path), ByteReader.fingerprint(path) ?? "", signature]
        }.sorted { $0[0] < $1[0] }
        if loaded != wanted || loader.again {
            try forget("source", task.source.id, task.source.dataset)
        }
    }

    /// Removes what files brought.
    private func forget(_ column: String, _ value: String, _ dataset: String) throws {
        let files: SQLText =
            "(SELECT id FROM plumb.files WHERE \(name: column) = \(value: .text(value)))"
        try session.run(
            "DELETE FROM data.\(name: dataset) WHERE \(name: "$file") IN \(files)")
        try session.run("DELETE FROM plumb.quarantine WHERE file IN \(files)")
        try session.run("DELETE FROM plumb.files WHERE \(name: column) = \(value: .text(value))")
    }

    private func relative(_ path: String) -> String {
        let prefix = loader.dataFolder + "/"
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }

    // MARK: One file

    private func load(_ path: String, _ task: LoadTask) throws -> LoadReport.File {
        let name = relative(path)
        let source = task.source
        var outcome = LoadReport.File(
            source: source.id, dataset: source.dataset, name: name, outcome: .loaded)
        guard let fingerprint = ByteReader.fingerprint(path) else {
            let reason = FileKind.fault(path) ?? .said(String(cString: strerror(errno)))
            throw Diagnostics(.unreadable(file: name, reason: reason))
        }
        let signature = task.source.signature(workspace.calendar.zone)
        if let known = try alreadyLoaded(name, fingerprint, signature, source),
            !loader.again || known != .unchanged
        {
            outcome.outcome = known
            return outcome
        }
        try forgetOlder(name, signature, source)
        let file = Int64(try session.number("SELECT nextval('plumb.file_number')"))
        try append(path, file, task, &outcome)
        try session.run(
            """
            INSERT INTO plumb.files VALUES (\(value: .integer(file)), \(value: .text(source.id)), \
            \(value: .text(source.dataset)), \(value: .text(name)), \(value: .text(fingerprint)), \
            \(value: .text(signature)), \(value: .integer(Int64(outcome.rows))), \
            \(value: .integer(Int64(outcome.rejectedCount))), now())
            """)
        return outcome
    }

    private func alreadyLoaded(
        _ name: String, _ fingerprint: String, _ signature: String, _ source: Source
    ) throws -> LoadReport.Outcome? {
        let known = try session.read(
            """
            SELECT path FROM plumb.files WHERE source = \(value: .text(source.id)) AND \
            fingerprint = \(value: .text(fingerprint)) AND mapping = \(value: .text(signature))
            """)
        let paths = (0..<known.rowCount).compactMap { known[$0, 0].plainText }
        if paths.contains(name) { return .unchanged }
        // A key makes a second copy harmless, and its order may matter.
        if source.mode == .append, let other = paths.first { return .sameContent(as: other) }
        return nil
    }

    /// A file that changed replaces what it brought before; with a key its records replace theirs,
    /// unless the mapping changed, and the keys with it.
    private func forgetOlder(_ name: String, _ signature: String, _ source: Source) throws {
        let older: SQLText = "source = \(value: .text(source.id)) AND path = \(value: .text(name))"
        let files: SQLText = "(SELECT id FROM plumb.files WHERE \(older))"
        try session.run("DELETE FROM plumb.quarantine WHERE file IN \(files)")
        let keepsRecords = source.mode == .upsert
        let gone: SQLText =
            keepsRecords ? "\(older) AND mapping <> \(value: .text(signature))" : older
        try session.run(
            """
            DELETE FROM data.\(name: source.dataset) WHERE \(name: "$file") IN \
            (SELECT id FROM plumb.files WHERE \(gone))
            """)
        // Records that stay still say where they came from.
        try session.run(
            keepsRecords
                ? "UPDATE plumb.files SET fingerprint = '' WHERE \(older)"
                : "DELETE FROM plumb.files WHERE \(older)")
    }

    private func append(
        _ path: String, _ file: Int64, _ task: LoadTask, _ outcome: inout LoadReport.File
    ) throws {
        let source = task.source
        let dataset = dataset(source.dataset)
        let format = LoadTask.format(path, source)
        let copy = workspace.folder + "/.plumb/load-\(getpid())-\(file).tmp"
        try? FileManager.default.createDirectory(
            atPath: workspace.folder + "/.plumb", withIntermediateDirectories: true)
        defer { unlink(copy) }
        let staged = try Staging(
            source: source, path: path, fileName: outcome.name, format: format, copyPath: copy,
            numeric: Set(dataset.columns.filter(\.type.isNumeric).map(\.name)), session: session
        ).stage()
        let rows = TypedRows(
            source: source, dataset: dataset, workspace: workspace,
            typing: Typing(
                source: source, workspaceZone: workspace.calendar.zone,
                hasDayNumbers: format == .xlsx),
            session: session)
        let rejected = try rows.make()
        outcome.rows = staged.rows + staged.badRows.count
        outcome.rejectedCount = rejected.count + staged.badRows.count
        try quarantine(staged, rejected, file, source, &outcome)
        outcome.collapsed = try rows.collapse()
        outcome.loaded = try insert(dataset, source, file, staged)
    }

    /// Notes rejected rows, and refuses the file when there are more than allowed.
    private func quarantine(
        _ staged: Staging.Staged, _ rejected: [TypedRows.Rejected], _ file: Int64,
        _ source: Source, _ outcome: inout LoadReport.File
    ) throws {
        var items: [(line: Int, column: String?, value: String?, problem: Problem)] = []
        for row in staged.badRows {
            items.append(
                (
                    row.line, nil, row.text,
                    .badRow(file: outcome.name, line: row.line, reason: row.reason)
                ))
        }
        for cell in rejected {
            let line = staged.lines.line(of: cell.record)
            let problem: Problem =
                cell.expected.map {
                    .badCell(
                        file: outcome.name, line: line, column: cell.column,
                        value: cell.value ?? "", expected: $0)
                } ?? .missingRequired(file: outcome.name, line: line, column: cell.column)
            items.append((line, cell.column, cell.value, problem))
        }
        items.sort { $0.line < $1.line }
        outcome.rejected = items.prefix(20).map { Diagnostic($0.problem) }
        let limit = source.allowedRejects * Double(max(1, outcome.rows))
        if Double(items.count) > limit + 1e-9 {
            let percent = (source.allowedRejects * 1e6).rounded() / 1e4
            let allowed =
                source.allowedRejects == 0
                ? "0" : "\(percent == percent.rounded() ? "\(Int(percent))" : "\(percent)")%"
            throw Diagnostics(
                outcome.rejected + [
                    Diagnostic(
                        .tooManyRejected(
                            rejected: items.count, rows: outcome.rows, allowed: allowed),
                        at: source.place)
                ])
        }
        guard !items.isEmpty else { return }
        func text(_ values: [String?]) -> Column.Values { .text(values.map { $0 ?? "" }) }
        let table = Table(columns: [
            Column(name: "file", values: .int64(items.map { _ in file })),
            Column(name: "dataset", values: .text(items.map { _ in source.dataset })),
            Column(name: "line", values: .int64(items.map { Int64($0.line) })),
            Column(name: "column", values: text(items.map(\.column))),
            Column(name: "value", values: text(items.map(\.value))),
            Column(name: "reason", values: .text(items.map { $0.problem.wording.reason.en })),
        ])
        try session.ingest(table, into: "quarantine", schema: "plumb", mode: .append)
    }

    private func insert(
        _ dataset: Dataset, _ source: Source, _ file: Int64, _ staged: Staging.Staged
    ) throws -> Int {
        let (line, join) = try lines(staged.lines)
        if !dataset.key.isEmpty {
            let key: [SQLText] = dataset.key.map {
                "\(name: "t").\(name: $0) = \(name: "r").\(name: $0)"
            }
            try session.run(
                """
                DELETE FROM data.\(name: dataset.id) AS \(name: "t") USING plumb_rows AS \(name: "r") \
                WHERE \(key, separator: " AND ")
                """)
        }
        let zone: SQLText = "\(value: .text(workspace.calendar.zone.identifier))"
        let columns: [SQLText] = dataset.columns.map { "\(name: "r").\(name: $0.name)" }
        let days: [SQLText] = Warehouse.dayColumns(dataset).map {
            "CAST(timezone(\(zone), \(name: "r").\(name: $0)) AS DATE)"
        }
        try session.run(
            """
            INSERT INTO data.\(name: dataset.id) SELECT \(columns + days), \(value: .integer(file)), \(line) \
            FROM plumb_rows AS \(name: "r")\(join) ORDER BY \(name: "r").\(name: "$record")
            """)
        return try session.number("SELECT count(*) FROM plumb_rows")
    }

    /// The line of a record, and the table it is found in where lines do not simply follow.
    private func lines(_ lines: LineRuns) throws -> (line: SQLText, join: SQLText) {
        let record: SQLText = "\(name: "r").\(name: "$record")"
        guard lines.runs.count > 1 else { return ("\(record) + \(integer: lines.line(of: 0))", "") }
        let table = Table(columns: [
            Column(name: "record", values: .int64((0..<lines.count).map { Int64($0) })),
            Column(name: "line", values: .int64(lines.all.map { Int64($0) })),
        ])
        try session.ingest(table, into: "plumb_lines", mode: .replace, temporary: true)
        return (
            "\(name: "l").\(name: "line")",
            " JOIN plumb_lines AS \(name: "l") ON \(name: "l").\(name: "record") = \(record)"
        )
    }

    // MARK: After all files

    private func finish(_ tasks: [LoadTask], _ report: inout LoadReport) throws {
        let loaded = Set(tasks.map(\.source.dataset))
        let stored = try storedDatasets()
        var touched = loaded
        try checkUnique(stored, loaded)
        try setOrphansAside(stored, &touched, &report)
        for id in workspace.datasets.map(\.id) where touched.contains(id) {
            try forgetUnused(id)
            try reportDangling(dataset(id), stored, &report)
            try measureExtents(dataset(id))
            let count = try session.number("SELECT count(*) FROM data.\(name: id)")
            report.rowCounts.append((id, count))
        }
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
            AND id NOT IN (SELECT DISTINCT \(name: "$file") FROM data.\(name: id))
            """)
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
        try session.run("DELETE FROM data.\(name: dataset.id) AS \(name: "r") WHERE \(orphan)")
        for row in 0..<found.rowCount {
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
