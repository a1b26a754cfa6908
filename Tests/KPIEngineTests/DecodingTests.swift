import KPICore
import KPIEngine
import Testing

/// One expression of DuckDB and the scalar that it must arrive as.
struct Literal: Sendable, CustomTestStringConvertible {
    let sql: String
    let scalar: Scalar
    var testDescription: String { sql }

    init(_ sql: String, _ scalar: Scalar) {
        self.sql = sql
        self.scalar = scalar
    }
}

private let microsecondsOf2024 = Int64(1_704_067_200_000_000)

let literals: [Literal] = [
    Literal("true", .bool(true)),
    Literal("false", .bool(false)),
    Literal("(-128)::TINYINT", .integer(-128)),
    Literal("255::UTINYINT", .integer(255)),
    Literal("(-32768)::SMALLINT", .integer(-32768)),
    Literal("65535::USMALLINT", .integer(65535)),
    Literal("(-2147483648)::INTEGER", .integer(-2_147_483_648)),
    Literal("4294967295::UINTEGER", .integer(4_294_967_295)),
    Literal("(-9223372036854775808)::BIGINT", .integer(.min)),
    Literal("9223372036854775807::BIGINT", .integer(.max)),
    Literal("18446744073709551615::UBIGINT", decimal("18446744073709551615")),
    Literal("sum(9223372036854775807::BIGINT)", decimal("9223372036854775807")),
    Literal(
        "(-99999999999999999999999999999999999999)::HUGEINT",
        decimal("-99999999999999999999999999999999999999")),
    Literal(
        "170141183460469231731687303715884105727::UHUGEINT",
        .decimal(ExactDecimal(mantissa: .max, scale: 0))),
    Literal("(-1.25)::DECIMAL(4,2)", decimal("-1.25")),
    Literal("(-0.01)::DECIMAL(9,2)", decimal("-0.01")),
    Literal("12345678.9012345678::DECIMAL(18,10)", decimal("12345678.9012345678")),
    Literal("0.1::DECIMAL(38,10) + 0.2::DECIMAL(38,10)", decimal("0.3000000000")),
    Literal(
        "(-9999999999999999999999999999.9999999999)::DECIMAL(38,10)",
        decimal("-9999999999999999999999999999.9999999999")),
    Literal("1.5::FLOAT", .double(1.5)),
    Literal("0.1::DOUBLE", .double(0.1)),
    Literal("'inf'::DOUBLE", .double(.infinity)),
    Literal("''", .text("")),
    Literal("'首次解决数'", .text("首次解决数")),
    Literal("'twelve bytes'", .text("twelve bytes")),
    Literal("'longer than twelve bytes, 长于十二个字节'", .text("longer than twelve bytes, 长于十二个字节")),
    Literal("'\\x00\\xFFa'::BLOB", .binary([0, 255, 97])),
    Literal("DATE '1969-12-31'", .date(-1)),
    Literal("DATE '2024-02-29'", .date(19782)),
    Literal("TIME '23:59:59.999999'", .time(86_399_999_999)),
    Literal(
        "TIMESTAMP '2024-01-01 00:00:00.000001'", .timestamp(microsecondsOf2024 + 1, utc: false)),
    Literal("TIMESTAMP_S '2024-01-01 00:00:00'", .timestamp(microsecondsOf2024, utc: false)),
    Literal("TIMESTAMP_MS '1969-12-31 23:59:59.999'", .timestamp(-1000, utc: false)),
    Literal(
        "TIMESTAMP_NS '2024-01-01 00:00:00.000001999'",
        .timestamp(microsecondsOf2024 + 1, utc: false)),
    Literal("TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", .timestamp(-1, utc: false)),
    Literal("TIMESTAMPTZ '2024-01-01 08:00:00+08'", .timestamp(microsecondsOf2024, utc: true)),
    Literal(
        "INTERVAL '14 months -3 days 4 microseconds'",
        .interval(CalendarInterval(months: 14, days: -3, nanoseconds: 4000))),
    Literal("'b'::ENUM('a', 'b', '丙')", .text("b")),
    Literal("'丙'::ENUM('a', 'b', '丙')", .text("丙")),
    Literal("'{\"a\": 1}'::JSON", .text("{\"a\": 1}")),
    Literal(
        "'6c1d2a5e-8f0b-4b7e-9d3a-1c2b3a4d5e6f'::UUID",
        .text("6c1d2a5e-8f0b-4b7e-9d3a-1c2b3a4d5e6f")),
    Literal("NULL", .null),
]

