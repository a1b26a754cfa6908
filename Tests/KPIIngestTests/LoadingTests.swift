import Foundation
import KPICore
import Testing

@testable import KPIIngest

@Suite struct ModeTests {
    private static let columns: KeyValuePairs<String, String> = ["k": "text", "v": "integer"]

    @Test func withoutAKeyTrueDuplicatesStay() async throws {
        let scratch = try Scratch(Self.columns)
        try scratch.data("f.csv", "k,v\na,1\na,1\n")
        try await scratch.load()
        #expect(try await scratch.loaded() == ["a|1", "a|1"])
    }

    @Test func aSecondLoadChangesNothing() async throws {
        for dataset in ["", "key: k"] {
            let scratch = try Scratch(Self.columns, dataset: dataset)
            try scratch.data("f.csv", "k,v\na,1\nb,2\n")
            try scratch.data("g.csv", "k,v\nb,3\nc,4\n")
            let first = try await scratch.load()
            #expect(first.files.map(\.outcome) == [.loaded, .loaded])
            let before = try await scratch.fingerprint()
            let second = try await scratch.load()
            #expect(second.files.map(\.outcome) == [.unchanged, .unchanged])
            #expect(try await scratch.fingerprint() == before)
            #expect(second.rowCounts.map(\.rows) == first.rowCounts.map(\.rows))
            try await scratch.load(again: true)
            #expect(
                try await scratch.loaded()
                    == (dataset.isEmpty ? ["a|1", "b|2", "b|3", "c|4"] : ["a|1", "b|3", "c|4"]))
        }
    }

    @Test func aChangedFileReplacesWhatItBrought() async throws {
        let scratch = try Scratch(Self.columns)
        try scratch.data("f.csv", "k,v\na,1\nb,2\n")
        try scratch.data("g.csv", "k,v\nc,3\n")
        try await scratch.load()
        try scratch.data("f.csv", "k,v\na,9\n")
        #expect(try await scratch.load().files.map(\.outcome) == [.loaded, .unchanged])
        #expect(try await scratch.rows("SELECT v FROM data.t ORDER BY v") == [["3"], ["9"]])
        try scratch.remove("data/f.csv")
        try await scratch.load()
        #expect(try await scratch.rows("SELECT v FROM data.t ORDER BY v") == [["3"], ["9"]])
    }

    @Test func theSameContentIsLoadedOnce() async throws {
        let scratch = try Scratch(Self.columns)
        try scratch.data("f.csv", "k,v\na,1\n")
        try scratch.data("g.csv", "k,v\na,1\n")
        let outcomes: [LoadReport.Outcome] = [.loaded, .sameContent(as: "f.csv")]
        #expect(try await scratch.load().files.map(\.outcome) == outcomes)
        #expect(
            try await scratch.load().files.map(\.outcome)
                == [.unchanged, .sameContent(as: "f.csv")])
        #expect(try await scratch.load(again: true).files.map(\.outcome) == outcomes)
        #expect(try await scratch.loaded() == ["a|1"])
        // Moved away and back under another name: its records are here already.
        try scratch.remove("data/f.csv")
        #expect(try await scratch.load().files.map(\.outcome) == [.sameContent(as: "f.csv")])
        // The one changes, so the other's records are its own again.
        try scratch.data("f.csv", "k,v\nb,2\n")
        try await scratch.load()
        #expect(try await scratch.rows("SELECT k FROM data.t ORDER BY k") == [["a"], ["b"]])
    }

    @Test func theLastRecordOfAKeyStays() async throws {
        let scratch = try Scratch(Self.columns, dataset: "key: k", source: "rejects: 50%")
        try scratch.data("f.csv", "k,v\na,1\na,2\na,x\nb,3\n")
        try scratch.data("g.csv", "k,v\nb,4\nc,5\n")
        let report = try await scratch.load()
        #expect(report.files.map(\.collapsed) == [1, 0])
        #expect(try await scratch.loaded("k, v, \"$line\"") == ["a|2|3", "b|4|2", "c|5|3"])
    }

    @Test func anUpsertKeepsRecordsThatAChangedFileLeavesOut() async throws {
        let scratch = try Scratch(Self.columns, dataset: "key: k")
        try scratch.data("f.csv", "k,v\na,1\nb,2\n")
        try await scratch.load()
        try scratch.data("f.csv", "k,v\nb,3\n")
        try await scratch.load()
        #expect(try await scratch.loaded() == ["a|1", "b|3"])
        #expect(
            try await scratch.rows(
                """
                SELECT path FROM data.t JOIN plumb.files ON id = "$file" WHERE k = 'a'
                """) == [["f.csv"]])
        // Back to the first content: that is a change as well.
        try scratch.data("f.csv", "k,v\na,1\nb,2\n")
        #expect(try await scratch.load().files.map(\.outcome) == [.loaded])
        #expect(try await scratch.loaded() == ["a|1", "b|2"])
        #expect(try await scratch.rows("SELECT count(*) FROM plumb.files") == [["1"]])
    }

    @Test func aChangedMappingTakesItsOldKeysAlong() async throws {
        let scratch = try Scratch(Self.columns, dataset: "key: k")
        try scratch.data("f.csv", "k,other,v\na,x,1\nb,y,2\n")
        try await scratch.load()
        try scratch.define(Self.columns, dataset: "key: k", map: "  k: other\n  v: v")
        #expect(try await scratch.load().files.map(\.outcome) == [.loaded])
        #expect(try await scratch.loaded() == ["x|1", "y|2"])
    }

    @Test func aSourceMayBeGivenAnotherId() async throws {
        for mode in ["append", "snapshot"] {
            let scratch = try Scratch(Self.columns, source: "mode: \(mode)")
            try scratch.data("f.csv", "k,v\na,1\n")
            try scratch.data("g.csv", "k,v\nb,2\n")
            try await scratch.load()
            let text = try String(
                contentsOfFile: scratch.folder + "/sources/s.yaml", encoding: .utf8)
            try scratch.write("sources/s.yaml", text.replacing("source: s", with: "source: other"))
            try scratch.data("g.csv", "k,v\nb,3\n")
            try await scratch.load()
            #expect(try await scratch.loaded() == ["a|1", "b|3"])
        }
    }

    @Test func aSnapshotIsWhatItsFilesAre() async throws {
        for dataset in ["", "key: k"] {
            let scratch = try Scratch(Self.columns, dataset: dataset, source: "mode: snapshot")
            try scratch.data("f.csv", "k,v\na,1\nb,2\n")
            try scratch.data("g.csv", "k,v\nc,3\n")
            try await scratch.load()
            let before = try await scratch.fingerprint()
            #expect(try await scratch.load().files.map(\.outcome) == [.unchanged, .unchanged])
            #expect(try await scratch.fingerprint() == before)
            try scratch.data("f.csv", "k,v\nb,9\n")
            try await scratch.load()
            #expect(try await scratch.loaded() == ["b|9", "c|3"])
            try scratch.remove("data/g.csv")
            try await scratch.load()
            #expect(try await scratch.loaded() == ["b|9"])
        }
    }
}

