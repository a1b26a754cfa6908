import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// One load inside its transaction, on the connection's thread.
struct LoadRun {
    let loader: Loader
    let session: Session
    let log: ChangeLog

    init(loader: Loader, session: Session) throws {
        self.loader = loader
        self.session = session
        log = try ChangeLog(workspace: loader.warehouse.workspace, session: session)
    }

    var workspace: Workspace { loader.warehouse.workspace }

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
            if let staged = task.staged {
                do {
                    report.files.append(try load(staged, task))
                } catch let error as Diagnostics {
                    problems += error.items
                }
            }
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
        try finish(tasks, &report) {
            loader.progress(LoadProgress(step: $0, done: total, total: total))
        }
        return report
    }

    private var isAlive: Bool { (try? session.number("SELECT 1")) != nil }

    // MARK: Tables

    func dataset(_ id: String) -> Dataset { workspace.dataset(id)! }

    func prepareTable(_ id: String, _ tasks: [LoadTask]) throws {
        let dataset = dataset(id)
        let signature = loader.warehouse.signature(dataset)
        let stored = try session.read(
            "SELECT signature FROM plumb.datasets WHERE dataset = \(value: .text(id))")
        if stored.rowCount > 0, stored[0, 0].plainText != signature {
            let sources = Set(workspace.sources.filter { $0.dataset == id }.map(\.id))
            guard loader.again, sources.isSubset(of: tasks.map(\.source.id)) else {
                throw Diagnostics(.storeOutdated(dataset: id))
            }
            try log.forgetAll(id)
            try session.run("DROP TABLE IF EXISTS data.\(name: id)")
            try session.run("DELETE FROM plumb.files WHERE dataset = \(value: .text(id))")
            try session.run("DELETE FROM plumb.quarantine WHERE dataset = \(value: .text(id))")
            try session.run("DELETE FROM plumb.extents WHERE dataset = \(value: .text(id))")
            try forgetCheckpoints(sources)
        }
        if stored.rowCount == 0 { try session.run("DROP TABLE IF EXISTS data.\(name: id)") }
        try session.run(Warehouse.creation(of: dataset, workspace))
        let filling = workspace.sources.filter { $0.dataset == id }
        let mapped = Set(filling.flatMap { $0.columns.map(\.column) + $0.derived.map(\.column) })
        try session.run(
            """
            INSERT OR REPLACE INTO plumb.datasets VALUES (\(value: .text(id)), \
            \(value: .text(signature)), \(value: .text(mapped.sorted().joined(separator: ","))))
            """)
    }

    /// Files of a source that was given another id belong to it under its new one.
    func adoptFiles(_ task: LoadTask) throws {
        let dataset = task.source.dataset
        let sources = workspace.sources.filter { $0.dataset == dataset }.map {
            "\(value: .text($0.id))" as SQLText
        }
        let paths = task.names(relative).map { "\(value: .text($0))" as SQLText }
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
        if task.staged != nil { return try forget("source", task.source.id, task.source.dataset) }
        // What was signed off before counts until its successor is.
        let areSigned = task.files.allSatisfy { path in
            loader.isSignedOff(relative(path), ByteReader.fingerprint(path) ?? "")
        }
        guard task.source.keeper == nil || areSigned else { return }
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
        try log.remember(dataset, where: "\(name: "t").\(name: "$file") IN \(files)")
        try session.run(
            "DELETE FROM data.\(name: dataset) WHERE \(name: "$file") IN \(files)")
        try session.run("DELETE FROM plumb.quarantine WHERE file IN \(files)")
        try session.run("DELETE FROM plumb.files WHERE \(name: column) = \(value: .text(value))")
    }

    private func relative(_ path: String) -> String { loader.name(of: path) }

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
        if source.keeper != nil, !loader.isSignedOff(name, fingerprint) {
            outcome.outcome = .awaitsSignOff
            return outcome
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
        try noteFile(file, fingerprint, signature, outcome)
        return outcome
    }

    func noteFile(
        _ file: Int64, _ fingerprint: String, _ signature: String, _ outcome: LoadReport.File
    ) throws {
        try session.run(
            """
            INSERT INTO plumb.files VALUES (\(value: .integer(file)), \
            \(value: .text(outcome.source)), \(value: .text(outcome.dataset)), \
            \(value: .text(outcome.name)), \(value: .text(fingerprint)), \
            \(value: .text(signature)), \(value: .integer(Int64(outcome.rows))), \
            \(value: .integer(Int64(outcome.rejectedCount))), now())
            """)
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
        let leaving: SQLText = "(SELECT id FROM plumb.files WHERE \(gone))"
        try log.remember(source.dataset, where: "\(name: "t").\(name: "$file") IN \(leaving)")
        try session.run(
            "DELETE FROM data.\(name: source.dataset) WHERE \(name: "$file") IN \(leaving)")
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
        let copy = try scratch("\(file)")
        defer { unlink(copy) }
        let bench = try session.beside()
        let staged = try Staging(
            source: source, path: path, fileName: outcome.name, format: format, copyPath: copy,
            numeric: Set(dataset.columns.filter(\.type.isNumeric).map(\.name)), session: bench
        ).stage()
        let rows = typedRows(source, on: bench, hasDayNumbers: format == .xlsx)
        try put(rows, staged, file, try rows.make(), &outcome)
    }

    /// A file that lasts no longer than the load.
    private func scratch(_ name: String) throws -> String {
        let folder = workspace.folder + "/.plumb"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        return "\(folder)/load-\(getpid())-\(name).tmp"
    }

    /// - Parameters:
    ///   - bench: a session beside that of the load.
    ///   - stage: the table with the records as text, on it.
    func typedRows(
        _ source: Source, on bench: Session, stage: String = "plumb_stage",
        hasDayNumbers: Bool = false
    ) -> TypedRows {
        let typing = Typing(
            source: source, workspaceZone: workspace.calendar.zone, hasDayNumbers: hasDayNumbers)
        return TypedRows(
            source: source, dataset: dataset(source.dataset), workspace: workspace,
            typing: typing, session: bench, stage: stage)
    }

    /// Puts the records that were made of staged ones into their dataset.
    ///
    /// - Parameter uncounted: records that may be rejected however many they are.
    func put(
        _ rows: TypedRows, _ staged: Staging.Staged, _ file: Int64,
        _ rejected: [TypedRows.Rejected], uncounted: Set<Int> = [],
        _ outcome: inout LoadReport.File
    ) throws {
        outcome.rows = staged.rows + staged.badRows.count
        outcome.rejectedCount = rejected.count + staged.badRows.count
        let free = rejected.count { uncounted.contains($0.record) }
        try quarantine(staged, rejected, free: free, file, rows.source, &outcome)
        outcome.collapsed = try rows.collapse()
        let handed = try scratch("\(file)-rows")
        defer { unlink(handed) }
        outcome.loaded = try rows.write(to: handed, lines: staged.lines)
        try insert("read_parquet(\(value: .text(handed)))", file, rows.dataset)
    }

    /// Notes rejected rows, and refuses the file when there are more than allowed beside the free ones.
    private func quarantine(
        _ staged: Staging.Staged, _ rejected: [TypedRows.Rejected], free: Int, _ file: Int64,
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
        // Where not a single row can be read the mapping is wrong, however many may be set aside.
        let isAll = outcome.rows > 1 && outcome.rejectedCount >= outcome.rows
        if Double(items.count - free) > limit + 1e-9 || isAll {
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

    /// Puts records into their dataset, in the place of those with the same keys.
    private func insert(_ rows: SQLText, _ file: Int64, _ dataset: Dataset) throws {
        let isEmpty = try session.number("SELECT count(*) FROM data.\(name: dataset.id)") == 0
        if !dataset.key.isEmpty, !isEmpty {
            let key: [SQLText] = dataset.key.map {
                "\(name: "t").\(name: $0) = \(name: "r").\(name: $0)"
            }
            try log.remember(
                dataset.id, join: " JOIN \(rows) AS \(name: "r") ON \(key, separator: " AND ")",
                where: "TRUE")
            try session.run(
                """
                DELETE FROM data.\(name: dataset.id) AS \(name: "t") USING \(rows) AS \(name: "r") \
                WHERE \(key, separator: " AND ")
                """)
        }
        let zone: SQLText = "\(value: .text(workspace.calendar.zone.identifier))"
        let columns: [SQLText] = dataset.columns.map { "\(name: "r").\(name: $0.name)" }
        let days: [SQLText] = Warehouse.dayColumns(dataset).map {
            "CAST(timezone(\(zone), \(name: "r").\(name: $0)) AS DATE)"
        }
        let recorded: [SQLText] = workspace.followedColumns(dataset).map { column, _ in
            "\(name: "r").\(name: column)"
        }
        try session.run(
            """
            INSERT INTO data.\(name: dataset.id) SELECT \(columns + days + recorded), \
            \(value: .integer(file)), \(name: "r").\(name: "$line") FROM \(rows) AS \(name: "r")
            """)
    }
}
