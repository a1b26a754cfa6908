import Foundation
import KPICore
import KPIEngine
import KPIModel
import Synchronization
import Testing

@testable import KPIIngest

/// A server or a program that ends in the middle of a load: nothing is lost, nothing doubled.
@Suite(.needsServer) struct BreakTests {
    @Test(arguments: [100, 1000, 1900])
    func aServerThatBreaksHalfWay(moment: Int) async throws {
        let server = try PostgresServer()
        let scratch = try await PostgresScratch.events(on: server, batch: 100)
        try await scratch.insert(1, 2000, stamp: "(i / 7) * interval '1 second'")
        let problems = try await scratch.refusal { progress in
            if progress.done == moment { server.crash() }
        }
        guard case .connectionLost(_, let name) = problems.first,
            case .syncedInPart("s", let safe) = problems.last
        else {
            Issue.record("\(problems.text)")
            return
        }
        #expect(name == "127.0.0.1:\(server.port)/postgres")
        #expect(problems.text.contains("run ‘plumb load’ again"))
        // The batch after may have been fetched already.
        #expect([moment, moment + 100].contains(safe))
        #expect(try await scratch.loaded("count(*)", order: "1") == ["\(safe)"])
        #expect(try await scratch.checkpoint()[1] == "\(safe)")
        // As long as it is down.
        let down = try await scratch.refusal()
        guard case .cannotConnect = down.first, down.count == 1 else {
            Issue.record("\(down.text)")
            return
        }
        #expect(try await scratch.loaded("count(*)", order: "1") == ["\(safe)"])
        try server.start()
        try await scratch.insert(2001, 2030, stamp: "(i / 7) * interval '1 second'")
        try await scratch.load()
        try await scratch.expectEqual()
        let changes = try await scratch.scratch.rows(
            "SELECT sum(inserted), sum(updated), sum(deleted) FROM plumb.changes")
        #expect(changes == [["2030", "0", "0"]])
    }

    @Test func aServerThatBreaksWhileAWholeTableIsRead() async throws {
        let server = try PostgresServer()
        let scratch = try await PostgresScratch(on: server)
        try await scratch.sql(PostgresScratch.events)
        try await scratch.insert(1, 500)
        try scratch.define(
            PostgresScratch.eventColumns, dataset: "key: id\ntime: at", postgres: "batch: 100")
        try await scratch.load()
        try await scratch.insert(501, 900)
        let problems = try await scratch.refusal { progress in
            if progress.done == 200 { server.crash() }
        }
        guard case .connectionLost = problems.first, problems.count == 1 else {
            Issue.record("\(problems.text)")
            return
        }
        #expect(try await scratch.loaded("count(*)", order: "1") == ["500"])
        try server.start()
        try await scratch.load()
        try await scratch.expectEqual()
    }

    @Test(.enabled(if: Program.path != nil || PostgresServer.isExpected, "plumb is not built"))
    func aProgramThatIsKilled() async throws {
        let scratch = try await PostgresScratch.events(batch: 250)
        try await scratch.insert(1, Self.rows, stamp: "(i / 7) * interval '1 second'")
        var halfWay = 0
        var hasEnded = false
        for round in 0..<40 where !hasEnded && halfWay < 8 {
            let program = try Program(
                ["load", "--workspace", scratch.scratch.folder], scratch.server)
            // At another moment each time, after some commits.
            hasEnded = try await program.kill(
                afterChanges: 4 + round * 5 % 23, of: scratch.scratch.folder + "/store")
            halfWay += try await checkState(scratch) ? 1 : 0
        }
        #expect(halfWay >= 2, "no load was ended half-way")
        let last = try Program(["load", "--workspace", scratch.scratch.folder], scratch.server)
        #expect(last.output().code == 0)
        try await scratch.expectEqual()
        try await Database.settle()
    }

    private static let rows = 20000

    /// The rows of a store are those up to its checkpoint.
    ///
    /// - Returns: whether they are some and not all.
    private func checkState(_ scratch: PostgresScratch) async throws -> Bool {
        let tables = try await scratch.scratch.rows(
            """
            SELECT (SELECT count(*) FROM data.t), (SELECT count(DISTINCT id) FROM data.t), \
            (SELECT coalesce(sum(inserted) - sum(deleted), 0) FROM plumb.changes)
            """)
        let found = try await scratch.scratch.rows(
            "SELECT \"value\", \"key\" FROM plumb.checkpoints")
        try await Database.settle()
        guard let checkpoint = found.first else {
            #expect(tables == [["0", "0", "0"]])
            return false
        }
        let expected = try await scratch.server.rows(
            """
            SELECT count(*)::text FROM \(scratch.schema).t \
            WHERE (at, id) <= ('\(checkpoint[0])'::timestamptz, \(checkpoint[1]))
            """)[0][0]
        #expect(tables == [[expected, expected, expected]])
        return Int(expected)! < Self.rows
    }

    @Test(.enabled(if: Program.path != nil || PostgresServer.isExpected, "plumb is not built"))
    func noSecretReachesTheOutput() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 5)
        let server = scratch.server
        let wrong = "Falsch#ö@9:y"
        for url in [
            server.url(PostgresServer.password), server.url(wrong),
            server.url(PostgresServer.password, database: "none"),
            "postgresql://\(PostgresServer.user):\(wrong)@127.0.0.1:\(server.port)/postgres",
            "host=127.0.0.1 password=\(wrong)",
        ] {
            let program = try Program(
                ["load", "--workspace", scratch.scratch.folder], server, url: url)
            let output = program.output()
            #expect(!output.text.isEmpty)
            for secret in [wrong, PostgresServer.password, "Falsch", "Geheim", url] {
                #expect(!output.text.contains(secret))
            }
        }
        let store = try Data(
            contentsOf: URL(fileURLWithPath: scratch.scratch.folder + "/store/records.duckdb"))
        #expect(store.firstRange(of: Data("Geheim".utf8)) == nil)
    }
}

/// The built `plumb`, running.
private final class Program {
    /// Beside the tests.
    static let path: String? = {
        let places = [realpathOfProgram()] + CommandLine.arguments
        return places.lazy.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/plumb"
        }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private static func realpathOfProgram() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    }

    private let process = Process()
    private let pipe = Pipe()

    init(_ arguments: [String], _ server: PostgresServer, url: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: try #require(Self.path, "plumb is not built"))
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment.merge(server.environment) { $1 }
        if let url { environment["PLUMB_TEST_CRM"] = url }
        process.environment = environment
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
    }

    /// Ends it once the files of a folder had so many other sizes, as each commit gives them.
    ///
    /// - Returns: whether it had ended by itself before.
    func kill(afterChanges changes: Int, of folder: String) async throws -> Bool {
        var sizes = Self.sizes(folder)
        var seen = 0
        while process.isRunning, seen < changes {
            try await Task.sleep(for: .milliseconds(3))
            let now = Self.sizes(folder)
            if now != sizes { seen += 1 }
            sizes = now
        }
        let isRunning = process.isRunning
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return !isRunning
    }

    private static func sizes(_ folder: String) -> [Int] {
        ["records.duckdb", "records.duckdb.wal"].map { name in
            var status = stat()
            return stat(folder + "/" + name, &status) == 0 ? Int(status.st_size) : -1
        }
    }

    func output() -> (text: String, code: Int32) {
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }
}