@Suite struct RejectTests {
    @Test func theShareThatMayBeSetAsideIsExact() async throws {
        let columns: KeyValuePairs<String, String> = ["a": "text", "b": "integer"]
        for (share, bad, isLoaded) in [
            ("0", 1, false), ("10%", 10, true), ("10%", 11, false), ("29%", 29, true),
            ("0.07", 7, true), ("7%", 8, false),
        ] {
            let scratch = try Scratch(columns, source: "rejects: \(share)")
            let rows = (0..<100).map { "r\($0),\($0 < bad ? "no" : "1")\n" }.joined()
            try scratch.data("f.csv", "a,b\n" + rows)
            let problems = try await scratch.refusal()
            #expect(problems.isEmpty == isLoaded)
            if !isLoaded {
                let allowed = share == "0" ? "0" : share
                #expect(
                    problems.last
                        == .tooManyRejected(rejected: bad, rows: 100, allowed: allowed))
            }
        }
    }

    @Test func theQuarantineSaysWhereAndWhy() async throws {
        let scratch = try Scratch(["a": "text", "b": "integer"], source: "rejects: 80%")
        try scratch.data("sub/f.csv", "")
        try scratch.data("f.csv", "a,b\nx,1\ny,12.5\nz\n")
        try await scratch.load()
        #expect(
            try await scratch.rows(
                """
                SELECT path, q.dataset, line, "column", "value", reason \
                FROM plumb.quarantine q JOIN plumb.files ON id = file ORDER BY line
                """) == [
                    [
                        "f.csv", "t", "3", "b", "12.5",
                        "f.csv:3: ‘12.5’ in column ‘b’ is not a whole number",
                    ],
                    ["f.csv", "t", "4", "", "z", "f.csv:4: 1 field where the header has 2"],
                ])
        try scratch.data("f.csv", "a,b\nx,1\n")
        try await scratch.load()
        #expect(try await scratch.rows("SELECT * FROM plumb.quarantine") == [])
    }

    @Test func oneBadFileKeepsAllFilesOut() async throws {
        for name in ["a.csv", "z.csv"] {
            let scratch = try Scratch(["a": "text", "b": "integer"])
            try scratch.data("m.csv", "a,b\nx,1\n")
            try await scratch.load()
            let before = try await scratch.fingerprint()
            try scratch.data("n.csv", "a,b\ny,2\n")
            try scratch.data("m.csv", "a,b\nx,5\n")
            try scratch.data(name, "a,b\ny,no\n")
            #expect(
                try await scratch.refusal().first
                    == .badCell(file: name, line: 2, column: "b", value: "no", expected: .whole))
            #expect(try await scratch.fingerprint() == before)
        }
    }

    @Test func everyBadFileIsNamed() async throws {
        let scratch = try Scratch(["a": "text", "b": "integer"])
        try scratch.data("f.csv", "a,b\ny,no\n")
        try scratch.data("g.csv", "a\ny\n")
        try scratch.data("h.csv", "")
        let text = try await scratch.refusal().text
        #expect(
            text.contains("f.csv:2: ") && text.contains("g.csv has no column ‘b’")
                && text.contains("h.csv cannot be read: it is empty"))
    }

    @Test func noFilesAndUnknownSourcesAreNamed() async throws {
        let scratch = try Scratch(["a": "text"])
        #expect(try await scratch.refusal().text.contains("no file matches ‘*.csv’ in "))
        try scratch.data("f.csv", "a\n1\n")
        await #expect(throws: Diagnostics.self) { try await scratch.load(["nope"]) }
        #expect(try await scratch.load(["s"]).files.count == 1)
    }
}

