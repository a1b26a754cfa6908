import Foundation
import KPICore
import KPIEngine
import Testing

/// Memory that the process has resident, in bytes.
private func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * 4096
}

private let text = String(repeating: "长文", count: 200)

/// A query, an error, an ingestion, a bound statement and a stream that is left early.
private func round(_ connection: Connection, _ number: Int) async throws {
    let words = Table(columns: [
        Column(name: "t", values: .text(Array(repeating: text, count: 50))),
        Column(name: "d", values: .decimal(Array(repeating: 1, count: 50), scale: 2)),
    ])
    try await connection.ingest(words, into: "t", mode: .replace)
    #expect(try await connection.query("SELECT t, d, 'x' FROM t").rowCount == 50)
    _ = try await connection.query("SELECT ?, ?", [.text(text), .integer(Int64(number))])
    #expect(await engineError { _ = try await connection.query("SELECT '\(text)' + ") } != nil)
    #expect(await engineError { _ = try await connection.query("SELECT [1] AS l") } != nil)
    #expect(
        await engineError {
            _ = try await connection.query("SELECT ?::INTEGER", [.text(text)])
        } != nil)
    #expect(await engineError { try await connection.ingest(words, into: "t") } != nil)
    try? await connection.stream("FROM range(100000)") { _ in throw CancellationError() }
}

@Suite(.serialized) struct LeakTests {
    @Test func thousandsOfRoundsDoNotGrow() async throws {
        let options = DatabaseOptions(memoryLimit: "200MB", threads: 1)
        let connection = try await Database.inMemory(options: options).connect()
        for number in 0..<500 { try await round(connection, number) }
        let before = try residentBytes()
        for number in 0..<2000 { try await round(connection, number) }
        let growth = try residentBytes() - before
        print("growth of resident memory over 2000 rounds: \(growth / 1024) KiB")
        #expect(growth < 64 << 20)
    }

    @Test func openingAndClosingDoesNotGrow() async throws {
        let scratch = try ScratchDirectory()
        func open() async throws {
            let database = try await Database.open(scratch.file("a.duckdb"))
            _ = try await database.connect().query("SELECT 1")
        }
        for _ in 0..<20 { try await open() }
        let before = try residentBytes()
        for _ in 0..<60 { try await open() }
        try await Database.settle()
        let growth = try residentBytes() - before
        print("growth of resident memory over 60 openings: \(growth / 1024) KiB")
        #expect(growth < 64 << 20)
    }
}
