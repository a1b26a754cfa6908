import Foundation
import KPICore
import KPIEngine
import Testing

@testable import KPIIngest

@Suite struct OtherFormatTests {
    /// Writes a query's result as a file of the engine.
    private func export(_ sql: String, _ options: String, to path: String) async throws {
        let database = try await Database.inMemory()
        if options.contains("xlsx") {
            let folder = (database.library.path as NSString).deletingLastPathComponent
            try await database.loadExtension(folder + "/../extensions/excel.duckdb_extension")
        }
        try await database.connect().execute("COPY (\(sql)) TO '\(path)' (\(options))")
    }

    private static let columns: KeyValuePairs<String, String> = [
        "id": "text", "n": "integer", "x": "decimal(2)", "day": "date", "at": "timestamp",
        "yes": "boolean",
    ]

    private static let select = """
        SELECT * FROM (VALUES \
        (1, 'a', 7, 19.99, DATE '2025-01-02', TIMESTAMP '2025-01-02 23:04:05', true), \
        (2, 'b', NULL, 1.5, DATE '2025-01-03', NULL, false)) AS t(o, id, n, x, day, "at", yes) ORDER BY o
        """

    private static let expected = [
        "a|7|19.99|2025-01-02|2025-01-02 15:04:05+00|true|1",
        "b|-|1.50|2025-01-03|-|false|2",
    ]

    private static let shown = "id, n, x, day, \"at\", yes, \"$line\""

    @Test func parquetIsRead() async throws {
        let scratch = try Scratch(Self.columns, files: "*.parquet")
        try await export(
            Self.select, "FORMAT parquet", to: scratch.folder + "/data/f.parquet")
        try await scratch.load()
        #expect(try await scratch.loaded(Self.shown) == Self.expected)
    }

    @Test func parquetWithColumnsOfOtherKindsBeside() async throws {
        let scratch = try Scratch(["id": "text"], files: "*.parquet")
        try await export(
            "SELECT 'a' AS id, [1, 2] AS list, {'k': 1} AS struct", "FORMAT parquet",
            to: scratch.folder + "/data/f.parquet")
        try await scratch.load()
        #expect(try await scratch.loaded() == ["a"])
    }

    @Test func aParquetFileThatIsNoneIsNamedAndNothingElseBlamed() async throws {
        let scratch = try Scratch(["id": "text"], files: "*.parquet")
        try scratch.data("bad.parquet", "this is text\n")
        try await export(
            "SELECT 'a' AS id", "FORMAT parquet", to: scratch.folder + "/data/good.parquet")
        let text = try await scratch.refusal().text
        #expect(text.contains("bad.parquet cannot be read") && !text.contains("good.parquet"))
        #expect(!text.contains("aborted"))
    }

    @Test func spreadsheetsAreReadWithDaysAsNumbers() async throws {
        let scratch = try Scratch(Self.columns, files: "*.xlsx")
        try await export(
            Self.select, "FORMAT xlsx, HEADER true", to: scratch.folder + "/data/f.xlsx")
        try await scratch.load()
        #expect(
            try await scratch.loaded(Self.shown)
                == Self.expected.map { $0.replacing("|1|", with: "|1|") }.enumerated().map {
                    String($1.dropLast()) + "\($0 + 2)"
                })
    }

    @Test func aBlankRowOfASpreadsheetEndsNothing() async throws {
        let scratch = try Scratch(["id": "text", "x": "decimal(2)"], files: "*.xlsx")
        try await export(
            """
            SELECT id, x FROM (VALUES (1, 'a', 0.1::DOUBLE + 0.2), (2, NULL, NULL), \
            (3, 'c', 19.989999999999998)) AS t(o, id, x) ORDER BY o
            """, "FORMAT xlsx, HEADER true", to: scratch.folder + "/data/f.xlsx")
        try await scratch.load()
        #expect(try await scratch.loaded("id, x, \"$line\"") == ["a|0.30|2", "c|19.99|4"])
    }

    @Test func aSheetThatIsMissingIsNamed() async throws {
        let scratch = try Scratch(["id": "text"], source: "sheet: Nope", files: "*.xlsx")
        try await export(
            "SELECT 'a' AS id", "FORMAT xlsx, HEADER true", to: scratch.folder + "/data/f.xlsx")
        #expect(try await scratch.refusal().text.contains("f.xlsx cannot be read: "))
    }

    @Test func jsonLinesAreRead() async throws {
        let scratch = try Scratch(
            ["id": "text", "n": "integer", "x": "decimal(2)"], files: "*.jsonl")
        let lines = [
            #"{"id": "a, \"b\"", "n": 1, "x": 2.5, "other": {"k": [1]}}"#, "",
            #"{"id": "甲\nx", "x": "3.25"}"#, #"{"id": null, "n": 3}"#,
        ]
        for end in ["\n", "\r\n"] {
            try scratch.data("f.jsonl", lines.joined(separator: end) + end)
            try await scratch.load(again: true)
            #expect(
                try await scratch.loaded("id, n, x, \"$line\"")
                    == ["a, \"b\"|1|2.50|1", "甲\nx|-|3.25|3", "-|3|-|4"])
        }
    }

    @Test func linesThatAreNoObjectsAreNamed() async throws {
        let scratch = try Scratch(["id": "text"], files: "*.jsonl")
        try scratch.data("f.jsonl", "{\"id\": 1}\n\n{\"id\": \n[1]\n\"s\"\n{\"id\": 2}\n")
        let problems = try await scratch.refusal()
        #expect(
            Array(problems.dropLast())
                == [3, 4, 5].map { .badRow(file: "f.jsonl", line: $0, reason: .notObject) })
    }

    @Test func aKeyThatNoRecordHasIsAMistake() async throws {
        let scratch = try Scratch(["id": "text"], map: "  id: ident", files: "*.jsonl")
        try scratch.data("f.jsonl", "{\"idend\": 1}\n{\"x\": 2}\n")
        #expect(
            try await scratch.refusal() == [
                .missingColumn(
                    "ident", closest: ["idend"], columns: ["idend", "x"], file: "f.jsonl")
            ])
    }

    @Test func numbersOfFilesThatKnowNumbersHaveAPoint() async throws {
        let columns: KeyValuePairs<String, String> = ["id": "text", "x": "decimal(3)"]
        let json = try Scratch(columns, source: "decimal: ','", files: "*.jsonl")
        try json.data(
            "f.jsonl", "{\"id\": \"1.5\", \"x\": 1.567}\n{\"id\": \"b\", \"x\": \"1.567,5\"}\n")
        try await json.load()
        #expect(try await json.loaded() == ["1.5|1.567", "b|1567.500"])
        let parquet = try Scratch(columns, source: "decimal: ','", files: "*.parquet")
        try await export(
            "SELECT '1.5' AS id, 1.567::DOUBLE AS x", "FORMAT parquet",
            to: parquet.folder + "/data/f.parquet")
        try await parquet.load()
        #expect(try await parquet.loaded() == ["1.5|1.567"])
    }
}
