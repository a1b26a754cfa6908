import Foundation
import KPICore
import Testing

@testable import KPIEngine

/// A message of DuckDB as it is and the kind that it must be.
struct Message: Sendable, CustomTestStringConvertible {
    let text: String
    let kind: EngineError.Kind
    var testDescription: String { text }

    init(_ text: String, _ kind: EngineError.Kind) {
        self.text = text
        self.kind = kind
    }
}

private let lock =
    "IO Error: Could not set lock on file \"/data/a.duckdb\": Conflicting lock is held"

@Suite struct ErrorTests {
    @Test(arguments: [
        Message(lock + " in /usr/bin/plumb (PID 4711) by user kpi. See also", .locked(pid: 4711)),
        Message(lock + ".", .locked(pid: nil)),
        Message("INTERRUPT Error: Interrupted!", .cancelled),
        Message("Binder Error: Referenced column \"x\" not found", .invalidStatement),
        Message("Conversion Error: no INT32 in 'Binder Error: (PID 1)'", .valueOutOfRange),
        Message(
            "Invalid Input Error: Cannot set it - the configuration has been locked", .forbidden),
        Message("Constraint Error: NOT NULL constraint failed: t.a", .constraint),
        Message("Conversion Error: Could not convert string 'x' to INT32", .valueOutOfRange),
        Message("Out of Memory Error: could not allocate block of size 256.0 KiB", .outOfMemory),
        Message("something that nobody has said before", .other),
    ])
    func messagesHaveTheirKind(_ message: Message) {
        let error = EngineError.reported(status: 1, sqlState: "", message: message.text)
        #expect(error.kind == message.kind)
        #expect(!error.description.contains("/data"))
        #expect(error.debugDescription.contains(message.text))
    }

    @Test func sqlStatesAndStatusesCountWhereTheWordsAreUnknown() {
        func kind(_ status: UInt8, _ state: String) -> EngineError.Kind {
            EngineError.reported(status: status, sqlState: state, message: "?").kind
        }
        #expect(kind(10, "42P01") == .invalidStatement)
        #expect(kind(10, "57014") == .cancelled)
        #expect(kind(10, "23505") == .constraint)
        #expect(kind(2, "") == .notSupported)
        #expect(kind(11, "") == .cancelled)
        let error = EngineError.reported(status: 10, sqlState: "42P01", message: "words")
        #expect(error.debugDescription.contains("42P01") && error.sqlState == "42P01")
    }

    @Test(arguments: [
        ("SELECT 1 +", EngineError.Kind.invalidStatement),
        ("SELECT missing", .invalidStatement),
        ("FROM missing", .invalidStatement),
        ("SELECT 'x'::INTEGER", .valueOutOfRange),
        ("SELECT 9223372036854775807 + 1", .valueOutOfRange),
        ("SELECT error('words')", .invalidInput),
        ("FROM read_csv('/nowhere/at/all.csv')", .inputOutput),
        ("INSERT INTO (VALUES (1)) VALUES (1)", .invalidStatement),
        ("COMMIT", .transaction),
    ])
    func theEnginesErrorsAreValues(_ sql: String, _ kind: EngineError.Kind) async throws {
        let connection = try await memoryConnection()
        let error = await engineError { _ = try await connection.query(sql) }
        #expect(error?.kind == kind, "\(error.debugDescription)")
        #expect(try await connection.query("SELECT 1").rowCount == 1)
    }

    @Test func constraintsAreTold() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        try await connection.execute("INSERT INTO t VALUES (1)")
        let error = await engineError { try await connection.execute("INSERT INTO t VALUES (1)") }
        #expect(error?.kind == .constraint)
    }
}

@Suite struct EngineLibraryTests {
    @Test func theLibraryIsFoundAndNewEnough() async throws {
        let library = try EngineLibrary.load()
        #expect(library.version >= .oldest)
        let table = try await Database.inMemory().connect().query("SELECT version()")
        #expect(table[0, 0] == .text("v\(library.version)"))
        #expect(try EngineLibrary.load(path: library.path).version == library.version)
    }

    @Test(arguments: [
        ("v1.5.5", "1.5.5"), ("1.5", "1.5.0"), ("v1.10.0-dev12", "1.10.0"), ("v2.0.1", "2.0.1"),
    ])
    func versionsAreRead(_ text: String, _ expected: String) {
        #expect(EngineVersion(text)?.description == expected)
    }

    @Test func oldAndUnreadableVersionsAreRefusedWithAdvice() throws {
        let advice = LibrarySearch(explicit: nil, named: nil, program: "/p", current: nil).advice
        for (text, kind) in [
            ("v1.4.9", EngineError.Kind.libraryTooOld), ("v0.10.3", .libraryTooOld),
            ("", .libraryUnusable), ("dev", .libraryUnusable),
        ] {
            let error = #expect(throws: EngineError.self) {
                try EngineLibrary.check(text, at: "/opt/libduckdb.so", advice: advice)
            }
            #expect(error?.kind == kind)
            #expect(error?.message.contains("/opt/libduckdb.so") == true)
            #expect(error?.message.contains("scripts/setup") == true)
        }
        #expect(try EngineLibrary.check("v1.5.0", at: "", advice: "") == .oldest)
    }

    @Test func placesAreLookedAtInOrder() {
        func places(_ explicit: String?, _ named: String?) -> [String] {
            LibrarySearch(explicit: explicit, named: named, program: "/a/b", current: "/c").places
        }
        #expect(places("/x.so", "/y.so") == ["/x.so"])
        #expect(places(nil, "/y.so") == ["/y.so"])
        #expect(
            places(nil, "") == [
                "/a/b/libduckdb.so", "/a/b/.deps/lib/libduckdb.so", "/a/.deps/lib/libduckdb.so",
                "/.deps/lib/libduckdb.so", "/c/.deps/lib/libduckdb.so",
                "/.deps/lib/libduckdb.so", "libduckdb.so",
            ])
    }

    @Test func aNamedLibraryThatIsMissingIsNotReplaced() {
        let error = #expect(throws: EngineError.self) {
            try EngineLibrary.load(path: "/nowhere/libduckdb.so")
        }
        #expect(error?.kind == .libraryMissing)
        #expect(error?.message.contains("/nowhere/libduckdb.so") == true)
    }

    @Test func aDriverThatIsMissingIsNamedWithItsPlaces() {
        let error = #expect(throws: EngineError.self) {
            try DriverLibrary.load("libnone.so", noun: "driver of none", variable: "PLUMB_NONE")
        }
        #expect(error?.kind == .libraryMissing)
        for words in ["no driver of none was found", ".deps/lib/libnone.so", "PLUMB_NONE"] {
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test func filesThatAreNoLibraryAreRefused() throws {
        let scratch = try ScratchDirectory()
        let file = scratch.file("libduckdb.so")
        try "words".write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: EngineError.self) { try EngineLibrary.load(path: file) }
        #expect(error?.kind == .libraryUnusable)
        let other = #expect(throws: EngineError.self) { try EngineLibrary.load(path: "libc.so.6") }
        #expect(other?.kind == .libraryUnusable)
    }
}
