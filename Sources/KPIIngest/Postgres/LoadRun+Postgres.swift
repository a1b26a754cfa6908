import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// Rows of databases inside a transaction of the store.
extension LoadRun {
    // MARK: Whole tables

    /// Puts what was staged in the place of what the source brought before.
    func load(_ staged: StagedTable, _ task: LoadTask) throws -> LoadReport.File {
        let source = task.source
        var outcome = LoadReport.File(
            source: source.id, dataset: source.dataset, name: staged.name, outcome: .loaded)
        let file = Int64(try session.number("SELECT nextval('plumb.file_number')"))
        let rows = typedRows(
            source, on: Session(beside: staged.connection), stage: staged.table)
        let lines = LineRuns(from: 1, count: staged.rows)
        try put(
            rows, Staging.Staged(rows: staged.rows, lines: lines), file, try rows.make(), &outcome)
        try noteFile(file, "", source.signature(workspace.calendar.zone), outcome)
        return outcome
    }

    // MARK: Batches

    /// Takes a batch in, and with it how far the source was read.
    ///
    /// - Parameter tasks: all of the load.
    func take(
        _ batch: SyncBatch, _ task: LoadTask, _ tasks: [LoadTask]
    ) throws -> (file: LoadReport.File, changes: RecordCounts?) {
        let source = task.source
        if batch.isFirst { try begin(task, tasks) }
        var outcome = LoadReport.File(
            source: source.id, dataset: source.dataset, name: batch.name, outcome: .loaded)
        if batch.count > 0 {
            try put(batch, source, &outcome)
            try noteCheckpoint(batch, source)
        }
        try session.run(
            "INSERT OR IGNORE INTO plumb.unfinished VALUES (\(value: .text(source.dataset)))")
        try checkUnique(to: dataset(source.dataset))
        let changes = try log.write([source.dataset])
        try log.clear(source.dataset)
        return (outcome, changes[source.dataset])
    }

    /// A mapping that is another now gave records other keys: they leave before the first come.
    private func begin(_ task: LoadTask, _ tasks: [LoadTask]) throws {
        let source = task.source
        try prepareTable(source.dataset, tasks)
        try adoptFiles(task)
        let signature = source.signature(workspace.calendar.zone)
        let own: SQLText = "source = \(value: .text(source.id))"
        let outdated: SQLText = """
            (SELECT id FROM plumb.files WHERE \(own) AND mapping <> \(value: .text(signature)))
            """
        try log.remember(source.dataset, where: "\(name: "t").\(name: "$file") IN \(outdated)")
        try session.run(
            "DELETE FROM data.\(name: source.dataset) WHERE \(name: "$file") IN \(outdated)")
        let renewed: SQLText =
            loader.again ? "(SELECT id FROM plumb.files WHERE \(own))" : outdated
        try session.run("DELETE FROM plumb.quarantine WHERE file IN \(renewed)")
        if loader.again { try forgetCheckpoints([source.id]) }
    }

    func forgetCheckpoints(_ sources: Set<String>) throws {
        let ids = sources.sorted().map { "\(value: .text($0))" as SQLText }
        try session.run("DELETE FROM plumb.checkpoints WHERE source IN (\(ids))")
    }

    private func put(
        _ batch: SyncBatch, _ source: Source, _ outcome: inout LoadReport.File
    ) throws {
        let bench = try session.beside()
        try bench.ingest(batch.table, into: "plumb_stage", mode: .replace, temporary: true)
        let file = Int64(try session.number("SELECT nextval('plumb.file_number')"))
        let rows = typedRows(source, on: bench)
        let noted = try notedValues(source)
        let rejected = try rows.make().filter { cell in
            !batch.known.contains(cell.record) || !noted.contains([cell.column, cell.value ?? ""])
        }
        let staged = Staging.Staged(
            rows: batch.count, lines: LineRuns(from: batch.before + 1, count: batch.count))
        try put(rows, staged, file, rejected, uncounted: batch.known, &outcome)
        try noteFile(file, "", source.signature(workspace.calendar.zone), outcome)
    }

    /// What was set aside of a source: a row that is read again is not noted again.
    private func notedValues(_ source: Source) throws -> Set<[String]> {
        let found = try session.read(
            """
            SELECT DISTINCT q."column", q."value" FROM plumb.quarantine AS q JOIN plumb.files AS f \
            ON f.id = q.file WHERE f.source = \(value: .text(source.id))
            """)
        return Set(
            (0..<found.rowCount).map { row in
                [found[row, 0].plainText ?? "", found[row, 1].plainText ?? ""]
            })
    }

    /// Never goes back: rows before it were read.
    private func noteCheckpoint(_ batch: SyncBatch, _ source: Source) throws {
        guard let stamp = batch.stamp, let since = source.postgres?.since else { return }
        let id: SQLText = "\(value: .text(source.id))"
        if batch.known.contains(batch.count - 1) {
            try session.run(
                """
                UPDATE plumb.checkpoints SET rows = rows + \(integer: batch.count), "at" = now() \
                WHERE source = \(id)
                """)
            return
        }
        let signature = source.signature(workspace.calendar.zone)
        try session.run(
            """
            INSERT OR REPLACE INTO plumb.checkpoints SELECT \(id), \(value: .text(since)), \
            \(value: .text(signature)), \(value: .text(stamp)), \(value: .text(batch.key ?? "")), \
            \(integer: batch.count) + coalesce((SELECT rows FROM plumb.checkpoints \
            WHERE source = \(id) AND mapping = \(value: .text(signature))), 0), now()
            """)
    }
}
