import KPICore

/// Restatements as table, CSV and JSON: the columns that `publish.md` fixes.
package struct RestatementReport: Sendable {
    package var items: [Restatement]

    package init(_ items: [Restatement]) { self.items = items }

    // MARK: CSV

    package static let columns = [
        "kpi", "grain", "period", "group", "was", "is", "unit", "was_status", "is_status",
        "was_version", "is_version", "why", "published_at", "published_by", "revision", "detail",
        "was_reason", "is_reason", "was_numerator", "is_numerator", "was_denominator",
        "is_denominator", "was_n", "is_n", "was_open", "is_open",
    ]

    package var csv: String {
        ([Self.columns] + items.map { item in row(item).map(\.text) })
            .map { $0.map(CSVReport.field).joined(separator: ",") + "\n" }.joined()
    }

    private enum Field {
        case text(String)
        case number(String)

        var text: String {
            switch self {
            case .text(let text), .number(let text): text
            }
        }
    }

    private func row(_ item: Restatement) -> [Field] {
        let texts: [String] = [
            item.kpi.id, item.grain.rawValue, item.period, Self.group(item.group),
        ]
        let words: [String] = [
            item.kpi.unit.description, Self.status(item.was), Self.status(item.now),
            item.wasVersion.hash, item.nowVersion?.hash ?? "",
            item.reasons.map(\.code).joined(separator: "; "), item.publication.at,
            item.publication.by,
        ]
        let details = item.reasons.map { RestatementWords.detail($0, .en) }
        let reasons: [String] = [
            details.contains { !$0.isEmpty } ? details.joined(separator: "; ") : "",
            item.was?.state.reason ?? "", item.now?.state.reason ?? "",
        ]
        let numbers = [\CellFigures.numerator, \.denominator, \.n, \.open].flatMap { part in
            [item.was, item.now].map { Field.number(Self.number($0?[keyPath: part])) }
        }
        return texts.map(Field.text)
            + [.number(Self.number(item.was?.value)), .number(Self.number(item.now?.value))]
            + words.map(Field.text) + [.number(String(item.publication.revision))]
            + reasons.map(Field.text) + numbers
    }

    /// `absent` where there is no such cell.
    private static func status(_ cell: CellFigures?) -> String { cell?.state.status ?? "absent" }

    static func number(_ scalar: Scalar?) -> String {
        guard let scalar, let digits = DecimalDigits(scalar) else { return "" }
        var bytes: [UInt8] = []
        digits.write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `team=North,desk=2`; `*` for the whole company. In a value `\` stands before `,`, `=` and `\`.
    package static func group(_ members: [Restatement.Member]) -> String {
        guard !members.isEmpty else { return "*" }
        return members.map { member in
            let value = member.value.reduce(into: "") { text, character in
                if ",=\\".contains(character) { text.append("\\") }
                text.append(character)
            }
            return "\(member.dimension)=\(value)"
        }.joined(separator: ",")
    }

    // MARK: JSON

    /// `{"cells": …, "restatements": [ … ]}`: the fields of the CSV under their names, with the group
    /// as an object, the reasons as a list, and the labels of the versions.
    package func json(cells: Int) -> String {
        let objects = items.map { "  " + object($0) }.joined(separator: ",\n")
        return "{\"cells\": \(cells), \"restatements\": [\n\(objects)\n]}\n"
    }

    private func object(_ item: Restatement) -> String {
        let members = item.group.map {
            "\(JSONReport.quoted($0.dimension)): \(JSONReport.quoted($0.value))"
        }
        let fields = zip(Self.columns, row(item)).map { name, field in
            switch (name, field) {
            case ("group", _): return "\"group\": {\(members.joined(separator: ", "))}"
            case ("why", _):
                let codes = item.reasons.map { JSONReport.quoted($0.code) }
                return "\"why\": [\(codes.joined(separator: ", "))]"
            case (_, .number(let text)): return "\"\(name)\": \(text.isEmpty ? "null" : text)"
            case (_, .text(let text)):
                return "\"\(name)\": \(text.isEmpty ? "null" : JSONReport.quoted(text))"
            }
        }
        let labels = [
            "\"was_label\": \(JSONReport.quoted(item.wasVersion.label))",
            "\"is_label\": \(JSONReport.quoted(item.nowVersion?.label ?? ""))",
            "\"note\": \(JSONReport.quoted(item.publication.note))",
        ]
        let clock = item.kpi.isWorkingTime ? ["\"clock\": \"working\""] : []
        return "{" + (fields + clock + labels).joined(separator: ", ") + "}"
    }

    // MARK: Table

    /// For people; the first of several rows of one KPI names it.
    package func table(_ language: Language) -> String {
        var last: String?
        let rows = items.map { item in
            let name = item.kpi.id == last ? "" : named(item.kpi, language)
            last = item.kpi.id
            return [
                name, item.period, Self.group(item.group), value(item, item.was, language),
                value(item, item.now, language), also(item, language),
                item.reasons.map { RestatementWords.reason($0, language) }.joined(separator: "; "),
                String(item.publication.at.prefix(10)) + " " + item.publication.by,
            ]
        }
        return TextTable(
            headers: RestatementWords.headers(language), rows: rows,
            alignment: [.left, .left, .left, .right, .right]
        ).text()
    }

    private func named(_ kpi: KPIHeader, _ language: Language) -> String {
        "\(kpi.label[language]) (\(kpi.id))" + CellWords.clock(kpi, language)
    }

    private func value(
        _ item: Restatement, _ cell: CellFigures?, _ language: Language
    ) -> String {
        guard let cell else { return RestatementWords.absent[language] }
        guard cell.state.hasValue else { return CellWords.status(cell.state)[language] }
        return ValueFormat(item.kpi, language).text(cell.value)
    }

    /// What else of the cell is another: sides, n, open, status.
    private func also(_ item: Restatement, _ language: Language) -> String {
        guard let was = item.was, let now = item.now else { return "" }
        var parts: [String] = []
        let format = ValueFormat(item.kpi, language)
        let sides = [was, now].map { format.sides($0.numerator, $0.denominator) }
        if sides[0] != sides[1] { parts.append("\(sides[0]) → \(sides[1])") }
        // Of a quotient n is the number of its denominator.
        if was.denominator.isNull, !was.n.isSameNumber(as: now.n) {
            parts.append("n \(pair(was.n, now.n))")
        }
        if !was.open.isSameNumber(as: now.open) {
            parts.append("\(CellWords.open[language]) \(pair(was.open, now.open))")
        }
        if was.state.hasValue, now.state.hasValue, was.state != now.state {
            let states = [was.state, now.state].map { state in
                let word = CellWords.status(state)[language]
                return word.isEmpty ? state.status : word
            }
            parts.append(states.joined(separator: " → "))
        }
        return parts.joined(separator: ", ")
    }

    private func pair(_ was: Scalar, _ now: Scalar) -> String {
        "\(ValueFormat.number(was)) → \(ValueFormat.number(now))"
    }
}
