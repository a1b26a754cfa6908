import Foundation
import KPICore
import KPIEngine
import Testing

@Suite struct DatabaseTests {
    @Test func onePathIsOneDatabaseUnderAnyName() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("数据 库.duckdb")
        let first = try await Database.open(path)
        try await first.connect().execute("CREATE TABLE t AS SELECT 1 AS a")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("link.duckdb"), withDestinationPath: path)
        try FileManager.default.linkItem(atPath: path, toPath: scratch.file("hard.duckdb"))
        for name in [
            "数据 库.duckdb", "link.duckdb", "hard.duckdb", "./../\(scratch.name)/link.duckdb",
        ] {
            let again = try await Database.open(scratch.file(name))
            #expect(again === first)
        }
    }

    @Test func concurrentOpeningsGiveOneDatabase() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("a.duckdb")
        let identities = try await withThrowingTaskGroup(of: Database.self) { group in
            for _ in 0..<16 { group.addTask { try await Database.open(path) } }
            return try await group.reduce(into: [Database]()) { $0.append($1) }
        }
        #expect(identities.allSatisfy { $0 === identities[0] })
    }

    @Test func closingAndOpeningAgainLosesNothing() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("a.duckdb")
        try await Database.open(path).connect().execute("CREATE TABLE t (a INTEGER)")
        for row in 0..<50 {
            let connection = try await Database.open(path).connect()
            try await connection.execute("INSERT INTO t VALUES (?)", [.integer(Int64(row))])
        }
        let rows = try await Database.open(path).connect().query("SELECT count(*) FROM t")
        #expect(rows[0, 0] == .integer(50))
        // The last connection is let go of on its own thread, a moment after its last use.
        var isOpen = true
        for _ in 0..<200 where isOpen {
            try await Database.settle()
            isOpen = FileManager.default.fileExists(atPath: path + ".wal")
            if isOpen { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(!isOpen)
    }

    @Test func aConnectionKeepsItsDatabaseOpen() async throws {
        let scratch = try ScratchDirectory()
        let connection = try await Database.open(scratch.file("a.duckdb")).connect()
        try await Database.settle()
        try await connection.execute("CREATE TABLE t AS SELECT 1 AS a")
        let again = try await Database.open(scratch.file("a.duckdb"))
        #expect(again === connection.database)
    }

    @Test func theAccessModeIsNotChangedUnderAnOpenDatabase() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("a.duckdb")
        let readOnly = DatabaseOptions(isReadOnly: true)
        let missing = await engineError { _ = try await Database.open(path, options: readOnly) }
        #expect(missing?.kind == .inputOutput)
        let writer = try await Database.open(path)
        try await writer.connect().execute("CREATE TABLE t AS SELECT 1 AS a")
        let error = await engineError { _ = try await Database.open(path, options: readOnly) }
        #expect(error?.kind == .openOtherwise)
        withExtendedLifetime(writer) {}
    }

    @Test func readOnlyDatabasesRefuseChanges() async throws {
        let scratch = try ScratchDirectory()
        let path = scratch.file("a.duckdb")
        try await Database.open(path).connect().execute("CREATE TABLE t AS SELECT 1 AS a")
        try await Database.settle()
        let database = try await Database.open(path, options: DatabaseOptions(isReadOnly: true))
        let connection = try await database.connect()
        #expect(try await connection.query("FROM t").rowCount == 1)
        #expect(await engineError { try await connection.execute("DROP TABLE t") } != nil)
    }

    @Test func databasesInMemoryAreTheirOwn() async throws {
        let (one, other) = (try await memoryConnection(), try await memoryConnection())
        try await one.execute("CREATE TABLE t AS SELECT 1")
        #expect(await engineError { _ = try await other.query("FROM t") } != nil)
    }

    @Test func optionsReachTheEngine() async throws {
        let scratch = try ScratchDirectory()
        let options = DatabaseOptions(
            memoryLimit: "256MiB", threads: 1, temporaryDirectory: scratch.file("spill"))
        let table = try await Database.inMemory(options: options).connect().query(
            """
            SELECT current_setting('memory_limit'), current_setting('threads')::INT,
                current_setting('temp_directory'),
                current_setting('autoinstall_known_extensions'),
                current_setting('autoload_known_extensions')
            """)
        #expect(
            table.rows == [
                [
                    .text("256.0 MiB"), .integer(1), .text(scratch.file("spill")), .bool(false),
                    .bool(false),
                ]
            ])
        let bad = DatabaseOptions(memoryLimit: "much")
        #expect(await engineError { _ = try await Database.inMemory(options: bad) } != nil)
    }

    @Test func afterLockDownNoStatementReachesAFileOrASetting() async throws {
        let scratch = try ScratchDirectory()
        let csv = scratch.file("a.csv")
        try "a,b\n1,2\n".write(toFile: csv, atomically: true, encoding: .utf8)
        let options = DatabaseOptions(temporaryDirectory: scratch.file("spill"))
        let database = try await Database.open(scratch.file("a.duckdb"), options: options)
        let connection = try await database.connect()
        #expect(try await connection.query("FROM '\(csv)'").rowCount == 1)
        try await database.lockDown()
        for sql in [
            "FROM '\(csv)'", "COPY (SELECT 1) TO '\(scratch.file("b.csv"))'",
            "ATTACH '\(scratch.file("b.duckdb"))'", "LOAD excel",
            "SET enable_external_access = true", "SET lock_configuration = false",
            "SET threads = 1",
        ] {
            let error = await engineError { _ = try await connection.query(sql) }
            #expect(error?.kind == .forbidden, "\(sql): \(error.debugDescription)")
        }
        try await connection.execute("CREATE TABLE t AS FROM range(1000)")
        #expect(try await connection.query("FROM t").rowCount == 1000)
    }

    @Test func badPathsAreErrors() async throws {
        let scratch = try ScratchDirectory()
        for path in ["", scratch.file("missing/a.duckdb"), scratch.path, "a\0b"] {
            let error = await engineError { _ = try await Database.open(path) }
            #expect(error != nil)
            #expect(error?.description.contains(scratch.path) == false)
        }
        try "not a database, for it is much too short and has other words in it"
            .write(toFile: scratch.file("text.duckdb"), atomically: true, encoding: .utf8)
        let error = await engineError { _ = try await Database.open(scratch.file("text.duckdb")) }
        #expect(error?.kind == .inputOutput)
    }

    @Test func aFileThatAnotherProcessHoldsTellsWhichOne() async throws {
        let scratch = try ScratchDirectory()
        let holder = try LockHolder(
            library: EngineLibrary.load().path, database: scratch.file("a.duckdb"))
        let error = await engineError { _ = try await Database.open(scratch.file("a.duckdb")) }
        #expect(error?.kind == .locked(pid: holder.processIdentifier))
        holder.end()
        let database = try await Database.open(scratch.file("a.duckdb"))
        #expect(try await database.connect().query("SELECT 1").rowCount == 1)
    }

    @Test func extensionsAreLoadedFromFiles() async throws {
        let library = try EngineLibrary.load().path
        let file = library.replacing("lib/libduckdb.so", with: "extensions/excel.duckdb_extension")
        let database = try await Database.inMemory()
        let missing = await engineError {
            try await database.loadExtension("/it's not there.duckdb_extension")
        }
        #expect(missing?.kind == .inputOutput, "\(missing.debugDescription)")
        guard FileManager.default.fileExists(atPath: file) else { return }
        try await database.loadExtension(file)
        let table = try await database.connect().query("SELECT excel_text(1234.5, '#,##0.00')")
        #expect(table[0, 0] == .text("1,234.50"))
    }
}

extension ScratchDirectory {
    var name: String { URL(fileURLWithPath: path).lastPathComponent }
}

/// Another process that has a database open: python3, which set-up needs as well, calling the
/// library by its C interface.
private final class LockHolder {
    private let process = Process()
    private let input = Pipe()
    var processIdentifier: Int32 { process.processIdentifier }

    init(library: String, database: String) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.program, library, database]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.availableData
        #expect(String(decoding: answer, as: UTF8.self) == "open 0")
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static let program = """
        import ctypes, os, sys
        library = ctypes.CDLL(sys.argv[1])
        database = ctypes.c_void_p()
        state = library.duckdb_open(sys.argv[2].encode(), ctypes.byref(database))
        os.write(1, b"open %d" % state)
        sys.stdin.read()
        """
}
