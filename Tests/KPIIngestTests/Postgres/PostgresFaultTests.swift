import Foundation
import KPICore
import KPIModel
import Testing

@testable import KPIIngest

@Suite(.needsServer) struct PostgresFaultTests {
    @Test func aWrongPasswordIsSaidWithoutIt() async throws {
        let scratch = try await PostgresScratch.events()
        let problems = try await scratch.refusal(
            environment: ["PLUMB_TEST_CRM": scratch.server.url("Falsch#1")])
        #expect(
            problems == [
                .cannotConnect(
                    server: "127.0.0.1:\(scratch.server.port)/postgres",
                    reason: "password authentication failed for user \"\(PostgresServer.user)\"")
            ])
    }

    @Test func aVariableThatIsNotSetIsNamed() async throws {
        let scratch = try await PostgresScratch.events()
        #expect(try await scratch.refusal(environment: [:]) == [.noVariable("PLUMB_TEST_CRM")])
    }

    @Test func nobodyAnswers() async throws {
        let scratch = try await PostgresScratch.events()
        let problems = try await scratch.refusal(
            environment: ["PLUMB_TEST_CRM": "postgresql://a@127.0.0.1:1/b"])
        #expect(
            problems == [.cannotConnect(server: "127.0.0.1:1/b", reason: "Connection refused")])
    }

    @Test func unknownColumnsAreListed() async throws {
        let scratch = try await PostgresScratch.events()
        try scratch.define(
            PostgresScratch.eventColumns, dataset: "key: id\ntime: at", postgres: "since: att",
            map: "  id: id\n  at: at\n  v: vv\n  note: noet")
        let text = try await scratch.refusal().text
        for (column, closest) in [("vv", "v"), ("noet", "note"), ("att", "at")] {
            #expect(text.contains("postgres:\(scratch.schema).t has no column ‘\(column)’"))
            #expect(text.contains("closest: ‘\(closest)’"))
        }
    }

    @Test func unknownTablesAreListed() async throws {
        let scratch = try await PostgresScratch.events()
        try scratch.define(
            PostgresScratch.eventColumns, dataset: "key: id\ntime: at",
            relation: "table: \(scratch.schema).tt")
        let problems = try await scratch.refusal()
        guard case .unknownTable(let name, _, let closest, let tables) = problems.first else {
            Issue.record("\(problems.text)")
            return
        }
        #expect(name == "\(scratch.schema).tt")
        #expect(closest.contains("\(scratch.schema).t"))
        #expect(tables.contains("\(scratch.schema).t"))
    }

    @Test func aStatementThatFailsSaysItsState() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.t (k text, v integer)", "INSERT INTO $.t VALUES ('a', 0)")
        try scratch.define(
            ["k": "text", "v": "integer"], relation: "query: 'SELECT k, 1 / v AS v FROM $.t'")
        let problems = try await scratch.refusal()
        #expect(
            problems == [
                .statementFailed(
                    source: "postgres:s", state: "22012", reason: "division by zero")
            ])
    }

    @Test func aServerThatEndsAStatementSaysSo() async throws {
        let scratch = try await PostgresScratch()
        try scratch.define(
            ["k": "text"], relation: "query: SELECT 'x' AS k FROM pg_sleep(20)")
        let url =
            scratch.server.url(PostgresServer.password)
            + "?options=-c%20statement_timeout%3D100"
        let problems = try await scratch.refusal(environment: ["PLUMB_TEST_CRM": url])
        #expect(
            problems == [
                .statementFailed(
                    source: "postgres:s", state: "57014",
                    reason: "canceling statement due to statement timeout")
            ])
    }

    @Test func sinceAndOverlapMustFitTheirColumn() async throws {
        let scratch = try await PostgresScratch.events()
        func refusal(_ postgres: String) async throws -> [Problem] {
            try scratch.define(
                PostgresScratch.eventColumns, dataset: "key: id\ntime: at", postgres: postgres)
            return try await scratch.refusal()
        }
        #expect(try await refusal("since: note") == [.unfitSince(column: "note", type: "text")])
        #expect(
            try await refusal("since: at, overlap: 5")
                == [.unfitOverlap(column: "at", type: "timestamp with time zone")])
        #expect(
            try await refusal("since: id, overlap: 5 minutes")
                == [.unfitOverlap(column: "id", type: "bigint")])
    }

    @Test func aServerByItsParts() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 5)
        let text = """
            source: s
            dataset: t
            postgres:
              host: 127.0.0.1
              port: \(scratch.server.port)
              database: postgres
              user: \(PostgresServer.user)
              password_env: SECRET
              table: \(scratch.schema).t
              since: at
            columns: {id: id, at: at, v: v, note: note}
            """
        try scratch.scratch.write("sources/s.yaml", text)
        try await scratch.load(environment: ["SECRET": PostgresServer.password])
        try await scratch.expectEqual()
        #expect(try await scratch.refusal(environment: [:]) == [.noVariable("SECRET")])
    }
}

/// Without a server.
@Suite struct PostgresAddressTests {
    private func address(_ url: String) throws -> PostgresAddress {
        try PostgresAddress(.url(variable: "U")) { _ in url }
    }

    @Test(arguments: [
        "postgresql://u:p@w@h/d", "postgresql://u:p/w@h/d", "postgresql://u:p:w@h/d",
        "postgresql://u:p#w@h/d", "postgresql://u:p%w@h/d", "postgresql://u:p%+1@h/d",
        "mysql://u:p@h/d", "host=h password=pw", "postgresql://u:p@h/d?password", "u:p@h/d",
    ])
    func urlsThatCouldBeReadOtherwiseAreRefused(url: String) {
        let error = #expect(throws: Diagnostics.self) { try address(url) }
        #expect(error?.items.map(\.problem) == [.badAddress(variable: "U")])
    }