@Suite struct DefinitionChangeTests {
    @Test func aChangedDatasetNeedsItsFilesAgain() async throws {
        let scratch = try Scratch(["a": "text", "b": "integer"])
        try scratch.data("f.csv", "a,b\nx,1\n")
        try await scratch.load()
        let before = try await scratch.fingerprint()
        try scratch.define(["a": "text", "b": "decimal(2)"])
        #expect(try await scratch.refusal() == [.storeOutdated(dataset: "t")])
        #expect(try await scratch.refusal().map(\.code) == ["KPI0312"])
        #expect(try await scratch.fingerprint() == before)
        // A refused load with --again leaves the old table.
        try scratch.data("f.csv", "a,b\nx,bad\n")
        #expect(try await scratch.refusal(again: true).count == 2)
        #expect(try await scratch.fingerprint() == before)
        try scratch.data("f.csv", "a,b\nx,1.5\n")
        try await scratch.load(again: true)
        #expect(try await scratch.loaded() == ["x|1.50"])
    }

    @Test func partOfTheSourcesDoesNotMakeADatasetAgain() async throws {
        let scratch = try Scratch(["a": "text"])
        try scratch.write(
            "sources/two.yaml", "source: two\ndataset: t\nfiles: two.txt\ncolumns: {a: a}\n")
        try scratch.data("f.csv", "a\n1\n")
        try scratch.data("two.txt", "a\n2\n")
        try await scratch.load()
        try scratch.write("datasets/t.yaml", "dataset: t\ncolumns: {a: integer}\n")
        await #expect(throws: Diagnostics.self) { try await scratch.load(["s"], again: true) }
        #expect(try await scratch.rows("SELECT a FROM data.t ORDER BY a") == [["1"], ["2"]])
        try await scratch.load(again: true)
        #expect(try await scratch.rows("SELECT sum(a) FROM data.t") == [["3"]])
    }

    @Test func coverageIsReportedByDatasetAndTimeColumn() async throws {
        let scratch = try Scratch(
            ["a": "date", "b": "timestamp"], dataset: "time: [a, b]", zone: "UTC")
        try scratch.data("f.csv", "a,b\n2025-01-05,2025-02-01 10:00\n2025-01-07,\n")
        let coverage = try await scratch.load().coverage
        #expect(coverage.map(\.column) == ["a", "b"])
        #expect(
            coverage.map { LocalClock.text($0.window.start) }
                == ["2025-01-05T00:00:00", "2025-02-01T00:00:00"])
        #expect(coverage.allSatisfy { $0.window.end > $0.window.start })
    }
}