@Suite struct DecodingTests {
    @Test(arguments: literals)
    func everyTypeArrivesExactly(_ literal: Literal) async throws {
        let table = try await memoryConnection().query("SELECT \(literal.sql) AS v")
        #expect(table.rows == [[literal.scalar]])
        #expect(table.columns[0].name == "v")
    }

    /// Nulls first, last and alone, before and after the edge of an engine's vector.
    @Test(arguments: literals)
    func missingValuesKeepTheirPlaces(_ literal: Literal) async throws {
        let connection = try await memoryConnection()
        let table = try await connection.query(
            """
            SELECT CASE WHEN i % 5 = 0 OR i > 4990 OR i BETWEEN 2040 AND 2060 THEN NULL
                ELSE (SELECT \(literal.sql)) END AS v
            FROM range(5000) AS r(i) ORDER BY i
            """)
        #expect(table.rowCount == 5000)
        let isRight = (0..<5000).allSatisfy { row in
            let isMissing = row % 5 == 0 || row > 4990 || (2040...2060).contains(row)
            return table[row, 0] == (isMissing ? .null : literal.scalar)
        }
        #expect(isRight)
        let empty = try await connection.query("SELECT \(literal.sql) AS v FROM range(1) LIMIT 0")
        #expect(empty.rowCount == 0 && empty.columns.count == 1)
    }

    @Test func allNullColumnsKeepTheirType() async throws {
        let table = try await memoryConnection().query(
            "SELECT NULL::VARCHAR AS t, NULL::DECIMAL(10,2) AS d, NULL AS n FROM range(3000)")
        #expect(
            table.columns.allSatisfy { column in (0..<3000).allSatisfy { column[$0] == .null } })
        #expect(table["t"]?.values == .text(Array(repeating: "", count: 3000)))
        guard case .decimal(_, scale: 2)? = table["d"]?.values else {
            Issue.record("not a decimal of scale 2")
            return
        }
    }

    @Test func manyBatchesComeInOrderWithEveryKindOfText() async throws {
        let table = try await memoryConnection().query(
            """
            SELECT i, '值' || repeat('长', (i % 9)::INT) || i AS t, i::DECIMAL(18,3) AS d
            FROM range(300000) AS r(i) ORDER BY i
            """)
        #expect(table.rowCount == 300_000)
        #expect(table.columns.allSatisfy { $0.validity == nil })
        let isRight = (0..<300_000).allSatisfy { row in
            table[row, 0] == .integer(Int64(row))
                && table[row, 1]
                    == .text("值" + String(repeating: "长", count: row % 9) + String(row))
        }
        #expect(isRight)
        #expect(table[299_999, 2] == decimal("299999.000"))
    }

    @Test func zonesOfTimestampsAreKept() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("SET TimeZone = 'Asia/Shanghai'")
        let table = try await connection.query(
            "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' AS a, TIMESTAMP '2024-01-01' AS b")
        #expect(
            table.columns[0].values == .timestamp([microsecondsOf2024], zone: "Asia/Shanghai"))
        #expect(table.columns[1].values == .timestamp([microsecondsOf2024], zone: nil))
    }

    @Test func numbersThatDoNotFitAreErrors() async throws {
        let connection = try await memoryConnection()
        let error = await engineError {
            _ = try await connection.query(
                "SELECT 340282366920938463463374607431768211455::UHUGEINT AS 列")
        }
        #expect(error?.kind == .valueOutOfRange)
        #expect(error?.message.contains("‘列’") == true)
    }

    @Test(arguments: ["'101'::BIT", "12::BIGNUM", "TIMETZ '10:00:00+08'", "1::VARIANT"])
    func typesOfTheEngineAloneAreErrors(_ sql: String) async throws {
        let connection = try await memoryConnection()
        let error = await engineError { _ = try await connection.query("SELECT \(sql) AS v") }
        #expect(error?.kind == .unsupportedType)
        let text = try await connection.query("SELECT (\(sql))::VARCHAR AS v")
        #expect(text[0, 0] != .null)
    }

    @Test(arguments: [
        "[1, 2]", "{'a': 1}", "MAP {'a': 1}", "[1, 2]::INTEGER[2]",
        "union_value(a := 1)",
    ])
    func unsupportedTypesNameTheColumn(_ sql: String) async throws {
        let connection = try await memoryConnection()
        let error = await engineError { _ = try await connection.query("SELECT 1, \(sql) AS 列") }
        #expect(error?.kind == .unsupportedType)
        #expect(error?.message.contains("‘列’") == true)
        #expect(error?.message.contains("‘+") == true)
        #expect(try await connection.query("SELECT 1")[0, 0] == .integer(1))
    }
}
