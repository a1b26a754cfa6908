import KPICore
import KPIFormula

/// Where records come from and how their columns map to a dataset.
package struct Source: Sendable {
    package enum Format: String, Sendable { case csv, parquet, jsonl, xlsx }
    package enum Mode: String, Sendable { case append, upsert, snapshot }

    package var id: String
    package var place: Place
    package var dataset: String
    /// Patterns relative to the data folder (`*` within a name), or absolute paths. None where the
    /// source is a database.
    package var files: [String]
    /// Where the records lie instead of in files.
    package var postgres: PostgresOrigin?
    package var format: Format?
    /// `utf-8`, `gb18030` or `cp1252`; nil: UTF-8, with or without byte-order mark.
    package var encoding: TextEncoding = .utf8
    package var delimiter: String?
    package var sheet: String?
    /// The zone of naive timestamps; nil: the workspace's.
    package var zone: Zone?
    /// Texts that mean missing, beside the empty one.
    package var missing: [String] = []
    package var decimalComma = false
    package var mode: Mode
    /// The share of rows that may be rejected, from 0 to 1.
    package var allowedRejects: Double = 0
    package var columns: [ColumnMapping]
    package var derived: [DerivedColumn] = []
    package var collapse: CollapseRule?
    /// Of records kept by hand: who keeps them. Somebody else must have signed a file off before it counts.
    package var keeper: String?
    /// Whether there may be no file at all.
    package var isOptional = false
}

package enum TextEncoding: String, Sendable {
    case utf8 = "UTF-8"
    case gb18030 = "GB18030"
    case cp1252 = "CP1252"
}

/// How one column of a dataset is read from a file or a table.
package struct ColumnMapping: Sendable {
    package var column: String
    package var place: Place
    /// The header in the file (`name#2` is the second column of that name), or the table's column.
    package var from: String
    /// `d/m/yyyy HH:MM`; nil: ISO 8601.
    package var pattern: TimePattern?
    /// Values written otherwise in the file; nil: as they are.
    package var values: [String: String]?
    /// Whether a value outside `values` is refused.
    package var isClosedList = false
    /// Texts that mean missing in this column, beside those of the source.
    package var missing: [String] = []
}

extension Source {
    /// A source whose columns are those of a file, as they are.
    package init(
        id: String, dataset: String, file: String, encoding: TextEncoding = .utf8,
        headers: [String] = []
    ) {
        let place = Place(file: file)
        self.init(
            id: id, place: place, dataset: dataset, files: [file], encoding: encoding,
            mode: .append,
            columns: headers.map { ColumnMapping(column: $0, place: place, from: $0) })
    }
}

/// A column computed from the mapped ones.
package struct DerivedColumn: Sendable {
    package var column: String
    package var expression: RowExpression
}

/// Several events of one case become its last one.
package struct CollapseRule: Sendable {
    package var key: [String]
    /// Ascending; the last in this order stays, of equals the last in the file.
    package var order: [String]
}

/// A stated date format such as `d/m/yyyy HH:MM`.
package struct TimePattern: Sendable, Hashable {
    package let text: String
    /// The same for the engine's `strptime`.
    package let strptime: String

    /// Reads `yyyy yy mm m mon dd d HH H MM SS` and punctuation; nil for anything else.
    package init?(_ text: String) {
        let codes: [(String, String)] = [
            ("yyyy", "%Y"), ("yy", "%y"), ("mon", "%b"), ("mm", "%m"), ("m", "%m"), ("dd", "%d"),
            ("d", "%d"), ("HH", "%H"), ("H", "%H"), ("MM", "%M"), ("SS", "%S"), ("AM", "%p"),
            ("hh", "%I"), ("h", "%I"), ("T", "T"),
        ]
        var rest = text[...]
        var result = ""
        while let character = rest.first {
            if let (code, directive) = codes.first(where: { rest.hasPrefix($0.0) }) {
                result += directive
                rest = rest.dropFirst(code.count)
            } else if !character.isLetter && !character.isNumber || "年月日时分秒".contains(character) {
                result.append(character == "%" ? "%%" : String(character))
                rest = rest.dropFirst()
            } else {
                return nil
            }
        }
        guard result.contains("%Y") || result.contains("%y"), result.contains("%d") else {
            return nil
        }
        self.text = text
        strptime = result
    }
}
