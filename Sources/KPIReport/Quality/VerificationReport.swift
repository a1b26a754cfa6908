import KPICore

/// Verifications as table, CSV and JSON: the columns that `quality.md` fixes.
package struct VerificationReport: Sendable {
    package var comparisons: [SourceComparison]

    package init(_ comparisons: [SourceComparison]) { self.comparisons = comparisons }

    package static let columns = [
        "verification", "grain", "period", "dimension", "member", "left", "right", "unit",
        "difference", "share", "left_change", "right_change", "status", "reason", "left_status",
        "right_status", "collector", "verifier", "left_kpi", "right_kpi",
    ]

    package var csv: String { facts.csv }
    package var json: String { "{\"comparisons\": \(facts.json)}\n" }

    private var facts: FactTable {
        FactTable(
            columns: Self.columns,
            rows: comparisons.flatMap { comparison in
                comparison.rows.map { fields(comparison, $0) }
            })
    }

    private func fields(
        _ comparison: SourceComparison, _ row: SourceComparison.Row
    ) -> [FactTable.Field] {
        let unit = comparison.direction == "equal" ? comparison.left.unit.description : ""
        let place = [
            comparison.id, comparison.grain.rawValue, row.period, row.dimension, row.member,
        ]
        let words = [
            row.outcome.status, row.outcome.reason, row.left.state.status, row.right.state.status,
            comparison.collector, comparison.verifier, comparison.left.id, comparison.right.id,
        ]
        return place.map(FactTable.Field.text)
            + [.number(row.left.value), .number(row.right.value), .text(unit)]
            + [row.difference, row.share, row.leftChange, row.rightChange]
            .map(FactTable.Field.double)
            + words.map(FactTable.Field.text)
    }

    // MARK: Table

    /// For people: a heading, the rows and a count for each verification.
    package func table(_ language: Language) -> String {
        comparisons.map { table($0, language) }.joined(separator: "\n")
    }

    package func table(_ comparison: SourceComparison, _ language: Language) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        let isEqual = comparison.direction == "equal"
        let hasGroups = comparison.rows.contains { !$0.dimension.isEmpty }
        let rows = comparison.rows.map { row in
            [row.period]
                + (hasGroups ? [group(row)] : [])
                + [
                    value(comparison.left, row.left, language),
                    value(comparison.right, row.right, language),
                ]
                + (isEqual
                    ? [
                        amount(row.difference, comparison.left, language),
                        share(row.share, language),
                    ]
                    : [
                        amount(row.leftChange, comparison.left, language),
                        amount(row.rightChange, comparison.right, language),
                    ])
                + [outcome(row, language)]
        }
        let changes =
            isEqual
            ? [say("差", "difference"), say("占右边", "of the right")]
            : [say("左边变化", "change left"), say("右边变化", "change right")]
        let headers =
            [say("周期", "period")] + (hasGroups ? [say("拆分", "group")] : [])
            + [say("左", "left"), say("右", "right")] + changes + [say("结果", "result")]
        let alignment: [TextTable.Alignment] =
            [.left] + (hasGroups ? [.left] : []) + [.right, .right, .right, .right]
        return heading(comparison, language)
            + TextTable(headers: headers, rows: rows, alignment: alignment).text()
            + summary(comparison, language) + "\n"
    }

    private func heading(_ comparison: SourceComparison, _ language: Language) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        let rule =
            switch comparison.direction {
            case "equal":
                say("应当相等，容差 \(comparison.tolerance)", "equal within \(comparison.tolerance)")
            case "both_rise":
                say(
                    "应当同向变化，容差 \(comparison.tolerance)",
                    "rise and fall together, changes up to \(comparison.tolerance) aside")
            default:
                say(
                    "应当反向变化，容差 \(comparison.tolerance)",
                    "rise and fall against each other, changes up to \(comparison.tolerance) aside")
            }
        let (left, right) = (comparison.left.label[language], comparison.right.label[language])
        return """
            \(comparison.label[language]) (\(comparison.id))
            \(say("左", "left")): \(left) · \(say("右", "right")): \(right) · \(rule)
            \(say("采集", "collector")): \(comparison.collector) · \(say("核对", "verifier")): \(comparison.verifier)

            """
    }

    private func group(_ row: SourceComparison.Row) -> String {
        row.dimension.isEmpty ? "*" : "\(row.dimension)=\(row.member)"
    }

    private func value(
        _ kpi: KPIHeader, _ cell: CellFigures, _ language: Language
    ) -> String {
        guard cell.state.hasValue else { return CellWords.status(cell.state)[language] }
        let mark = cell.state == .partial ? " ≈" : cell.state == .provisional ? " …" : ""
        return ValueFormat(kpi, language).text(cell.value) + mark
    }

    private func amount(_ value: Double?, _ kpi: KPIHeader, _ language: Language) -> String {
        guard let value else { return "" }
        let text = ValueFormat(kpi, language).text(.double(value))
        return value > 0 ? "+" + text : text
    }

    private func share(_ value: Double?, _ language: Language) -> String {
        guard let value else { return "" }
        let text = ValueFormat(unit: .ratio, isPercent: true, language: language)
            .text(.double(value))
        return value > 0 ? "+" + text : text
    }

    private func outcome(_ row: SourceComparison.Row, _ language: Language) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        switch row.outcome {
        case .within: return say("一致", "within")
        case .beyond: return say("超出容差", "BEYOND")
        case .contradicts: return say("互相矛盾", "CONTRADICTS")
        case .none(.left(let state)):
            return say("左边", "left ") + CellWords.status(state)[language]
        case .none(.right(let state)):
            return say("右边", "right ") + CellWords.status(state)[language]
        case .none(.noPrevious): return say("没有上期", "no period before")
        case .none(.unfinished): return say("周期未完", "period not over")
        }
    }

    private func summary(_ comparison: SourceComparison, _ language: Language) -> String {
        let within = comparison.rows.count { $0.outcome == .within }
        let found = comparison.findings.count
        let none = comparison.rows.count - within - found
        return language == .zh
            ? "一致 \(within)，不一致 \(found)，无法比较 \(none)"
            : "\(within) within, \(found) to look into, \(none) not comparable"
    }
}
