import KPICore
import KPIModel
import KPIQuery

/// Compares the records of a dataset with what is expected of them.
struct ExpectationCheck {
    let workspace: Workspace
    let dataset: Dataset
    /// nil where nothing of the dataset is known.
    let facts: DatasetFacts?
    /// The wall clock.
    let now: Instant
    let session: Session

    func outcome(of expectation: Expectation) throws -> ExpectationOutcome {
        ExpectationOutcome(
            finding: try finding(expectation), refuses: expectation.severity == .refuse)
    }

    private func finding(_ expectation: Expectation) throws -> ExpectationFinding {
        switch expectation.rule {
        case .fresh(let limit): return age(expectation, limit)
        case .rows(let grain, let column, let from, let to):
            return try volume(expectation, grain, column, from, to)
        case .filesUntil(let limit): return try files(expectation, until: limit)
        default: return try records(expectation)
        }
    }

    private func finding(
        _ expectation: Expectation, _ kind: ExpectationFinding.Kind, checked: Int, failed: Int,
        _ examples: [String]
    ) -> ExpectationFinding {
        ExpectationFinding(
            dataset: dataset.id, expectation: expectation.text, label: expectation.label,
            kind: kind, checked: checked, failed: failed, examples: examples)
    }

    // MARK: Records

    /// A relation of the records that a rule is about: `$file`, `$line`, `$value`, `$fails`.
    private func relation(_ rule: Expectation.Rule) -> SQLText {
        var rows = RowSQL(workspace: workspace, dataset: dataset)
        var applies: SQLText = "TRUE"
        let fails: SQLText
        var shown: [String] = []
        switch rule {
        case .unique(let columns):
            applies = present(columns)
            fails = "count(*) OVER (PARTITION BY \(columns.map(plain))) > 1"
            shown = columns
        case .present(let column):
            fails = "\(plain(column)) IS NULL"
            shown = dataset.key
        case .range(let column, let from, let to):
            applies = present([column])
            let low = from.map { "\(plain(column)) < \(value: $0)" as SQLText }
            let high = to.map { "\(plain(column)) > \(value: $0)" as SQLText }
            fails = "(\([low, high].compactMap { $0 }, separator: " OR "))"
            shown = [column]
        case .oneOf(let column, let values):
            applies = present([column])
            fails = "\(plain(column)) NOT IN (\(values.map { "\(value: $0)" as SQLText }))"
            shown = [column]
        case .refers(let name):
            let reference = dataset.reference(name)!
            let found = rows.expression(
                RowExpression(
                    .column(path: [name], name: reference.targetColumns[0]), type: .text))
            applies = present(reference.columns)
            fails = "\(found) IS NULL"
            shown = reference.columns
        case .condition(let condition):
            fails = "NOT coalesce(\(rows.expression(condition)), FALSE)"
            shown = read(by: condition)
        case .fresh, .rows, .filesUntil: preconditionFailure("not about single records")
        }
        return """
            SELECT \(name: "r").\(name: "$file"), \(name: "r").\(name: "$line"), \
            \(text(shown)) AS \(name: "$value"), \(fails) AS \(name: "$fails") \
            FROM data.\(name: dataset.id) AS \(name: "r")\(rows.joins) WHERE \(applies)
            """
    }

    private func records(_ expectation: Expectation) throws -> ExpectationFinding {
        let relation = relation(expectation.rule)
        let counts = try session.read(counts(of: expectation.rule, in: relation))
        let failed = counts[0, 1].wholeNumber ?? 0
        return finding(
            expectation, .records, checked: counts[0, 0].wholeNumber ?? 0, failed: failed,
            failed == 0 ? [] : try examples(relation))
    }

    /// Of repeated values by groups, which needs no copy of the records.
    private func counts(of rule: Expectation.Rule, in relation: SQLText) -> SQLText {
        guard case .unique(let columns) = rule else {
            return "SELECT count(*), count(*) FILTER (WHERE \(name: "$fails")) FROM (\(relation))"
        }
        return """
            SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE n > 1), 0) FROM (\
            SELECT count(*) AS n FROM data.\(name: dataset.id) AS \(name: "r") \
            WHERE \(present(columns)) GROUP BY \(columns.map(plain)))
            """
    }

    private static let shownExamples = 3

    /// `orders.csv:12 2026-13`: file, line and value of the first.
    private func examples(_ relation: SQLText) throws -> [String] {
        let found = try session.read(
            """
            SELECT concat_ws(' ', concat_ws(':', \(name: "f").path, \(name: "x").\(name: "$line")), \
            nullif(\(name: "x").\(name: "$value"), '')) FROM (\(relation)) AS \(name: "x") \
            LEFT JOIN plumb.files AS \(name: "f") ON \(name: "f").id = \(name: "x").\(name: "$file") \
            WHERE \(name: "x").\(name: "$fails") \
            ORDER BY \(name: "f").path, \(name: "x").\(name: "$line"), 1 LIMIT \(integer: Self.shownExamples)
            """)
        return (0..<found.rowCount).map { found[$0, 0].plainText ?? "" }
    }

