import KPICore

/// Rows of named fields, as CSV and JSON.
struct FactTable {
    enum Field {
        case text(String)
        case number(Scalar)

        static func count(_ value: Int?) -> Field {
            .number(value.map { .integer(Int64($0)) } ?? .null)
        }

        static func double(_ value: Double?) -> Field {
            .number(value.map(Scalar.double) ?? .null)
        }
    }

    var columns: [String]
    var rows: [[Field]]

    /// RFC 4180 with a header; what is missing is empty.
    var csv: String {
        ([columns] + rows.map { $0.map(Self.plain) })
            .map { $0.map(CSVReport.field).joined(separator: ",") + "\n" }.joined()
    }

    /// One object a line; what is missing is null.
    var json: String {
        let objects = rows.map { row in
            let fields = zip(columns, row).map { name, field in
                let text = Self.plain(field)
                if text.isEmpty { return "\"\(name)\": null" }
                if case .number = field { return "\"\(name)\": \(text)" }
                return "\"\(name)\": \(JSONReport.quoted(text))"
            }
            return "  {" + fields.joined(separator: ", ") + "}"
        }
        return "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    private static func plain(_ field: Field) -> String {
        switch field {
        case .text(let text): text
        case .number(let value): RestatementReport.number(value)
        }
    }
}
