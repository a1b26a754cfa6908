import Foundation
import KPICore
import KPIModel
import Testing

@testable import KPIIngest

@Suite(.needsServer) struct WholeTableTests {
    private static let columns: KeyValuePairs<String, String> = ["k": "text", "v": "integer"]

    @Test func aTableReplacesWhatItBroughtBefore() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.t (k text, v integer)",
            "INSERT INTO $.t SELECT 'k' || i % 20, i FROM generate_series(1, 25) AS i")
        try scratch.define(Self.columns, postgres: "batch: 10")
        let report = try await scratch.load()
        #expect(report.files.map(\.name) == ["postgres:\(scratch.schema).t"])
        #expect(report.files.map(\.loaded) == [25])
        #expect(try await scratch.loaded("count(*), sum(v)", order: "1") == ["25|325"])
        try await scratch.sql("DELETE FROM $.t WHERE v < 5", "UPDATE $.t SET v = 0 WHERE v = 25")
        let second = try await scratch.load()
        #expect(second.changes["t"] == RecordCounts(inserted: 1, updated: 0, deleted: 5))
        #expect(try await scratch.loaded("count(*), sum(v)", order: "1") == ["21|290"])
        let third = try await scratch.load()
        #expect(third.changes.isEmpty)
        #expect(try await scratch.scratch.rows("SELECT count(*) FROM plumb.files") == [["1"]])
        #expect(try await scratch.checkpoint().isEmpty)
    }

    @Test func anEmptyTableIsNoError() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql("CREATE TABLE $.t (k text, v integer)")
        try scratch.define(Self.columns)
        #expect(try await scratch.load().files.map(\.rows) == [0])
    }

    @Test func aQueryIsReadLikeATable() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.a (k text, v integer)", "INSERT INTO $.a VALUES ('x?y', 1), ('b', 2)")
        try scratch.define(
            Self.columns,
            map: "  k: Art?\n  v: v",
            relation: "query: 'SELECT k AS \"Art?\", v * 10 AS v FROM $.a -- all of it;'")
        try await scratch.load()
        #expect(try await scratch.loaded("k, v", order: "v") == ["x?y|10", "b|20"])
    }

    @Test func aQueryCannotWriteOrHoldTwoStatements() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.t (k text, v integer)", "INSERT INTO $.t VALUES ('a', 1)")
        for query in [
            "SELECT k, v FROM $.t) AS x; DELETE FROM $.t; SELECT * FROM (SELECT * FROM $.t",
            "SELECT k, nextval('$.n')::integer AS v FROM $.t",
            "DELETE FROM $.t RETURNING k, v",
        ] {
            try await scratch.sql("CREATE SEQUENCE IF NOT EXISTS $.n")
            try scratch.define(Self.columns, relation: "query: \"\(query)\"")
            let problems = try await scratch.refusal()
            guard case .statementFailed(_, let state, _) = problems.first else {
                Issue.record("\(query): \(problems.text)")
                continue
            }
            #expect(state.count == 5)
        }
        #expect(try await scratch.server.rows("SELECT k FROM \(scratch.schema).t") == [["a"]])
    }

    @Test func aSnapshotAndFilesAreOneLoad() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.t (k text, v integer)", "INSERT INTO $.t VALUES ('a', 1)")
        try scratch.define(Self.columns)
        try scratch.scratch.write("datasets/f.yaml", "dataset: f\ncolumns: {k: text, v: integer}\n")
        try scratch.scratch.write(
            "sources/f.yaml", "source: f\ndataset: f\nfiles: f.csv\ncolumns: {k: k, v: v}\n")
        try scratch.scratch.data("f.csv", "k,v\na,x\n")
        #expect(try await scratch.refusal().text.contains("‘x’"))
        #expect(try await scratch.loaded("count(*)", order: "1") == ["0"])
        try scratch.scratch.data("f.csv", "k,v\na,2\n")
        #expect(try await scratch.load().files.map(\.source) == ["f", "s"])
    }
}