    private func plain(_ column: String) -> SQLText { "\(name: "r").\(name: column)" }

    private func present(_ columns: [String]) -> SQLText {
        let stated: [SQLText] = columns.map { "\(plain($0)) IS NOT NULL" }
        return "\(stated, separator: " AND ")"
    }

    /// Values of columns as one text; times as those of the workspace's wall clock.
    private func text(_ columns: [String]) -> SQLText {
        guard !columns.isEmpty else { return "''" }
        let zone: SQLText = "\(value: .text(workspace.calendar.zone.identifier))"
        let texts: [SQLText] = columns.map { name in
            let isTime = dataset.column(name)?.type == .timestamp
            let value: SQLText = isTime ? "timezone(\(zone), \(plain(name)))" : plain(name)
            return "coalesce(CAST(\(value) AS VARCHAR), '(missing)')"
        }
        return "\(texts, separator: " || '/' || ")"
    }

    /// The first of the dataset's own columns that an expression reads.
    private func read(by expression: RowExpression) -> [String] {
        let own = expression.columnUses(on: dataset.id)
            .filter { $0.path.isEmpty && $0.dataset == dataset.id }.map(\.name)
        let distinct = own.indices.filter { !own[..<$0].contains(own[$0]) }.map { own[$0] }
        return Array(distinct.prefix(Self.shownExamples))
    }

    // MARK: Freshness

    private func age(_ expectation: Expectation, _ limit: Int64) -> ExpectationFinding {
        guard let watermark = facts?.knownWatermark else {
            return finding(expectation, .age, checked: 1, failed: 1, [])
        }
        let zone = workspace.calendar.zone
        let text = LocalClock.text(zone.local(watermark)) + zone.offsetText(at: watermark)
        let isOld = now - watermark > limit
        return finding(expectation, .age, checked: 1, failed: isOld ? 1 : 0, isOld ? [text] : [])
    }

    // MARK: Volume

    /// Whole periods inside coverage, also those without any record.
    private func volume(
        _ expectation: Expectation, _ grain: Grain, _ column: String, _ from: Int?, _ to: Int?
    ) throws -> ExpectationFinding {
        let calendar = workspace.calendar
        let covered = facts?.coverage[column] ?? Window(start: 0, end: 0)
        let gaps = facts?.gaps[column] ?? []
        let periods = calendar.periods(grain, touching: covered).filter { period in
            let window = calendar.window(period)
            return covered.contains(window)
                && gaps.allSatisfy { $0.intersection(window).isEmpty }
        }
        let counts = try rowCounts(column, grain)
        let wrong = periods.filter { period in
            let count = counts[period] ?? 0
            return count < from ?? 0 || count > to ?? .max
        }
        let examples = wrong.prefix(Self.shownExamples).map {
            "\(calendar.name($0)): \(counts[$0] ?? 0)"
        }
        return finding(
            expectation, .periods, checked: periods.count, failed: wrong.count, examples)
    }

    /// Those beyond the limit fail, as long as some source of the dataset is made of files.
    private func files(
        _ expectation: Expectation, until limit: Int
    ) throws -> ExpectationFinding {
        let count = try session.number("SELECT count(*) FROM data.\(name: dataset.id)")
        let sources = workspace.sources.filter { $0.dataset == dataset.id && $0.postgres == nil }
        let excess = sources.isEmpty ? 0 : max(0, count - limit)
        return finding(
            expectation, .records, checked: count, failed: excess,
            excess == 0 ? [] : sources.prefix(Self.shownExamples).map { "sources: \($0.id)" })
    }

    private func rowCounts(_ column: String, _ grain: Grain) throws -> [Period: Int] {
        let isDate = dataset.column(column)?.type == .date
        let day: SQLText = "\(name: isDate ? column : column + "$day")"
        let found = try session.read(
            "SELECT \(day), count(*) FROM data.\(name: dataset.id) WHERE \(day) IS NOT NULL GROUP BY 1"
        )
        return (0..<found.rowCount).reduce(into: [:]) { counts, row in
            guard case .date(let day) = found[row, 0] else { return }
            let period = workspace.calendar.period(
                grain, containing: LocalClock.midnight(Int(day)))
            counts[period, default: 0] += found[row, 1].wholeNumber ?? 0
        }
    }
}

extension DatasetFacts {
    /// nil where no time of the dataset is known.
    package var knownWatermark: Instant? { watermark == .max ? nil : watermark }
}