@Suite struct ReferenceTests {
    private func scratch(required: Bool, key: Bool = true) throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write(
            "datasets/lines.yaml",
            """
            dataset: a_lines
            key: line
            columns: {line: text, order_id: text}
            references:
              parent: {to: orders, on: order_id, required: \(required)}
            """)
        try scratch.write(
            "datasets/orders.yaml",
            """
            dataset: orders
            key: id
            columns: {id: text, who: text}
            references:
              customer: {to: people, on: who, key: name, required: \(required)}
            """)
        try scratch.write(
            "datasets/people.yaml",
            "dataset: people\n\(key ? "key: name\n" : "")columns: {name: text, region: text}\n")
        for (source, dataset, columns, mode) in [
            ("lines", "a_lines", "line, order_id", "upsert"),
            ("orders", "orders", "id, who", "upsert"),
            ("people", "people", "name, region", "snapshot"),
        ] {
            let map = columns.split(separator: ", ").map { "\($0): \($0)" }.joined(separator: ", ")
            try scratch.write(
                "sources/\(source).yaml",
                """
                source: \(source)
                dataset: \(dataset)
                files: \(source).csv
                mode: \(mode)
                columns: {\(map)}
                """)
        }
        try scratch.data("lines.csv", "line,order_id\n1,o1\n2,o2\n3,o1\n4,o9\n5,\n")
        try scratch.data("orders.csv", "id,who\no1,ann\no2,bob\n")
        try scratch.data("people.csv", "name,region\nann,north\n")
        return scratch
    }

    @Test func orphansOfARequiredParentAreSetAsideWithTheirChildren() async throws {
        let scratch = try scratch(required: true)
        let report = try await scratch.load()
        #expect(
            Set(report.orphans.map(\.problem)) == [
                .missingParent(file: "orders.csv", line: 3, reference: "customer", value: "bob"),
                .missingParent(file: "lines.csv", line: 3, reference: "parent", value: "o2"),
                .missingParent(file: "lines.csv", line: 5, reference: "parent", value: "o9"),
                .missingParent(file: "lines.csv", line: 6, reference: "parent", value: ""),
            ])
        #expect(
            try await scratch.rows("SELECT line FROM data.a_lines ORDER BY 1") == [["1"], ["3"]])
        #expect(
            try await scratch.rows(
                "SELECT dataset, line, value FROM plumb.quarantine ORDER BY ALL") == [
                    ["a_lines", "3", "o2"], ["a_lines", "5", "o9"], ["a_lines", "6", ""],
                    ["orders", "3", "bob"],
                ])
    }

    @Test func aParentThatGoesTakesItsRecordsAlong() async throws {
        let scratch = try scratch(required: true)
        try await scratch.load()
        try scratch.data("people.csv", "name,region\ncid,south\n")
        let report = try await scratch.load(["people"])
        #expect(report.orphans.count == 3)
        #expect(try await scratch.rows("SELECT * FROM data.orders") == [])
        #expect(try await scratch.rows("SELECT * FROM data.a_lines") == [])
    }

    @Test func optionalReferencesThatFindNothingAreReportedAndStay() async throws {
        let scratch = try scratch(required: false)
        let report = try await scratch.load()
        #expect(report.orphans.isEmpty)
        #expect(
            Set(report.dangling.map(\.problem)) == [
                .danglingReference(
                    reference: "parent", dataset: "a_lines", target: "orders", records: 1,
                    values: ["o9"]),
                .danglingReference(
                    reference: "customer", dataset: "orders", target: "people", records: 1,
                    values: ["bob"]),
            ])
        #expect(report.dangling.allSatisfy { $0.severity == .warning })
        #expect(try await scratch.rows("SELECT count(*) FROM data.a_lines") == [["5"]])
    }

    @Test func aReferenceThatIsNotUniqueIsNamedWithItsKeys() async throws {
        let scratch = try scratch(required: false, key: false)
        try await scratch.load()
        let before = try await scratch.fingerprint()
        try scratch.data("people.csv", "name,region\nann,north\nann,south\nbob,x\nbob,y\n")
        #expect(
            try await scratch.refusal() == [
                .referenceNotUnique(
                    reference: "customer", dataset: "people", keys: ["ann", "bob"])
            ])
        #expect(try await scratch.fingerprint() == before)
        await #expect(throws: Diagnostics.self) { try await scratch.load(["people"]) }
    }
}
