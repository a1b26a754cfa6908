import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// What batches brought that are committed already.
struct SyncOutcome: Sendable {
    var files: [LoadReport.File] = []
    var changes: [String: RecordCounts] = [:]
    var unread: [Diagnostic] = []
}

extension LoadReport {
    /// What was committed before the rest of the load.
    mutating func add(_ synced: SyncOutcome) {
        files = synced.files + files
        changes.merge(synced.changes) { $0 + $1 }
        unread = synced.unread
    }
}

extension Source {
    /// Whether it is read by its changes, batch by batch.
    var isSynced: Bool { postgres?.since != nil }
}

/// Sources that are databases: those read by their changes commit on the way, the others are staged for
/// the one transaction of the load.
extension Loader {
    /// Reads what changed since the last load.
    ///
    /// - Throws: what stopped it. The store then holds the batches before that, with their checkpoint.
    func sync(
        _ tasks: [LoadTask], on connection: Connection, _ outcome: inout SyncOutcome
    ) async throws {
        for task in Self.childrenFirst(tasks.filter(\.source.isSynced), warehouse.workspace) {
            try await sync(task, tasks, on: connection, &outcome)
        }
    }

    /// Brings the store to an end without what failed: references of the batches that are in are checked,
    /// and how far times reach.
    ///
    /// - Returns: the error, with how many rows are in.
    func settled(
        _ error: Diagnostics, after synced: SyncOutcome, on connection: Connection
    ) async throws -> Diagnostics {
        guard !synced.files.isEmpty else { return error }
        var items = error.items
        let run = self
        do {
            _ = try await connection.transaction { connection in
                try LoadRun(loader: run, session: Session(connection)).run([])
            }
        } catch let further as Diagnostics {
            items += further.items.filter { !items.contains($0) }
        }
        let done = synced.files.filter { $0.rows > 0 }
        return Diagnostics(
            items + done.map { Diagnostic(.syncedInPart(source: $0.source, rows: $0.rows)) })
    }

    /// A record's parent is on the server before it: whoever reads the parents later finds them.
    static func childrenFirst(_ tasks: [LoadTask], _ workspace: Workspace) -> [LoadTask] {
        var rest = tasks
        var ordered: [LoadTask] = []
        while !rest.isEmpty {
            let index =
                rest.firstIndex { task in
                    !rest.contains { other in
                        other.source.dataset != task.source.dataset
                            && workspace.dataset(other.source.dataset)!.references.contains {
                                $0.target == task.source.dataset
                            }
                    }
                } ?? 0
            ordered.append(rest.remove(at: index))
        }
        return ordered
    }

    /// Fetches a batch while the one before is written.
    private func sync(
        _ task: LoadTask, _ tasks: [LoadTask], on connection: Connection,
        _ outcome: inout SyncOutcome
    ) async throws {
        let reading = try await self.reading(task)
        let start = try await checkpoint(task.source, on: connection)
        try await reading.start(start)
        outcome.files.append(
            LoadReport.File(
                source: task.source.id, dataset: task.source.dataset, name: reading.name,
                outcome: .loaded))
        var done = 0
        var table = try await reading.next()
        while true {
            let isLast = table.rowCount < reading.origin.batch
            async let following = isLast ? Table() : reading.next()
            let batch = SyncBatch(table, before: done, name: reading.name)
            try await write(batch, task, tasks, on: connection, &outcome)
            done += batch.count
            progress(
                LoadProgress(source: task.source.id, file: reading.name, done: done, total: 0))
            if isLast { break }
            table = try await following
        }
        if start == nil { try await noteUnread(reading, &outcome) }
    }

    private func write(
        _ batch: SyncBatch, _ task: LoadTask, _ tasks: [LoadTask], on connection: Connection,
        _ outcome: inout SyncOutcome
    ) async throws {
        let run = self
        let (file, changes) = try await connection.transaction { connection in
            try LoadRun(loader: run, session: Session(connection)).take(batch, task, tasks)
        }
        outcome.files[outcome.files.count - 1].add(file)
        if let changes {
            let known = outcome.changes[file.dataset] ?? RecordCounts()
            outcome.changes[file.dataset] = known + changes
        }
    }

    private func noteUnread(
        _ reading: PostgresReading, _ outcome: inout SyncOutcome
    ) async throws {
        let rows = try await reading.unstampedRows()
        guard rows > 0, let since = reading.origin.since else { return }
        outcome.unread.append(
            Diagnostic(
                .rowsWithoutSince(source: reading.source.id, column: since, rows: rows),
                at: reading.source.place))
    }

