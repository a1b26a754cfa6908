import KPICore
import KPIEngine
import Testing

/// A value and the type that DuckDB must see it as.
struct BoundValue: Sendable, CustomTestStringConvertible {
    let scalar: Scalar
    let type: String
    var testDescription: String { "\(type): \(scalar)" }

    init(_ scalar: Scalar, _ type: String) {
        self.scalar = scalar
        self.type = type
    }
}

let boundValues: [BoundValue] = [
    BoundValue(.bool(true), "BOOLEAN"),
    BoundValue(.bool(false), "BOOLEAN"),
    BoundValue(.integer(.min), "BIGINT"),
    BoundValue(.integer(.max), "BIGINT"),
    BoundValue(decimal("-12.50"), "DECIMAL(4,2)"),
    BoundValue(decimal("0"), "DECIMAL(1,0)"),
    BoundValue(decimal("0.001"), "DECIMAL(3,3)"),
    BoundValue(decimal("1234567890123456789012345678.0123456789"), "DECIMAL(38,10)"),
    BoundValue(.double(-0.1), "DOUBLE"),
    BoundValue(.text(""), "VARCHAR"),
    BoundValue(.text("'; DROP TABLE t; --"), "VARCHAR"),
    BoundValue(.text("客户满意度，长于十二个字节"), "VARCHAR"),
    BoundValue(.text("a\0b"), "VARCHAR"),
    BoundValue(.binary([0, 1, 255]), "BLOB"),
    BoundValue(.date(-719_162), "DATE"),
    BoundValue(.time(86_399_999_999), "TIME"),
    BoundValue(.timestamp(-1, utc: false), "TIMESTAMP"),
    BoundValue(.timestamp(1_704_067_200_000_001, utc: true), "TIMESTAMP WITH TIME ZONE"),
    BoundValue(
        .interval(CalendarInterval(months: -14, days: 3, nanoseconds: 4000)), "INTERVAL"),
]

@Suite struct ParameterTests {
    @Test(arguments: boundValues)
    func everyKindIsBoundExactly(_ value: BoundValue) async throws {
        let table = try await memoryConnection().query(
            "SELECT ? AS v, typeof($1) AS t, 1", [value.scalar])
        #expect(table[0, 0] == value.scalar)
        #expect(table[0, 1] == .text(value.type))
    }

    @Test func nullIsBound() async throws {
        let table = try await memoryConnection().query("SELECT ? IS NULL, ?", [.null, .null])
        #expect(table.rows == [[.bool(true), .null]])
    }

    @Test func parametersGoByNumber() async throws {
        let table = try await memoryConnection().query(
            "SELECT $2 || $1, $2", [.text("一"), .text("二")])
        #expect(table.rows == [[.text("二一"), .text("二")]])
    }

    @Test func nullsAndValuesOfEveryKindStandSideBySide() async throws {
        let scalars = boundValues.flatMap { [$0.scalar, .null] }
        let marks = scalars.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let table = try await memoryConnection().query("SELECT \(marks)", scalars)
        #expect(table.rows == [scalars])
    }

    @Test func executeBindsToo() async throws {
        let connection = try await memoryConnection()
        try await connection.execute("CREATE TABLE t (a DECIMAL(10,2), b VARCHAR)")
        let inserted = try await connection.execute(
            "INSERT INTO t VALUES (?, ?)", [decimal("1.10"), .text("甲")])
        #expect(inserted == 1)
        let changed = try await connection.execute(
            "UPDATE t SET b = ? WHERE a = ?", [.null, decimal("1.1")])
        #expect(changed == 1)
        #expect(try await connection.query("FROM t").rows == [[decimal("1.10"), .null]])
    }

    @Test(arguments: [
        ("SELECT ?", [] as [Scalar]), ("SELECT ?, ?", [.integer(1)]),
        ("SELECT 1", [.integer(1)]), ("SELECT ? +", [.integer(1)]),
        ("SELECT ?::INTEGER", [.text("x")]), ("SELECT * FROM missing WHERE a = ?", [.null]),
        ("SELECT 1\0", []), ("", []),
        ("SELECT ?", [.decimal(ExactDecimal(mantissa: 1, scale: 39))]),
        ("SELECT ?", [.decimal(ExactDecimal(mantissa: .max, scale: 0))]),
    ])
    func badStatementsAreErrorsWithWords(_ sql: String, _ parameters: [Scalar]) async throws {
        let connection = try await memoryConnection()
        for _ in 0..<3 {
            let error = await engineError { _ = try await connection.query(sql, parameters) }
            #expect(error?.message.isEmpty == false)
            let again = await engineError { _ = try await connection.execute(sql, parameters) }
            #expect(again?.message.isEmpty == false)
        }
        #expect(try await connection.query("SELECT 7")[0, 0] == .integer(7))
    }
}
