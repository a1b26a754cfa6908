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
private let longText = String(repeating: "长文", count: 5000)

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
            _ = try await connection.query("SELECT ?::INTEGER", [.text(longText)])
        } != nil)
    #expect(await engineError { try await connection.ingest(words, into: "t") } != nil)
    try? await connection.stream("FROM range(100000)") { _ in throw CancellationError() }
}

/// The growth of the middle one of several stretches of rounds. Other tests run at the same time
/// and take or give back memory in some stretches; a leak shows in all of them.
private func medianGrowth(
    stretches: Int, rounds: Int, _ body: (Int) async throws -> Void
) async throws -> Int {
    var growths: [Int] = []
    var before = try residentBytes()
    for stretch in 0..<stretches {
        for number in 0..<rounds { try await body(stretch * rounds + number) }
        let after = try residentBytes()
        growths.append(after - before)
        before = after
    }
    return growths.sorted()[stretches / 2]
}

@Suite(.serialized) struct LeakTests {
    @Test func thousandsOfRoundsDoNotGrow() async throws {
        let options = DatabaseOptions(memoryLimit: "200MB", threads: 1)
        let connection = try await Database.inMemory(options: options).connect()
        let growth = try await medianGrowth(stretches: 7, rounds: 300) { number in
            try await round(connection, number)
        }
        print("median growth of resident memory over 300 rounds: \(growth / 1024) KiB")
        #expect(growth < 4 << 20)
    }

    @Test func openingAndClosingDoesNotGrow() async throws {
        let scratch = try ScratchDirectory()
        let growth = try await medianGrowth(stretches: 7, rounds: 20) { _ in
            let database = try await Database.open(scratch.file("a.duckdb"))
            _ = try await database.connect().query("SELECT 1")
        }
        print("median growth of resident memory over 20 openings: \(growth / 1024) KiB")
        #expect(growth < 4 << 20)
    }
}