@Suite(.needsServer) struct SyncTests {
    @Test func newAndChangedRowsComeWithTheNextLoad() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 25)
        #expect(try await scratch.load().files.map(\.loaded) == [25])
        try await scratch.expectEqual()
        #expect(try await scratch.checkpoint() == ["2025-03-01 00:00:25+00", "25"])
        try await scratch.insert(26, 48)
        try await scratch.sql(
            "UPDATE $.t SET v = 1000, at = timestamptz '2025-03-02 00:00:00+00' WHERE id = 3")
        let report = try await scratch.load()
        // The last row of the load before is read again.
        #expect(report.files.map(\.loaded) == [25])
        #expect(report.changes["t"] == RecordCounts(inserted: 23, updated: 1, deleted: 0))
        try await scratch.expectEqual()
        let third = try await scratch.load()
        #expect(third.files.map(\.loaded) == [1])
        #expect(third.changes.isEmpty)
        try await scratch.expectEqual()
    }

    @Test func changesOfAllBatchesAreNoted() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 25, stamp: "i * interval '1 hour'")
        try await scratch.load()
        // Days of Shanghai: 16 hours of the first, the rest of the next.
        #expect(
            try await scratch.scratch.rows(
                "SELECT day, sum(inserted) FROM plumb.changes GROUP BY day ORDER BY day")
                == [["2025-03-01", "15"], ["2025-03-02", "10"]])
        #expect(try await scratch.scratch.rows("SELECT count(*) FROM plumb.loads") == [["3"]])
    }

    @Test(arguments: [9, 10, 11, 30])
    func rowsOfOneStampAreNeitherLostNorDoubledAtTheBorder(batch: Int) async throws {
        let scratch = try await PostgresScratch.events(batch: batch)
        try await scratch.insert(1, 5)
        try await scratch.insert(6, 30, stamp: "interval '10 seconds'")
        #expect(try await scratch.load().files.map(\.loaded) == [30])
        try await scratch.expectEqual()
        // A row of the last stamp, with a lower key than those before, comes late.
        try await scratch.insert(0, 0, stamp: "interval '10 seconds'")
        try await scratch.load()
        try await scratch.expectEqual()
        try await scratch.insert(31, 50)
        try await scratch.load()
        try await scratch.expectEqual()
    }

    @Test func anOverlapFindsRowsThatWereCommittedLate() async throws {
        for (overlap, found) in [("", 20), (", overlap: 5 minutes", 21)] {
            let scratch = try await PostgresScratch.events(postgres: overlap)
            try await scratch.insert(1, 20, stamp: "i * interval '1 minute'")
            try await scratch.load()
            try await scratch.insert(99, 99, stamp: "interval '17 minutes'")
            try await scratch.load()
            #expect(try await scratch.loaded("count(*)", order: "1") == ["\(found)"])
            #expect(try await scratch.checkpoint()[0] == "2025-03-01 00:20:00+00")
        }
    }

    @Test func aGrowingNumberIsAStampToo() async throws {
        for type in ["bigint", "integer", "numeric"] {
            let scratch = try await PostgresScratch()
            try await scratch.sql(
                "CREATE TABLE $.t (id bigint, v numeric, note text, rev \(type))",
                "INSERT INTO $.t SELECT i, i, 'x', 90 + i FROM generate_series(1, 30) AS i")
            try scratch.define(
                ["id": "integer", "v": "money", "note": "text"], dataset: "key: id",
                postgres: "since: rev, batch: 7, overlap: 5")
            try await scratch.load()
            try await scratch.sql("INSERT INTO $.t VALUES (31, 1, 'x', 116), (32, 1, 'x', 1000)")
            #expect(try await scratch.load().files.map(\.loaded) == [8])
            try await scratch.expectEqual()
            #expect(try await scratch.checkpoint()[0] == "1000")
        }
    }

    @Test func againReadsFromTheBeginning() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 25)
        try await scratch.load()
        try await scratch.sql("UPDATE $.t SET v = 7 WHERE id = 2")
        try await scratch.load()
        #expect(try await scratch.loaded("v", order: "id")[1] == "2.02")
        #expect(try await scratch.load(again: true).files.map(\.loaded) == [25])
        #expect(try await scratch.checkpoint() == ["2025-03-01 00:00:25+00", "25"])
        try await scratch.expectEqual()
    }

    @Test func anotherMappingBeginsAgainWithoutItsOldRecords() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 25)
        try await scratch.load()
        try await scratch.sql(
            "ALTER TABLE $.t ADD COLUMN other bigint", "UPDATE $.t SET other = id + 100")
        try scratch.define(
            PostgresScratch.eventColumns, dataset: "key: id\ntime: at",
            postgres: "since: at, batch: 10", map: "  id: other\n  at: at\n  v: v\n  note: note")
        #expect(try await scratch.load().files.map(\.loaded) == [25])
        #expect(try await scratch.loaded("count(*), min(id)", order: "1") == ["25|101"])
    }

    @Test func aChangedDatasetNeedsAgain() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 25)
        try await scratch.load()
        try scratch.define(
            ["id": "integer", "at": "timestamp", "v": "decimal(4)", "note": "text"],
            dataset: "key: id\ntime: at", postgres: "since: at, batch: 10")
        #expect(try await scratch.refusal() == [.storeOutdated(dataset: "t")])
        #expect(try await scratch.load(again: true).files.map(\.loaded) == [25])
        try await scratch.expectEqual()
    }

    @Test func rowsWithoutAStampAreSaid() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 5)
        try await scratch.sql(
            "INSERT INTO $.t VALUES (6, NULL, 1, 'x'), (7, 'infinity', 1, 'x')")
        let report = try await scratch.load()
        #expect(
            report.unread.map(\.problem) == [
                .rowsWithoutSince(source: "s", column: "at", rows: 2)
            ])
        #expect(report.files.map(\.loaded) == [5])
    }

    // MARK: Rows that cannot be read

    @Test func aBadRowIsSetAsideOnce() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.t (id bigint, at timestamptz, v text, note text)",
            """
            INSERT INTO $.t SELECT i, timestamptz '2025-03-01 00:00:00+00' + i * interval '1 s', \
            CASE WHEN i IN (4, 25) THEN 'x' || i ELSE '1' END, 'n' FROM generate_series(1, 25) AS i
            """)
        try scratch.define(
            PostgresScratch.eventColumns, dataset: "key: id\ntime: at",
            postgres: "since: at, batch: 10", source: "rejects: 20%")
        let report = try await scratch.load()
        #expect(report.files.map(\.rejectedCount) == [2])
        #expect(
            report.files[0].rejected.map(\.problem).text.contains(
                "postgres:\(scratch.schema).t:4: ‘x4’"))
        // The last row is read again at each load, and is bad each time.
        for _ in 0..<3 {
            #expect(try await scratch.load().files.map(\.rejectedCount) == [0])
        }
        let quarantine = try await scratch.scratch.rows(
            "SELECT line, \"value\" FROM plumb.quarantine ORDER BY line")
        #expect(quarantine == [["4", "x4"], ["25", "x25"]])
        #expect(try await scratch.loaded("count(*)", order: "1") == ["23"])
    }

    @Test func aBatchThatIsRefusedLeavesThoseBeforeIt() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 35)
        try await scratch.sql(
            "ALTER TABLE $.t ALTER v TYPE text", "UPDATE $.t SET v = 'bad' WHERE id = 24")
        let problems = try await scratch.refusal()
        #expect(problems.text.contains("‘bad’"))
        #expect(problems.last == .syncedInPart(source: "s", rows: 20))
        #expect(try await scratch.loaded("count(*)", order: "1") == ["20"])
        // Also the end of the load was made for them.
        #expect(
            try await scratch.scratch.rows("SELECT high FROM plumb.extents")
                == [["2025-03-01 00:00:20.000001+00"]])
        #expect(try await scratch.scratch.rows("SELECT count(*) FROM plumb.unfinished") == [["0"]])
        try await scratch.sql(
            "UPDATE $.t SET v = '24' WHERE id = 24",
            "ALTER TABLE $.t ALTER v TYPE numeric USING v::numeric")
        #expect(try await scratch.load().files.map(\.loaded) == [16])
        try await scratch.expectEqual()
    }

    // MARK: References

    @Test func parentsAreReadAfterTheirChildrenAndCheckedAtTheEnd() async throws {
        let scratch = try await PostgresScratch.events()
        try await scratch.insert(1, 25)
        try await scratch.sql(
            "CREATE TABLE $.p (id text, at timestamptz)",
            "INSERT INTO $.p SELECT 'n' || i, now() FROM generate_series(1, 24) AS i")
        try scratch.define(
            PostgresScratch.eventColumns,
            dataset: "key: id\ntime: at\nreferences: {parent: {to: p, on: note, required: true}}",
            postgres: "since: at, batch: 10")
        try scratch.scratch.write(
            "datasets/p.yaml", "dataset: p\nkey: id\ncolumns: {id: text, at: timestamp}\n")
        try scratch.scratch.write(
            "sources/p.yaml",
            "source: p\ndataset: p\npostgres: {url_env: PLUMB_TEST_CRM, table: \(scratch.schema).p, since: at}\ncolumns: {id: id, at: at}\n"
        )
        let report = try await scratch.load()
        #expect(report.files.map(\.source) == ["s", "p"])
        #expect(report.orphans.count == 1)
        #expect(try await scratch.loaded("count(*)", order: "1") == ["24"])
    }
}

