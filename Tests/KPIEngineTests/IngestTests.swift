import KPICore
import KPIEngine
import Testing

/// One column of every kind, with a null in the middle.
let everyKind: [Column] = [
    Column(name: "int", values: .int64([.min, 0, .max]), validity: [true, false, true]),
    Column(name: "uint", values: .uint64([0, 1, .max]), validity: [true, false, true]),
    Column(
        name: "decimal", values: .decimal([-1, 0, 99_999_999_999_999_999_999], scale: 3),
        validity: [true, false, true]),
    Column(name: "double", values: .double([-0.1, 0, .infinity]), validity: [true, false, true]),
    Column(name: "bool", values: .bool([true, false, false]), validity: [true, false, true]),
    Column(
        name: "text", values: .text(["", "x", "长于十二个字节的文字"]), validity: [true, false, true]),
    Column(
        name: "binary", values: .binary([[], [1], [0, 255, 7]]), validity: [true, false, true]),
    Column(name: "date", values: .date([-1, 0, 19782]), validity: [true, false, true]),
    Column(name: "time", values: .time([0, 1, 86_399_999_999]), validity: [true, false, true]),
    Column(
        name: "local", values: .timestamp([-1, 0, 1], zone: nil), validity: [true, false, true]),
    Column(
        name: "instant", values: .timestamp([-1, 0, 1], zone: "UTC"),
        validity: [true, false, true]),
    Column(
        name: "interval",
        values: .interval([
            CalendarInterval(months: 1, days: -2, nanoseconds: 3000),
            CalendarInterval(months: 0, days: 0, nanoseconds: 0),
            CalendarInterval(months: -12, days: 31, nanoseconds: -1000),
        ]), validity: [true, false, true]),
    Column(name: "所有 \"quoted\"", values: .int64([1, 2, 3])),
]

@Suite struct IngestTests {
    @Test func everyKindRoundTrips() async throws {
        let connection = try await memoryConnection()
        let table = Table(columns: everyKind)
        #expect(try await connection.ingest(table, into: "t") == 3)
        let stored = try await connection.query("FROM t")
        #expect(stored.rows == table.rows)
        #expect(stored.columns.map(\.name) == table.columns.map(\.name))
    }

    @Test func columnsOfNothingButNullsAreTaken() async throws {
        let connection = try await memoryConnection()
        let table = Table(columns: [
            Column(name: "a", values: .int64([1, 2])), Column(name: "n", values: .null(count: 2)),
            Column(name: "t", values: .text(["x", "y"]), validity: [false, false]),
        ])
        try await connection.ingest(table, into: "t")
        #expect(try await connection.query("FROM t").rows == table.rows)
    }

    @Test func modesCreateAppendAndReplace() async throws {
        let connection = try await memoryConnection()
        let table = Table(columns: [Column(name: "a", values: .int64([1, 2]))])
        func count() async throws -> Scalar {
            try await connection.query("SELECT count(*) FROM \"表 名\"")[0, 0]
        }
        let early = await engineError {
            try await connection.ingest(table, into: "表 名", mode: .append)
        }
        #expect(early != nil)
        try await connection.ingest(table, into: "表 名", mode: .create)
        let again = await engineError {
            try await connection.ingest(table, into: "表 名", mode: .create)
        }
        #expect(again != nil)
        #expect(try await connection.ingest(table, into: "表 名", mode: .append) == 2)
        #expect(try await count() == .integer(4))
        #expect(try await connection.ingest(table, into: "表 名", mode: .replace) == 2)
        #expect(try await count() == .integer(2))
        let other = Table(columns: [Column(name: "b", values: .text(["z"]))])
        try await connection.ingest(other, into: "表 名", mode: .replace)
        #expect(try await connection.query("FROM \"表 名\"").rows == [[.text("z")]])
    }

    @Test func replacingWhereNothingWasMakesTheTable() async throws {
        let connection = try await memoryConnection()
        try await connection.ingest(Table(columns: everyKind), into: "t", mode: .replace)
        #expect(try await connection.query("FROM t").rowCount == 3)
    }

