import KPICore
import KPIModel

/// The records of a dataset once for each window they belong to: where their time lies, at whose end
/// they are in force, or in which their entity entered.
extension ScanContext {
    /// - Parameters:
    ///   - columns: of the result, after the window `w`.
    ///   - isPresence: records of a stock that are in force in any part of a window.
    func recordsInWindows(
        _ windows: [CoveredWindow], table: String, columns: [SQLText], joins extra: SQLText = "",
        conditions: [SQLText] = [], isPresence: Bool = false, _ compiler: inout RowCompiler
    ) -> SQLText {
        let question = filter.map { compiler.sql($0, isCondition: true) }
        let chosen = [question].compactMap { $0 } + conditions
        let (join, own) =
            switch key.kind {
            case .events:
                events(
                    windows, table,
                    needsBounds: Self.usesBounds(columns + chosen + [compiler.joinClauses()]))
            case .stock(let stock): inForce(stock, table, isPresence: isPresence)
            case .cohort(let rule, let condition):
                entered(rule, condition, windows, table, &compiler)
            }
        let all = own + chosen
        return """
            SELECT \(windowColumn) AS \(name: "w")\(columns.map { ", \($0)" as SQLText }, separator: "") \
            FROM \(builder.dialect.table(key.dataset)) AS \(name: "r")\(join)\
            \(compiler.joinClauses())\(extra) WHERE \(all, separator: " AND ")
            """
    }

    /// The window's number: of stocks in the table of bounds, else in that of days.
    private var windowColumn: SQLText {
        if case .stock = key.kind { return "\(name: "p").\(name: "w")" }
        return "\(name: "m").\(name: "w")"
    }

    private static func usesBounds(_ parts: [SQLText]) -> Bool {
        parts.contains { part in
            ["lo", "hi", "end"].contains { part.text.contains("\"p\".\"\($0)\"") }
        }
    }

    /// Joined day by day, so that windows may overlap.
    private func events(
        _ windows: [CoveredWindow], _ table: String, needsBounds: Bool
    ) -> (join: SQLText, conditions: [SQLText]) {
        let time: SQLText = "\(name: "r").\(name: key.timeColumn)"
        let span = Window(
            start: windows.map(\.start).min() ?? records.start,
            end: windows.map(\.end).max() ?? records.end)
        let bounds: SQLText = needsBounds ? boundsJoin(table) : ""
        return (
            " \(daysJoin(windows, table, day: "\(name: "r").\(name: dayColumn)", time: time))\(bounds)",
            [within(records.intersection(span), alias: "r")]
        )
    }

    private func daysJoin(
        _ windows: [CoveredWindow], _ table: String, day: SQLText, time: SQLText
    ) -> SQLText {
        let isCut = windows.contains { !isDayAligned($0.window) }
        let inside: SQLText =
            isCut
            ? " AND (\(name: "m").\(name: "lo") IS NULL OR \(time) >= \(name: "m").\(name: "lo") AND \(time) < \(name: "m").\(name: "hi"))"
            : ""
        return """
            JOIN \(name: table) AS \(name: "m") ON \(name: "m").\(name: "day") = \(day)\(inside)
            """
    }

    private func boundsJoin(_ table: String) -> SQLText {
        """
         JOIN \(name: table + "_bounds") AS \(name: "p") ON \(name: "p").\(name: "w") = \(name: "m").\(name: "w")
        """
    }

    // MARK: Stocks

    /// In force just before the end (start) of a window, or in any part of it.
    func inForce(
        _ stock: Stock, _ table: String, isPresence: Bool = false
    ) -> (join: SQLText, conditions: [SQLText]) {
        let bounds: SQLText = "\(name: table + "_bounds") AS \(name: "p")"
        let column: SQLText = "\(name: "r").\(name: stock.from)"
        let type = dataset.column(stock.from)!.type
        let (from, to) = range(of: stock)
        let found = isPresence ? touches(stock) : instant(of: stock).isIn(from, to, type)
        guard stock.isSnapshot else { return (" JOIN \(bounds) ON \(found)", [isBeforeAsOf("r")]) }
        // A snapshot is in force until the next one.
        let instants: SQLText = """
            (SELECT \(name: "t") AS \(name: "from"), lead(\(name: "t")) OVER (ORDER BY \(name: "t")) AS \(name: "to") \
            FROM (SELECT DISTINCT \(name: "s").\(name: stock.from) AS \(name: "t") \
            FROM \(builder.dialect.table(key.dataset)) AS \(name: "s") WHERE \(isBeforeAsOf("s"))))
            """
        return (
            " JOIN \(instants) AS \(name: "n") ON \(name: "n").\(name: "from") = \(column) JOIN \(bounds) ON \(found)",
            [isBeforeAsOf("r")]
        )
    }

    /// Has happened before as-of, however early.
    func isBeforeAsOf(_ alias: String) -> SQLText {
        let column: SQLText = "\(name: alias).\(name: key.timeColumn)"
        if timeType == .date {
            let day = builder.workspace.calendar.firstDay(notBefore: records.end)
            return "\(column) < \(value: .date(Int32(day)))"
        }
        return "\(column) < \(value: .timestamp(records.end, utc: true))"
    }

    // MARK: Cohorts

    /// All records of the entities that entered in a window, the entry joined as `c`.
    private func entered(
        _ rule: EntityRule, _ condition: RowExpression?, _ windows: [CoveredWindow],
        _ table: String,
        _ outer: inout RowCompiler
    ) -> (join: SQLText, conditions: [SQLText]) {
        var compiler = compiler()
        let key = compiler.sql(rule.key)
        let plain = (condition?.conjuncts ?? []).filter { !$0.usesEver && !$0.usesPeriod }
        let conditions = [isBeforeAsOf("r")] + plain.map { compiler.sql($0, isCondition: true) }
        let entries: SQLText = """
            (SELECT \(key) AS \(name: "k"), min(\(name: "r").\(name: dayColumn)) AS \(name: "day"), \
            min(\(name: "r").\(name: self.key.timeColumn)) AS \(name: "t") \
            FROM \(builder.dialect.table(self.key.dataset)) AS \(name: "r")\(compiler.joinClauses()) \
            WHERE \(conditions, separator: " AND ") GROUP BY 1)
            """
        let days = daysJoin(
            windows, table, day: "\(name: "c").\(name: "day")", time: "\(name: "c").\(name: "t")")
        return (
            " JOIN \(entries) AS \(name: "c") ON \(name: "c").\(name: "k") = \(outer.sql(rule.key)) \(days)\(boundsJoin(table))",
            [isBeforeAsOf("r")]
        )
    }

    /// How many units after that of its entity's entry a record lies, as text that sorts.
    func age(_ unit: Grain) -> SQLText {
        let calendar = builder.workspace.calendar
        func index(_ day: SQLText) -> SQLText {
            if let months = unit.months { return calendar.months.run(months, holding: day) }
            let days: SQLText = "date_diff('day', DATE '1969-12-29', \(day))"
            // That Monday begins a week; other weeks begin later in it.
            return unit == .day ? days : "((\(days) - \(integer: calendar.weekStart - 1)) // 7)"
        }
        let record = index("\(name: "r").\(name: dayColumn)")
        let entry = index("\(name: "c").\(name: "day")")
        return unit.months == nil
            ? "printf('%03d', \(record) - \(entry))" : "printf('%02d', \(record) - \(entry))"
    }
}