@Suite(.needsServer) struct PostgresTypeTests {
    @Test func valuesArriveAsTheyAre() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            """
            CREATE TABLE $.t (id integer, n numeric(20,4), m money, f double precision, b boolean, \
            d date, ts timestamp, tz timestamptz, day_of timestamptz, txt text, c char(5), \
            j jsonb, u uuid)
            """,
            """
            INSERT INTO $.t VALUES \
            (1, 12345678901234.5678, 1234.56, 0.1, true, '2025-02-28', '2025-03-30 08:00:00.123456', \
            '2025-03-30 08:00:00.123456+02', '2025-03-30 17:00:00+00', '准绳 “引号”, 逗号', 'ab', \
            '{"k": "值"}', '0f8fad5b-d9cb-469f-a165-70867728950e'), \
            (2, -0.0001, -0.05, 1e300, false, '1999-12-31', '2025-01-01', '2025-01-01 00:00:00Z', \
            '2025-01-01 00:00:00Z', 'e' || chr(769), NULL, 'null', NULL), \
            (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL)
            """)
        try scratch.define(
            [
                "id": "integer", "n": "decimal(4)", "m": "money", "f": "double", "b": "boolean",
                "d": "date", "ts": "timestamp", "tz": "timestamp", "day_of": "date", "txt": "text",
                "c": "text", "j": "text", "u": "text",
            ], dataset: "key: id")
        try await scratch.load()
        #expect(
            try await scratch.loaded("* EXCLUDE (\"$file\", \"$line\")") == [
                """
                1|12345678901234.5678|1234.56|0.1|true|2025-02-28|2025-03-30 00:00:00.123456+00|\
                2025-03-30 06:00:00.123456+00|2025-03-31|准绳 “引号”, 逗号|ab|{"k": "值"}|\
                0f8fad5b-d9cb-469f-a165-70867728950e
                """,
                """
                2|-0.0001|-0.05|1e+300|false|1999-12-31|2024-12-31 16:00:00+00|\
                2025-01-01 00:00:00+00|2025-01-01|é|-|null|-
                """,
                "3|-|-|-|-|-|-|-|-|-|-|-|-",
            ])
    }

    @Test func theMappingWorksAsForFiles() async throws {
        let scratch = try await PostgresScratch()
        try await scratch.sql(
            "CREATE TABLE $.t (\"Nr\" integer, \"Typ \"\"x\" text, p numeric, q text, local timestamp)",
            """
            INSERT INTO $.t VALUES (1, 'tel', 1.5, '1.234,50', '2025-07-01 12:00'), \
            (2, 'n/a', 2.25, '7', '2025-12-01 12:00')
            """)
        try scratch.define(
            [
                "id": "integer", "kind": "text", "p": "money", "q": "money", "local": "timestamp",
                "total": "money",
            ], dataset: "key: id",
            source: "zone: Europe/Berlin\ndecimal: comma\nderive: {total: p + q}",
            map:
                "  id: Nr\n  kind: {from: 'Typ \"x', values: {tel: 电话}, missing: [n/a]}\n  p: p\n  q: q\n  local: local"
        )
        try await scratch.load()
        #expect(
            try await scratch.loaded("* EXCLUDE (\"$file\", \"$line\")") == [
                "1|电话|1.50|1234.50|2025-07-01 10:00:00+00|1236.00",
                "2|-|2.25|7.00|2025-12-01 11:00:00+00|9.25",
            ])
    }
}