    @Test func schemasAreRespected() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE SCHEMA s")
        let table = Table(columns: [Column(name: "a", values: .int64([1]))])
        for mode in [IngestMode.create, .append, .replace] {
            try await connection.ingest(table, into: "t", schema: "s", mode: mode)
        }
        #expect(try await connection.query("FROM s.t").rowCount == 1)
        let error = await engineError { _ = try await connection.query("FROM main.t") }
        #expect(error?.kind == .invalidStatement)
    }

    @Test func temporaryTablesStayWithTheirConnection() async throws {
        let database = try await Database.inMemory()
        let (one, other) = (try await database.connect(), try await database.connect())
        let table = Table(columns: [Column(name: "a", values: .int64([1]))])
        try await one.ingest(table, into: "t", temporary: true)
        try await one.ingest(table, into: "t", mode: .append, temporary: true)
        #expect(try await one.query("FROM t").rowCount == 2)
        #expect(await engineError { _ = try await other.query("FROM t") } != nil)
    }

    @Test func emptyTablesMakeTheirColumns() async throws {
        let connection = try await memoryConnection()
        let table = Table(columns: [
            Column(name: "a", values: .int64([])), Column(name: "b", values: .text([])),
        ])
        #expect(try await connection.ingest(table, into: "t") == 0)
        #expect(try await connection.query("FROM t").columns.map(\.name) == ["a", "b"])
    }

    @Test func appendingConvertsToTheTablesTypes() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE TABLE t (a INTEGER, d DECIMAL(10,2), s VARCHAR)")
        let table = Table(columns: [
            Column(name: "a", values: .int64([7])),
            Column(name: "d", values: .decimal([125], scale: 2)),
            Column(name: "s", values: .text(["文"])),
        ])
        try await connection.ingest(table, into: "t", mode: .append)
        #expect(try await connection.query("FROM t").rows == table.rows)
        let large = Table(columns: [
            Column(name: "a", values: .int64([.max])),
            Column(name: "d", values: .decimal([125], scale: 2)),
            Column(name: "s", values: .text(["文"])),
        ])
        let error = await engineError {
            try await connection.ingest(large, into: "t", mode: .append)
        }
        #expect(error != nil)
        #expect(try await connection.query("FROM t").rowCount == 1)
    }

    @Test func appendingGoesByNameNotByPlace() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE TABLE t (a INTEGER, \"B\" INTEGER, l INTEGER[])")
        try await connection.execute("ALTER TABLE t DROP l")
        let (a, b) = (
            Column(name: "A", values: .int64([1])), Column(name: "b", values: .int64([2]))
        )
        try await connection.ingest(Table(columns: [b, a]), into: "t", mode: .append)
        #expect(
            try await connection.query("SELECT a, b FROM t").rows == [[.integer(1), .integer(2)]])
        for columns in [[a], [a, b, Column(name: "c", values: .int64([3]))], [a, everyKind[0]]] {
            let error = await engineError {
                let rows = Table(
                    columns: columns.map { Column(name: $0.name, values: .int64([1])) })
                try await connection.ingest(rows, into: "t", mode: .append)
            }
            #expect(error?.kind == .invalidInput)
        }
        #expect(try await connection.query("FROM t").rowCount == 1)
    }

    @Test func badInputIsAnError() async throws {
        let connection = try await memoryConnection()
        var crooked = Table(columns: [Column(name: "a", values: .int64([1]))])
        crooked.columns.append(Column(name: "b", values: .int64([1, 2])))
        let cases = [
            (crooked, "t"), (Table(), "t"), (Table(columns: [everyKind[0], everyKind[0]]), "t"),
            (Table(columns: [Column(name: "", values: .int64([1]))]), "t"),
            (Table(columns: everyKind), ""),
            (Table(columns: [Column(name: "d", values: .decimal([1], scale: 39))]), "t"),
            (Table(columns: [Column(name: "d", values: .int64([1]), validity: [])]), "t"),
        ]
        for (table, name) in cases {
            let error = await engineError { try await connection.ingest(table, into: name) }
            #expect(error?.kind == .invalidInput)
        }
    }

    @Test func manyRowsRoundTrip() async throws {
        let connection = try await memoryConnection()
        let count = 200_000
        let table = Table(columns: [
            Column(
                name: "i", values: .int64((0..<count).map(Int64.init)),
                validity: (0..<count).map { $0 % 3 != 0 }),
            Column(name: "t", values: .text((0..<count).map { "第\($0)行" })),
        ])
        #expect(try await connection.ingest(table, into: "t") == Int64(count))
        #expect(try await connection.query("FROM t").rows == table.rows)
    }
}
