import Foundation
import KPICore
import KPIModel
import Synchronization
import Testing

@testable import KPIIngest

/// A workspace whose source `s` is the table `t` in a schema of its own on a server.
final class PostgresScratch: Sendable {
    let scratch: Scratch
    let server: PostgresServer
    let schema: String
    private static let count = Mutex(0)

    static let events =
        "CREATE TABLE $.t (id bigint PRIMARY KEY, at timestamptz, v numeric(12,2), note text)"
    static let eventColumns: KeyValuePairs<String, String> = [
        "id": "integer", "at": "timestamp", "v": "money", "note": "text",
    ]

    init(on server: PostgresServer? = nil) async throws {
        self.server = try server ?? .shared()
        schema =
            "s"
            + Self.count.withLock { count in
                count += 1; return String(count)
            }
        scratch = try Scratch()
        try await self.server.run(["CREATE SCHEMA \(schema)"])
    }

    /// The table of events, read by `at`.
    static func events(
        on server: PostgresServer? = nil, batch: Int = 10, postgres: String = "",
        source: String = ""
    ) async throws -> PostgresScratch {
        let made = try await PostgresScratch(on: server)
        try await made.sql(events)
        try made.define(
            eventColumns, dataset: "key: id\ntime: at",
            postgres: "since: at, batch: \(batch)\(postgres)", source: source)
        return made
    }

    /// Statements in which `$` stands for the schema.
    func sql(_ statements: String...) async throws {
        try await server.run(statements.map { $0.replacing("$.", with: schema + ".") })
    }

    func define(
        _ columns: KeyValuePairs<String, String>, dataset: String = "", postgres: String = "",
        source: String = "", map: String? = nil, relation: String? = nil
    ) throws {
        let types = columns.map { "  \($0): \($1)" }.joined(separator: "\n")
        let names = map ?? columns.map { "  \($0.key): \($0.key)" }.joined(separator: "\n")
        try scratch.write("datasets/t.yaml", "dataset: t\ncolumns:\n\(types)\n\(dataset)\n")
        let table = (relation ?? "table: $.t").replacing("$.", with: schema + ".")
        let further = postgres.isEmpty ? "" : ", " + postgres
        try scratch.write(
            "sources/s.yaml",
            "source: s\ndataset: t\npostgres: {url_env: PLUMB_TEST_CRM, \(table)\(further)}\n\(source)\ncolumns:\n\(names)\n"
        )
    }

    @discardableResult
    func load(
        _ names: [String] = [], again: Bool = false, environment: [String: String]? = nil,
        progress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) async throws -> LoadReport {
        var loader = Loader(
            warehouse: try await scratch.warehouse(), dataFolder: scratch.folder + "/data")
        loader.again = again
        loader.progress = progress
        let known = environment ?? server.environment
        loader.environment = { known[$0] }
        return try await loader.load(names)
    }

    /// What keeps a load from being applied.
    func refusal(
        environment: [String: String]? = nil,
        progress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) async throws -> [Problem] {
        do {
            try await load(environment: environment, progress: progress)
            return []
        } catch let error as Diagnostics {
            return error.items.map(\.problem)
        }
    }

    /// Rows of the store, each as one text.
    func loaded(_ columns: String = "id, v, note", order: String = "id") async throws -> [String] {
        try await scratch.rows("SELECT \(columns) FROM data.t ORDER BY \(order)")
            .map { $0.joined(separator: "|") }
    }

    /// Count, different keys, sum and notes here and there.
    func expectEqual(_ location: SourceLocation = #_sourceLocation) async throws {
        let here = try await scratch.rows(
            "SELECT count(*), count(DISTINCT id), sum(v)::DECIMAL(18,4), sum(length(note)) FROM data.t"
        )
        let there = try await server.rows(
            """
            SELECT count(*)::text, count(DISTINCT id)::text, round(sum(v), 4)::text, sum(length(note))::text \
            FROM \(schema).t
            """)
        #expect(here == there, sourceLocation: location)
    }

    /// The value of the checkpoint and how many rows came.
    func checkpoint() async throws -> [String] {
        try await scratch.rows("SELECT \"value\", rows FROM plumb.checkpoints").first ?? []
    }

    /// Rows `first...last`, one a second from midnight UTC on.
    func insert(_ first: Int, _ last: Int, stamp: String = "i * interval '1 second'") async throws {
        try await sql(
            """
            INSERT INTO $.t SELECT i, timestamptz '2025-03-01 00:00:00+00' + \(stamp), \
            i * 1.01, 'n' || i FROM generate_series(\(first), \(last)) AS i
            """)
    }
}