    @Test func theServerIsNamedAndSecretsAreHidden() throws {
        let plain = try address("postgres://u:s%40f%C3%BC@db.example:6432/crm?sslpassword=tief")
        #expect(plain.server == "db.example:6432/crm")
        #expect(plain.hidingSecrets(in: "a s@fü b s%40f%C3%BC c tief d") == "a *** b *** c *** d")
        #expect(plain.url.hasSuffix("?sslpassword=tief&connect_timeout=15&application_name=plumb"))
        #expect(try address("postgresql:///crm").server == "PostgreSQL/crm")
        #expect(try address("postgresql://h/d?connect_timeout=3").url.contains("timeout=3&app"))
    }

    @Test func partsAreEncoded() throws {
        var parts = ServerParts(database: "Kunden & Co", user: "ä:b")
        parts.host = "/var/run/postgresql"
        parts.passwordVariable = "P"
        let made = try PostgresAddress(.parts(parts)) { _ in "a@b/c" }
        #expect(
            made.url.hasPrefix(
                "postgresql://%C3%A4%3Ab:a%40b%2Fc@%2Fvar%2Frun%2Fpostgresql:5432/Kunden%20%26%20Co?"
            ))
        #expect(made.server == "/var/run/postgresql:5432/Kunden & Co")
        #expect(made.hidingSecrets(in: "x a@b/c a%40b%2Fc") == "x *** ***")
    }
}

/// What `plumb check` says of a file.
@Suite struct PostgresSourceFileTests {
    private func findings(
        _ postgres: String, dataset: String = "key: id", source: String = ""
    ) throws -> String {
        let scratch = try Scratch()
        try scratch.write(
            "datasets/t.yaml", "dataset: t\ncolumns: {id: integer, at: timestamp}\n\(dataset)\n")
        try scratch.write(
            "sources/s.yaml",
            "source: s\ndataset: t\npostgres: {\(postgres)}\n\(source)\ncolumns: {id: nr, at: at}\n"
        )
        return WorkspaceReader.read(scratch.folder).findings.map { $0.text() }
            .joined(separator: "\n")
    }

    @Test(arguments: [
        "url_env: U, table: a.t", "url_env: U, query: SELECT 1",
        "url_env: U, table: t, since: at, overlap: 5 minutes, batch: 10",
        "database: d, user: u, table: t",
        "host: h, port: 1, database: d, user: u, password_env: P, encryption: require, table: t",
    ])
    func itIsRight(postgres: String) throws {
        #expect(try findings(postgres) == "")
    }

    @Test func sinceNeedsAKey() throws {
        let text = try findings("url_env: U, table: t, since: at", dataset: "")
        #expect(text.contains("sources/s.yaml:3:34: error KPI0227"))
        #expect(text.contains("‘t’ has no key"))
        #expect(try findings("url_env: U, table: t", dataset: "") == "")
    }

    @Test(arguments: [
        ("table: t", "", "KPI0205", "url_env"),
        ("url_env: U", "", "KPI0205", "table"),
        ("url_env: U, table: t, query: SELECT 1", "", "KPI0226", "‘table’"),
        ("url_env: U, table: t, host: h", "", "KPI0226", "‘host’"),
        ("url_env: U, table: t", "files: x.csv", "KPI0226", "‘files’"),
        ("url_env: U, table: t", "delimiter: tab", "KPI0226", "‘delimiter’"),
        ("url_env: U, table: t, since: at", "collapse: {by: id}", "KPI0226", "‘collapse’"),
        ("url_env: U, table: t, since: at", "mode: append", "KPI0207", "upsert"),
        ("url_env: U, table: t", "mode: upsert", "KPI0207", "snapshot"),
        ("url_env: U, table: t, overlap: 5 minutes", "", "KPI0205", "since"),
        ("url_env: U, table: t, since: at, overlap: 5 weeks", "", "KPI0206", "5 minutes"),
        ("url_env: U, table: t, since: at, batch: 0", "", "KPI0206", "batch"),
        ("url_env: U, table: a.b.c", "", "KPI0206", "schema.name"),
        ("database: d, user: u, password: hunter2, table: t", "", "KPI0204", "‘password’"),
        ("url_env: 'postgresql://u:hunter2@h/d', table: t", "", "KPI0206", "environment variable"),
    ])
    func whatIsWrongIsSaid(postgres: String, source: String, code: String, words: String) throws {
        let text = try findings(postgres, source: source)
        #expect(text.contains(code) && text.contains(words), "\(text)")
        #expect(!text.contains("hunter2"))
    }

    @Test func theKeyIsThatOfTheDatasetUnlessItIsStated() throws {
        func key(_ postgres: String) throws -> [String]? {
            let scratch = try Scratch()
            try scratch.write("datasets/t.yaml", "dataset: t\nkey: id\ncolumns: {id: integer}\n")
            try scratch.write(
                "sources/s.yaml",
                "source: s\ndataset: t\npostgres: {url_env: U, table: t, since: at\(postgres)}\ncolumns: {id: nr}\n"
            )
            return WorkspaceReader.read(scratch.folder).workspace?.sources.first?.postgres?.key
        }
        #expect(try key("") == ["nr"])
        #expect(try key(", key: [a, b]") == ["a", "b"])
    }
}
