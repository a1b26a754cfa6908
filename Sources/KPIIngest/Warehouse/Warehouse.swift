import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// The loaded records of a workspace: `store/records.duckdb`.
///
/// Schema `data` holds one table for each dataset, with the columns of its definition, a column
/// `NAME$day` with the local day of every timestamp that is a time column, a column `NAME$raw` with what
/// was recorded where `NAME` follows merged records, and `$file`, `$line`.
/// Schema `plumb` holds what was loaded from where, what was rejected, the extent of times, how far sources
/// that are databases were read, and which datasets still wait for the end of their load.
package struct Warehouse: Sendable {
    package let workspace: Workspace
    package let database: Database
    /// Where files to load lie: all that statements can read once questions were answered.
    package var dataFolders: [String]

    /// Opens the store of a workspace, making it when it is missing.
    ///
    /// - Throws: `Diagnostics` when another process owns it or there is no engine.
    package static func open(_ workspace: Workspace) async throws -> Warehouse {
        let folder = workspace.folder + "/store"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let library = try workspace.engine.library.map { try EngineLibrary.load(path: $0) }
            let options = DatabaseOptions(
                memoryLimit: workspace.engine.memoryLimit, threads: workspace.engine.threads,
                temporaryDirectory: workspace.folder + "/.plumb/tmp")
            let database = try await Database.open(
                folder + "/records.duckdb", options: options, library: library)
            let own = URL(fileURLWithPath: workspace.folder).standardizedFileURL.path
            let warehouse = Warehouse(
                workspace: workspace, database: database, dataFolders: [own])
            try await warehouse.prepare()
            return warehouse
        } catch let error as EngineError {
            throw Self.diagnostics(error, path: folder + "/records.duckdb")
        }
    }

    /// Whether a workspace has a store.
    package static func exists(_ workspace: Workspace) -> Bool {
        FileManager.default.fileExists(atPath: workspace.folder + "/store/records.duckdb")
    }

    /// What an engine's error means to the user.
    package static func diagnostics(_ error: EngineError, path: String) -> Diagnostics {
        switch error.kind {
        case .locked(let pid):
            let owner = pid.map { "process \($0)" } ?? "another process"
            return Diagnostics(.storeOwned(path: path, owner: owner))
        default: return Diagnostics(.engine(error.message))
        }
    }

    private func prepare() async throws {
        let connection = try await database.connect()
        let statements: [SQLText] = [
            "CREATE SCHEMA IF NOT EXISTS data",
            "CREATE SCHEMA IF NOT EXISTS plumb",
            "CREATE SEQUENCE IF NOT EXISTS plumb.file_number",
            """
            CREATE TABLE IF NOT EXISTS plumb.files (id BIGINT PRIMARY KEY, source VARCHAR, \
            dataset VARCHAR, path VARCHAR, fingerprint VARCHAR, mapping VARCHAR, rows BIGINT, \
            rejected BIGINT, loaded_at TIMESTAMPTZ)
            """,
            """
            CREATE TABLE IF NOT EXISTS plumb.quarantine (file BIGINT, dataset VARCHAR, line BIGINT, \
            "column" VARCHAR, "value" VARCHAR, reason VARCHAR)
            """,
            """
            CREATE TABLE IF NOT EXISTS plumb.extents (dataset VARCHAR, "column" VARCHAR, \
            low TIMESTAMPTZ, high TIMESTAMPTZ, PRIMARY KEY (dataset, "column"))
            """,
            """
            CREATE TABLE IF NOT EXISTS plumb.datasets (dataset VARCHAR PRIMARY KEY, \
            signature VARCHAR, columns VARCHAR)
            """,
            "CREATE TABLE IF NOT EXISTS plumb.loads (load BIGINT PRIMARY KEY, loaded_at TIMESTAMPTZ)",
            """
            CREATE TABLE IF NOT EXISTS plumb.changes (load BIGINT, dataset VARCHAR, \
            "column" VARCHAR, day DATE, inserted BIGINT, updated BIGINT, deleted BIGINT)
            """,
            """
            CREATE TABLE IF NOT EXISTS plumb.quality (load BIGINT, dataset VARCHAR, \
            expectation VARCHAR, checked BIGINT, failed BIGINT, examples VARCHAR, "at" TIMESTAMPTZ, \
            PRIMARY KEY (load, dataset, expectation))
            """,
            """
            CREATE TABLE IF NOT EXISTS plumb.checkpoints (source VARCHAR PRIMARY KEY, \
            "column" VARCHAR, mapping VARCHAR, "value" VARCHAR, "key" VARCHAR, rows BIGINT, \
            "at" TIMESTAMPTZ)
            """,
            "CREATE TABLE IF NOT EXISTS plumb.unfinished (dataset VARCHAR PRIMARY KEY)",
            CoverageTable.creation,
        ]
        // A database that is open already may be locked down.
        let zone = try await connection.query("SELECT current_setting('TimeZone')")
        if zone[0, 0].plainText != "UTC" {
            try await connection.execute("SET GLOBAL TimeZone = 'UTC'")
        }
        // A reference may lead to a dataset of which nothing is loaded yet.
        let tables = workspace.datasets.map { Self.creation(of: $0, workspace) }
        for statement in statements + tables { try await connection.execute(statement.text) }
    }

    /// The table of a dataset, unless it exists.
    static func creation(of dataset: Dataset, _ workspace: Workspace) -> SQLText {
        let columns: [SQLText] = dataset.columns.map {
            "\(name: $0.name) \(Dialect.duckDB.type($0.type))"
        }
        let days: [SQLText] = dayColumns(dataset).map { "\(name: $0 + "$day") DATE" }
        let recorded: [SQLText] = workspace.followedColumns(dataset).map { column, _ in
            "\(name: column + "$raw") \(Dialect.duckDB.type(dataset.column(column)!.type))"
        }
        return """
            CREATE TABLE IF NOT EXISTS data.\(name: dataset.id) (\(columns + days + recorded), \
            \(name: "$file") BIGINT, \(name: "$line") BIGINT)
            """
    }

    /// Sources whose mapping is not the one their records were loaded with.
    package func outdatedSources() async throws -> [String] {
        let connection = try await database.connect()
        let loaded = try await connection.query(
            "SELECT DISTINCT source, mapping FROM plumb.files WHERE fingerprint IS NOT NULL")
        var outdated: Set<String> = []
        for row in 0..<loaded.rowCount {
            guard let id = loaded[row, 0].plainText,
                let source = workspace.sources.first(where: { $0.id == id })
            else { continue }
            if loaded[row, 1].plainText != source.signature(workspace.calendar.zone) {
                outdated.insert(id)
            }
        }
        return outdated.sorted()
    }

    // MARK: Facts

    /// What is known of every loaded dataset.
    package func facts() async throws -> [String: DatasetFacts] {
        try await database.connect().perform { try facts(of: nil, on: $0) }
    }

    /// Whether anything was ever loaded.
    package func hasDatasets() async throws -> Bool {
        try await database.connect().query("SELECT 1 FROM plumb.datasets LIMIT 1").rowCount > 0
    }

    /// Of these datasets, or of all.
    package func facts(
        of wanted: Set<String>?, on connection: isolated Connection
    ) throws -> [String: DatasetFacts] {
        let extents = try connection.query(
            "SELECT dataset, \"column\", low, high FROM plumb.extents")
        let stored = try connection.query(
            "SELECT dataset, signature, columns FROM plumb.datasets")
        let stated = try CoverageTable.stored(on: connection)
        var ranges: [String: [String: (low: Instant, high: Instant)]] = [:]
        for row in 0..<extents.rowCount {
            guard case .text(let dataset) = extents[row, 0],
                case .text(let column) = extents[row, 1],
                case .timestamp(let low, _) = extents[row, 2],
                case .timestamp(let high, _) = extents[row, 3]
            else { continue }
            ranges[dataset, default: [:]][column] = (low, high)
        }
        var facts: [String: DatasetFacts] = [:]
        for row in 0..<stored.rowCount {
            guard case .text(let id) = stored[row, 0], case .text(let signature) = stored[row, 1],
                case .text(let columns) = stored[row, 2], let dataset = workspace.dataset(id),
                wanted?.contains(id) ?? true
            else { continue }
            guard signature == self.signature(dataset) else {
                throw Diagnostics(.storeOutdated(dataset: id))
            }
            facts[id] = self.facts(
                dataset, dataset.coverage.merging(stated[id] ?? [:]) { $1 }, ranges[id] ?? [:],
                Set(columns.split(separator: ",").map(String.init)))
        }
        return facts
    }

    private func facts(
        _ dataset: Dataset, _ declarations: [String: DeclaredCoverage],
        _ ranges: [String: (low: Instant, high: Instant)], _ mapped: Set<String>
    ) -> DatasetFacts {
        let calendar = workspace.calendar
        let recorded = dataset.columns.filter {
            !$0.isPlanned && dataset.timeColumns.contains($0.name)
        }
        let latest = recorded.compactMap { ranges[$0.name]?.high }.max()
        var coverage: [String: Window] = [:]
        var gaps: [String: [Window]] = [:]
        var declaredEnd: Instant?
        for column in dataset.timeColumns {
            let declared =
                declarations[column] ?? declaration(behind: column, dataset, declarations)
            let from = declared?.from.map { calendar.startOfDay($0.day) }
            let to = declared?.to.map { calendar.startOfDay($0.day) }
            if let to { declaredEnd = max(declaredEnd ?? to, to) }
            let derivedStart = ranges[column].map { calendar.startOfDay(calendar.day(of: $0.low)) }
            guard let start = from ?? derivedStart, let end = to ?? latest else { continue }
            coverage[column] = Window(start: start, end: end)
            gaps[column] = declared?.gaps.map {
                Window(
                    start: calendar.startOfDay($0.from.day), end: calendar.startOfDay($0.to.day))
            }
        }
        return DatasetFacts(
            coverage: coverage, gaps: gaps, watermark: declaredEnd ?? latest ?? .max,
            mappedColumns: mapped, declared: declarations)
    }

    /// A time that is computed of others is covered where all of those are whose coverage is declared.
    private func declaration(
        behind column: String, _ dataset: Dataset, _ declarations: [String: DeclaredCoverage]
    ) -> DeclaredCoverage? {
        guard let computed = dataset.column(column)?.computed else { return nil }
        let times = Set(computed.columnUses(on: dataset.id).filter { $0.path.isEmpty }.map(\.name))
            .intersection(dataset.timeColumns)
        let declared = times.compactMap { declarations[$0] }
        guard !declared.isEmpty, declared.count == times.count else { return nil }
        return DeclaredCoverage(common: declared)
    }

    /// Of everything that shapes the table of a dataset; a change needs the records loaded again.
    func signature(_ dataset: Dataset) -> String {
        let columns = dataset.columns.map { column in
            "\(column.name):\(column.type):\(scale(column.type))"
                + (column.computed.map { "=\($0)" } ?? "")
        }
        let followed = workspace.followedColumns(dataset).map(\.column)
        return
            (columns + ["time=" + dataset.timeColumns.joined(separator: ",")]
            + ["key=" + dataset.key.joined(separator: ",")]
            + ["zone=" + workspace.calendar.zone.identifier]
            + (followed.isEmpty ? [] : ["followed=" + followed.joined(separator: ",")]))
            .joined(separator: ";")
    }

    private func scale(_ type: ValueType) -> Int {
        if case .decimal(let scale) = type { scale } else { 0 }
    }

    /// Columns of the table beyond those of the definition: local days of timestamps.
    static func dayColumns(_ dataset: Dataset) -> [String] {
        dataset.timeColumns.filter { dataset.column($0)?.type == .timestamp }
    }
}
