import KPICore
import KPIEngine
import KPIQuery
import TestSupport
import Testing

/// The engine and the calendar count months alike, on every day of sixty years.
@Suite struct MonthSQLTests {
    private static func schemes() -> [MonthScheme] {
        var random = SplitMix(seed: 71)
        let weeks = (0..<12).map { index in
            MonthScheme.weeks(
                FiscalWeeks(
                    pattern: FiscalWeeks.Pattern.allCases[index % 3], weekday: random.int(1...7),
                    isNearest: index % 2 == 0, month: index + 1,
                    leapPeriod: index < 6 ? 12 : random.int(1...12)))
        }
        return weeks + [.civil(yearStart: 1), .civil(yearStart: 4), .civil(yearStart: 12)]
    }

    @Test(arguments: schemes()) func monthsAreNumberedAsInTheCalendar(scheme: MonthScheme)
        async throws
    {
        let connection = try await Database.inMemory().connect()
        let first = CivilDate(year: 1990, month: 1, dayOfMonth: 1).day
        let last = CivilDate(year: 2050, month: 1, dayOfMonth: 1).day
        for months in [1, 3, 12] {
            let run = scheme.run(months, holding: "\(name: "d")").text
            let table = try await connection.query(
                """
                SELECT \(run) AS run FROM (SELECT DATE '1970-01-01' + CAST(i AS INTEGER) AS d, i \
                FROM range(\(first), \(last)) AS r(i)) ORDER BY i
                """)
            let numbers = (0..<table.rowCount).map { row -> Int? in
                if case .integer(let number)? = table["run"]?[row] { Int(number) } else { nil }
            }
            let starts = (first..<last).map { scheme.firstDay(ofRun: months, holding: $0) }
            var expected = numbers[0]
            for offset in starts.indices {
                if offset > 0, starts[offset] != starts[offset - 1] {
                    expected = expected.map { $0 + 1 }
                }
                guard numbers[offset] == nil || numbers[offset] != expected else { continue }
                Issue.record("\(scheme) \(months) \(CivilDate(day: first + offset))")
                return
            }
        }
    }
}