    private func reading(_ task: LoadTask) async throws -> PostgresReading {
        let workspace = warehouse.workspace
        return try await PostgresReading(
            task.source, workspace.dataset(task.source.dataset)!,
            zone: task.source.zone ?? workspace.calendar.zone, environment: environment)
    }

    /// Where to go on; nil: at the beginning, also when the mapping or the column is another now.
    private func checkpoint(
        _ source: Source, on connection: Connection
    ) async throws -> PostgresRows.Start? {
        guard !again, let origin = source.postgres, let since = origin.since else { return nil }
        let signature = source.signature(warehouse.workspace.calendar.zone)
        let sql: SQLText = """
            SELECT "value" FROM plumb.checkpoints WHERE source = \(value: .text(source.id)) \
            AND "column" = \(value: .text(since)) AND mapping = \(value: .text(signature))
            """
        let found = try await connection.query(sql.text, sql.parameters)
        guard found.rowCount > 0, let value = found[0, 0].plainText else { return nil }
        return PostgresRows.Start(value: value, overlap: origin.overlap)
    }

    // MARK: Whole tables

    /// Fetches the rows of databases that are read whole into temporary tables beside the connection.
    func stage(_ tasks: [LoadTask], on connection: Connection) async throws -> [LoadTask] {
        var staged: [LoadTask] = []
        for task in tasks {
            var task = task
            if task.source.postgres != nil {
                let beside = try await connection.perform { try $0.sibling() }
                task.staged = try await stage(task, "plumb_stage", on: beside)
            }
            staged.append(task)
        }
        return staged
    }

    private func stage(
        _ task: LoadTask, _ table: String, on connection: Connection
    ) async throws -> StagedTable {
        let reading = try await self.reading(task)
        try await reading.start(nil)
        var done = 0
        while true {
            let rows = try await reading.next()
            let numbered = rows.numbered(from: done)
            try await connection.ingest(
                numbered, into: table, mode: done == 0 ? .replace : .append, temporary: true)
            done += rows.rowCount
            progress(
                LoadProgress(source: task.source.id, file: reading.name, done: done, total: 0))
            if rows.rowCount < reading.origin.batch { break }
        }
        return StagedTable(
            name: reading.name, connection: connection, table: table, rows: done)
    }
}

/// All rows of a database's table, as text in a temporary table.
struct StagedTable: Sendable {
    let name: String
    /// Of the table, beside that of the load.
    let connection: Connection
    let table: String
    let rows: Int
}

/// Rows of a database that are committed together.
struct SyncBatch: Sendable {
    /// `$record`, `s0`, `s1`, …
    let table: Table
    /// Which rows lie at or before the checkpoint: they, or others of their stamp, were read before.
    let known: Set<Int>
    /// Of the last row.
    let stamp: String?
    let key: String?
    /// Rows of this load that came before.
    let before: Int
    let name: String

    var count: Int { table.rowCount }
    var isFirst: Bool { before == 0 }

    init(_ fetched: Table, before: Int, name: String) {
        var rows = fetched
        rows.columns.removeAll {
            [PostgresRows.stamp, PostgresRows.key, PostgresRows.isAgain].contains($0.name)
        }
        table = rows.numbered(from: 0)
        let last = fetched.rowCount - 1
        func text(_ name: String) -> String? { last < 0 ? nil : fetched[name]?[last].plainText }
        stamp = text(PostgresRows.stamp)
        key = text(PostgresRows.key)
        let flags = fetched[PostgresRows.isAgain]
        known = Set((0..<fetched.rowCount).filter { flags?[$0] == .bool(true) })
        self.before = before
        self.name = name
    }
}

extension Table {
    /// With `$record` that counts on.
    fileprivate func numbered(from first: Int) -> Table {
        let numbers = Column(
            name: "$record", values: .int64((0..<rowCount).map { Int64(first + $0) }))
        var table = self
        table.columns.insert(numbers, at: 0)
        return table
    }
}

extension LoadReport.File {
    /// Another batch of the same source.
    fileprivate mutating func add(_ batch: LoadReport.File) {
        rows += batch.rows
        loaded += batch.loaded
        collapsed += batch.collapsed
        rejectedCount += batch.rejectedCount
        rejected = Array((rejected + batch.rejected).prefix(20))
    }
}
