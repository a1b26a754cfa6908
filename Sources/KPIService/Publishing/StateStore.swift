import Foundation
import GRDB
import KPICore

/// `store/state.sqlite`: what people decided and what was published. It cannot be derived again.
struct StateStore: Sendable {
    private let queue: DatabaseQueue
    let path: String

    /// Opens the state of a workspace, or makes it.
    ///
    /// - Throws: `Diagnostics` when the file is no state of this or an earlier release, or in use.
    init(workspace folder: String) throws {
        path = folder + "/store/state.sqlite"
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/store", withIntermediateDirectories: true)
            var configuration = Configuration()
            configuration.label = "state"
            configuration.busyMode = .timeout(2)
            // A row may not slip away under a REPLACE either.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA recursive_triggers = ON") }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = Self.migrator
            let (isNewer, isForeign) = try queue.read { database in
                (
                    try migrator.hasBeenSuperseded(database),
                    try !database.tableExists("grdb_migrations")
                        && Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
                            > 0
                )
            }
            if isNewer { throw Diagnostics(.stateNewer(path: path)) }
            if isForeign {
                throw Diagnostics(.stateUnreadable(path: path, reason: "it holds other tables"))
            }
            try migrator.migrate(queue)
        } catch let error as DatabaseError {
            throw Self.diagnostics(error, path)
        }
    }

    func read<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
        do { return try queue.read(body) } catch let error as DatabaseError {
            throw Self.diagnostics(error, path)
        }
    }

    /// One transaction: all of it, or nothing.
    func write<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
        do { return try queue.write(body) } catch let error as DatabaseError {
            throw Self.diagnostics(error, path)
        }
    }

    /// What an error of SQLite means to the user.
    static func diagnostics(_ error: DatabaseError, _ path: String) -> Diagnostics {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: Diagnostics(.stateLocked(path: path))
        default:
            Diagnostics(
                .stateUnreadable(path: path, reason: error.message ?? "\(error.resultCode)"))
        }
    }

    // MARK: Schema

    /// Every step is of a release and is never changed afterwards.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 published cells") { database in
            for statement in publishedTables + frozen { try database.execute(sql: statement) }
        }
        migrator.registerMigration("2 sign-offs of records kept by hand") { database in
            try database.execute(
                sql: """
                    CREATE TABLE sign_offs (source TEXT NOT NULL, file TEXT NOT NULL, \
                    fingerprint TEXT NOT NULL, rows INTEGER NOT NULL, at INTEGER NOT NULL, \
                    "by" TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (file, fingerprint))
                    """)
        }
        return migrator
    }

    private static let publishedTables = [
        """
        CREATE TABLE definitions (version TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID
        """,
        """
        CREATE TABLE publications (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, \
        "by" TEXT NOT NULL, note TEXT NOT NULL, load INTEGER NOT NULL, loaded_at INTEGER NOT NULL)
        """,
        """
        CREATE TABLE published_blocks (id INTEGER PRIMARY KEY AUTOINCREMENT, \
        publication INTEGER NOT NULL REFERENCES publications, kpi TEXT NOT NULL, \
        grain TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, \
        dimensions TEXT NOT NULL, revision INTEGER NOT NULL, \
        version TEXT NOT NULL REFERENCES definitions, version_label TEXT NOT NULL, \
        unit TEXT NOT NULL, is_percent INTEGER NOT NULL, watermark TEXT NOT NULL, \
        as_of INTEGER NOT NULL, filter TEXT NOT NULL DEFAULT '', is_unfinished INTEGER NOT NULL, \
        grouping TEXT NOT NULL, coverage TEXT NOT NULL, covered INTEGER NOT NULL, signature INTEGER NOT NULL, \
        hidden TEXT NOT NULL, kinds TEXT NOT NULL, seal TEXT NOT NULL, \
        UNIQUE (kpi, grain, period, dimensions, revision))
        """,
        """
        CREATE TABLE published_cells (block INTEGER NOT NULL REFERENCES published_blocks, \
        members TEXT NOT NULL, value TEXT, numerator TEXT, denominator TEXT, n TEXT, "open" TEXT, \
        status TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (block, members)) WITHOUT ROWID
        """,
    ]

    /// Published rows never change, whoever opens the file.
    private static let frozen: [String] = [
        ("definitions", "version = NEW.version"), ("publications", "id = NEW.id"),
        (
            "published_blocks",
            """
            id = NEW.id OR kpi = NEW.kpi AND grain = NEW.grain AND period = NEW.period \
            AND dimensions = NEW.dimensions AND revision = NEW.revision
            """
        ),
        ("published_cells", "block = NEW.block AND members = NEW.members"),
    ].flatMap { table, same in
        let refuse = "BEGIN SELECT RAISE(ABORT, 'what is published does not change'); END"
        return [
            "CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table) \(refuse)",
            "CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table) \(refuse)",
            """
            CREATE TRIGGER \(table)_no_replace BEFORE INSERT ON \(table) \
            WHEN EXISTS (SELECT 1 FROM \(table) WHERE \(same)) \(refuse)
            """,
        ]
    }
}
