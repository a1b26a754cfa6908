import KPICore
import KPIModel

/// The table that working time is looked up in, made before a statement that needs it runs.
package enum WorkingTimeTable {
    package static let name = "plumb_working_time"

    /// Whether a statement looks up working time.
    package static func isNeeded(by statement: SQLText) -> Bool {
        statement.text.contains("\"\(name)\"")
    }

    /// What to ingest as a temporary table; nil where a statement does not look up working time.
    package static func needed(
        by statement: SQLText, _ workspace: Workspace
    ) -> (name: String, table: Table)? {
        guard isNeeded(by: statement),
            let clock = WorkingClock.of(workspace.calendar)
        else { return nil }
        return (name, clock.table)
    }
}

/// Working time is the difference of two readings of a clock that runs only in working hours.
///
/// Each reading is one inner join by the day of UTC with a table in which every key has a row, so
/// that no record is lost. See docs/decisions/0010-working-time-is-a-clock.md.
extension RowCompiler {
    mutating func working(
        _ from: RowExpression, _ to: RowExpression, _ calendar: RowExpression?
    ) -> SQLText {
        let offset = calendar.map { firstSlot(sql($0), $0) } ?? "0"
        let (first, last) = (reading(from), reading(to))
        let begin = clock(first.time, offset)
        let end = clock(last.time, offset)
        let spent: SQLText = "((\(end) - \(begin)) >> 1)"
        let known = [first.isKnown, last.isKnown].compactMap { $0 }
        return known.isEmpty
            ? spent : "(\(spent) + CASE WHEN \(known, separator: " AND ") THEN 0 END)"
    }

    /// An instant, and when it is known. Of a column the plain value: the engine sees its bounds, and
    /// as-of is tested once instead of wherever the value stands.
    private mutating func reading(
        _ expression: RowExpression
    ) -> (time: SQLText, isKnown: SQLText?) {
        guard let asOf, case .column(let path, let name) = expression.node,
            special[expression.node] == nil, column(path, name) != plainColumn(path, name)
        else { return (sql(expression), nil) }
        let plain = plainColumn(path, name)
        return (plain, "\(plain) < \(value: .timestamp(asOf, utc: true))")
    }

    /// The first slot of a calendar: a constant, or by the name that the record has.
    private func firstSlot(_ name: SQLText, _ calendar: RowExpression) -> SQLText {
        let calendars = workspace.calendar.working!.calendars
        func slot(_ index: Int) -> SQLText { "\(integer: index * WorkingClock.dayCount)" }
        if case .literal(.text(let known)) = calendar.node,
            let index = calendars.firstIndex(where: { $0.name == known })
        {
            return slot(index)
        }
        let cases: [SQLText] = calendars.enumerated().map { index, calendar in
            " WHEN \(value: .text(calendar.name)) THEN \(slot(index))"
        }
        return "CASE \(name)\(cases, separator: "") END"
    }

    /// Twice the working time before an instant.
    private mutating func clock(_ time: SQLText, _ offset: SQLText) -> SQLText {
        let instant: SQLText = "epoch_us(\(time))"
        let last = Int(LocalClock.midnight(WorkingClock.dayCount)) - 1
        let key: SQLText = """
            coalesce(CASE WHEN \(instant) BETWEEN 0 AND \(integer: last) \
            THEN \(instant) // 86400000000 + \(offset) END, \(integer: WorkingClock.nowhere))
            """
        let index = clockKeys.firstIndex(of: key) ?? clockKeys.count
        if index == clockKeys.count { clockKeys.append(key) }
        let table = clockAlias(index)
        let spans: [SQLText] = (0..<WorkingClock.of(workspace.calendar)!.spanCount).map { span in
            """
             + abs(\(instant) - \(name: table).\(name: "b\(span)"))\
             - abs(\(instant) - \(name: table).\(name: "e\(span)"))
            """
        }
        return "(\(name: table).\(name: "c")\(spans, separator: ""))"
    }

    private func clockAlias(_ index: Int) -> String { "\(alias)w\(index)" }

    func clockJoins() -> SQLText {
        let joins: [SQLText] = clockKeys.enumerated().map { index, key in
            let table = clockAlias(index)
            return """
                 JOIN \(name: WorkingTimeTable.name) AS \(name: table) ON \(name: table).\(name: "slot") = \(key)
                """
        }
        return "\(joins, separator: "")"
    }

    /// How much of a span of working time is covered by spans of other records, each instant once.
    mutating func paused(_ paused: Paused) -> SQLText {
        var (inner, conditions) = inner(paused.related, paused.expressions)
        let from = inner.sql(paused.from)
        let to = inner.sql(paused.to)
        let offset = paused.calendar.map { calendar -> SQLText in
            guard case .outer(let own) = calendar.node else { return "0" }
            return firstSlot(inner.sql(calendar), own)
        }
        let stated = inner.sql(paused.begin)
        let low: SQLText = "least(\(from), \(to))"
        let high: SQLText = "greatest(\(from), \(to))"
        let begin: SQLText = "greatest(\(stated), \(low))"
        let end: SQLText = "least(coalesce(\(inner.sql(paused.end)), \(high)), \(high))"
        conditions.append("\(stated) IS NOT NULL AND \(begin) < \(end)")
        conditions.append(inner.sql(paused.related.condition, isCondition: true))
        let first = inner.clock(begin, offset ?? "0")
        let last = inner.clock(end, offset ?? "0")
        let covered: SQLText = """
            (SELECT CAST(coalesce(sum(greatest("$e" - greatest("$s", coalesce("$m", "$s")), 0)), 0) // 2 AS BIGINT) \
            FROM (SELECT "$s", "$e", max("$e") OVER (ORDER BY "$s" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) \
            AS "$m" FROM (SELECT \(first) AS "$s", \(last) AS "$e" \(inner.source(conditions))) AS "$p") AS "$q")
            """
        return
            "CASE WHEN \(sql(outside(paused.to))) < \(sql(outside(paused.from))) THEN -\(covered) ELSE \(covered) END"
    }

    private func outside(_ expression: RowExpression) -> RowExpression {
        if case .outer(let own) = expression.node { own } else { expression }
    }
}
