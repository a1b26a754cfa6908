import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// Loads the sources of a workspace into its warehouse. Files, and databases that are read whole, are all
/// or nothing; databases that are read by their changes commit batch by batch before that.
package struct Loader: Sendable {
    package let warehouse: Warehouse
    /// What relative file patterns start from.
    package let dataFolder: String
    /// Loads files again that are already loaded.
    package var again = false
    /// Whether somebody signed off the content of a file: by its name and fingerprint.
    package var isSignedOff: @Sendable (_ file: String, _ fingerprint: String) -> Bool = { _, _ in
        false
    }
    /// The wall clock that the age of records is measured by, and nothing else.
    package var now: Instant = WallClock.now
    package var progress: @Sendable (LoadProgress) -> Void = { _ in }
    /// Where the addresses and passwords of databases stand.
    package var environment: @Sendable (String) -> String? = { name in
        getenv(name).map { String(cString: $0) }
    }

    package init(warehouse: Warehouse, dataFolder: String) {
        self.warehouse = warehouse
        self.dataFolder = dataFolder
    }

    /// - Parameter names: ids of sources; empty: all.
    /// - Throws: `Diagnostics` with everything that kept the load from being applied; the warehouse is
    ///   then as it was before, but for the batches of databases that it says.
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
        let tasks: [LoadTask] = try sources.compactMap { source in
            if source.postgres != nil { return LoadTask(source: source, files: []) }
            var files: [String] = []
            for file in source.files.flatMap({ matching($0) }) where !files.contains(file) {
                files.append(file)
            }
            if files.isEmpty, source.isOptional, names.isEmpty { return nil }
            guard !files.isEmpty else {
                throw Diagnostics(
                    .noFiles(pattern: source.files.joined(separator: ", "), folder: dataFolder),
                    at: source.place)
            }
            return LoadTask(source: source, files: files)
        }
        let coverage = try coverageTable()
        try await loadExtensions(tasks)
        removeLeftovers()
        let connection = try await warehouse.database.connect()
        let run = self
        var synced = SyncOutcome()
        do {
            try await sync(tasks, on: connection, &synced)
            let whole = try await stage(tasks.filter { !$0.source.isSynced }, on: connection)
            var report = try await connection.transaction { connection in
                let session = Session(connection)
                // Also of what the databases brought before.
                try coverage?.store(of: Set(tasks.map(\.source.dataset)), in: session)
                return try LoadRun(loader: run, session: session).run(whole)
            }
            report.add(synced)
            let touched = Set(report.rowCounts.map(\.dataset))
            let facts = try await connection.perform { connection in
                try run.warehouse.facts(of: touched, on: connection)
            }
            report.coverage = facts.sorted { $0.key < $1.key }.flatMap { id, facts in
                facts.coverage.sorted { $0.key < $1.key }.map {
                    LoadReport.Coverage(dataset: id, column: $0.key, window: $0.value)
                }
            }
            return report
        } catch let error as Diagnostics {
            throw try await settled(error, after: synced, on: connection)
        } catch let error as EngineError {
            throw Warehouse.diagnostics(error, path: warehouse.database.path ?? "")
        }
    }

    /// What the table beside the files says that they cover.
    private func coverageTable() throws -> CoverageTable? {
        guard let name = warehouse.workspace.coverageFile else { return nil }
        let path = "\(dataFolder)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw Diagnostics(.noFiles(pattern: name, folder: dataFolder))
        }
        return try CoverageTable.read(path, name: name, warehouse.workspace)
    }

    /// The files of a source there are: their paths, and their names as the store has them.
    package func files(of source: Source) -> [(path: String, name: String)] {
        var found: [(path: String, name: String)] = []
        for path in source.files.flatMap({ matching($0) })
        where !found.contains(where: { $0.path == path }) {
            found.append((path, name(of: path)))
        }
        return found
    }

    /// From the data folder on; from the workspace on with `./`.
    func name(of path: String) -> String {
        for (folder, start) in [(dataFolder + "/", ""), (warehouse.workspace.folder + "/", "./")]
        where path.hasPrefix(folder) {
            return start + path.dropFirst(folder.count)
        }
        return path
    }

    /// What `./` begins with lies in the workspace, everything else in the data folder.
    private func matching(_ pattern: String) -> [String] {
        pattern.hasPrefix("./")
            ? FilePattern.files(String(pattern.dropFirst(2)), in: warehouse.workspace.folder)
            : FilePattern.files(pattern, in: dataFolder)
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
        if needsSheets { try await Self.loadSpreadsheets(warehouse.database) }
    }

    /// - Throws: `Diagnostics` when it is not there.
    static func loadSpreadsheets(_ database: Database) async throws {
        let folder =
            (database.library.path as NSString).deletingLastPathComponent + "/../extensions"
        do {
            try await database.loadExtension(folder + "/excel.duckdb_extension")
        } catch let error as EngineError {
            throw Diagnostics(
                .engine(
                    "the spreadsheet reader cannot be loaded (\(error.message)); run scripts/setup")
            )
        }
    }
}

/// One source with its files, or with the rows of its database.
struct LoadTask: Sendable {
    let source: Source
    let files: [String]
    var staged: StagedTable?

    /// What it loads, as the list of what was loaded says it.
    func names(_ relative: (String) -> String) -> [String] {
        source.postgres.map { [PostgresReading.name(of: source, $0)] } ?? files.map(relative)
    }

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
