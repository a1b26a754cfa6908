import KPICore
import KPIModel
import KPIQuery

/// SQL that reads the text of a file's column as the type of a dataset's column.
struct Typing {
    let source: Source
    let workspaceZone: Zone
    /// XLSX keeps dates as day numbers.
    let hasDayNumbers: Bool

    /// The text with markers of missing values taken out and stated values replaced.
    func cleaned(_ raw: SQLText, _ mapping: ColumnMapping, _ type: ValueType) -> SQLText {
        let text: SQLText = type == .text ? raw : "trim(\(raw))"
        let missing = ([""] + source.missing + mapping.missing).map {
            "\(value: .text($0))" as SQLText
        }
        return "CASE WHEN \(text) IN (\(missing)) THEN NULL ELSE \(text) END"
    }

    /// The value, or NULL where the cleaned text cannot be read.
    func typed(_ text: SQLText, _ mapping: ColumnMapping, _ column: ColumnDefinition) -> SQLText {
        let replaced = replaced(text, mapping)
        switch column.type {
        // One spelling of a letter with its accents, so that equal texts are equal.
        case .text: return "nfc_normalize(\(replaced))"
        case .integer: return integer(point(replaced))
        case .decimal(let scale): return decimal(point(replaced), scale)
        case .double: return double(point(replaced))
        case .boolean: return boolean(replaced)
        case .date: return date(replaced, mapping.pattern)
        case .timestamp: return timestamp(replaced, mapping.pattern)
        case .duration: return "TRY_CAST(\(replaced) AS BIGINT)"
        }
    }

    /// What a value of the type looks like, for a message.
    func expectation(_ mapping: ColumnMapping, _ column: ColumnDefinition) -> ValueShape {
        if mapping.isClosedList, let values = mapping.values {
            return .oneOf(values.keys.sorted())
        }
        switch column.type {
        case .integer, .duration: return .whole
        case .decimal(let scale):
            return .decimal(
                before: 18 - scale, after: scale, mark: source.decimalComma ? "," : ".")
        case .double: return .number
        case .boolean: return .boolean
        case .date: return .date(mapping.pattern?.text ?? "yyyy-mm-dd")
        case .timestamp: return .time(mapping.pattern?.text ?? "yyyy-mm-ddTHH:MM:SS")
        case .text: return "text"
        }
    }

    private func replaced(_ text: SQLText, _ mapping: ColumnMapping) -> SQLText {
        guard let values = mapping.values, !values.isEmpty else { return text }
        let cases = values.sorted { $0.key < $1.key }.map { from, to in
            " WHEN \(value: .text(from)) THEN \(value: .text(to))" as SQLText
        }
        let other: SQLText = mapping.isClosedList ? "NULL" : text
        return "CASE \(text)\(cases, separator: "") ELSE \(other) END"
    }

    // MARK: Numbers

    /// With a decimal comma points group thousands, and stand nowhere else.
    private func point(_ text: SQLText) -> SQLText {
        guard source.decimalComma else { return text }
        return """
            CASE WHEN regexp_full_match(\(text), \
            '[+-]?([0-9]+|[0-9]{1,3}(\\.[0-9]{3})+)?(,[0-9]*)?([eE][+-]?[0-9]+)?') \
            THEN replace(replace(\(text), '.', ''), ',', '.') END
            """
    }

    private func integer(_ text: SQLText) -> SQLText {
        "CASE WHEN regexp_full_match(\(text), '[+-]?[0-9]+(\\.0*)?') THEN TRY_CAST(\(text) AS BIGINT) END"
    }

    private func double(_ text: SQLText) -> SQLText {
        let number: SQLText = "TRY_CAST(\(text) AS DOUBLE)"
        return """
            CASE WHEN regexp_full_match(\(text), '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?') \
            AND isfinite(\(number)) THEN \(number) END
            """
    }

    /// Digits past the scale are refused, not rounded away.
    private func decimal(_ text: SQLText, _ scale: Int) -> SQLText {
        let number: SQLText = "TRY_CAST(\(text) AS DECIMAL(18,\(integer: scale)))"
        let places: SQLText = "\\.[0-9]{0,\(integer: scale)}0*"
        return """
            CASE WHEN regexp_full_match(\(text), '[+-]?([0-9]+(\(places))?|\(places))') THEN \(number) \
            WHEN regexp_full_match(\(text), '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)[eE][+-]?[0-9]+') \
            AND CAST(\(number) AS DOUBLE) = TRY_CAST(\(text) AS DOUBLE) THEN \(number) END
            """
    }

    private func boolean(_ text: SQLText) -> SQLText {
        """
        CASE WHEN lower(\(text)) IN ('true', 't', 'yes', 'y', '1', '是', '真') THEN TRUE \
        WHEN lower(\(text)) IN ('false', 'f', 'no', 'n', '0', '否', '假') THEN FALSE END
        """
    }

    // MARK: Time

    private static let isoDay: SQLText = "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
    private static let isoClock: SQLText = "[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?"
    private static let offset: SQLText = "([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)"

    private func date(_ text: SQLText, _ pattern: TimePattern?) -> SQLText {
        let read = pattern.map { parsed(text, $0) } ?? local(text)
        let numbered = dayNumber(text)
        return numbered.map { "CAST(coalesce(\(read), \($0)) AS DATE)" } ?? "CAST(\(read) AS DATE)"
    }

    /// A date, with or without a time of day, as ISO 8601 writes it.
    private func local(_ text: SQLText) -> SQLText {
        """
        CASE WHEN regexp_full_match(\(text), '\(Self.isoDay)(\(Self.isoClock))?') \
        THEN TRY_CAST(\(text) AS TIMESTAMP) END
        """
    }

    /// A year of four digits is never one of two.
    private func parsed(_ text: SQLText, _ pattern: TimePattern) -> SQLText {
        let read: SQLText = "try_strptime(\(text), \(value: .text(pattern.strptime)))"
        guard pattern.text.contains("yyyy") else { return read }
        return "CASE WHEN year(\(read)) >= 1000 THEN \(read) END"
    }

    /// A naive time is one of the source's zone; one with an offset says its own.
    private func timestamp(_ text: SQLText, _ pattern: TimePattern?) -> SQLText {
        let zone = source.zone ?? workspaceZone
        let numbered = dayNumber(text)
        let read = pattern.map { parsed(text, $0) } ?? local(text)
        let naive = Dialect.duckDB.instant(
            numbered.map { "coalesce(\(read), \($0))" } ?? read, zone)
        guard pattern == nil else { return naive }
        let clock: SQLText =
            "TRY_CAST(regexp_extract(\(text), '^[0-9/-]+[T ][0-9:.]+') AS TIMESTAMP)"
        let offset: SQLText = "upper(regexp_extract(\(text), '\(Self.offset)$'))"
        return """
            CASE WHEN regexp_full_match(\(text), '\(Self.isoDay)\(Self.isoClock) ?\(Self.offset)') \
            THEN TRY_CAST(CAST(\(clock) AS VARCHAR) || \(offset) AS TIMESTAMPTZ) ELSE \(naive) END
            """
    }

    private func dayNumber(_ text: SQLText) -> SQLText? {
        guard hasDayNumbers else { return nil }
        return """
            CASE WHEN regexp_full_match(\(text), '[0-9]{4,6}(\\.[0-9]+)?') THEN \
            TIMESTAMP '1899-12-30' + to_seconds(CAST(round(TRY_CAST(\(text) AS DOUBLE) * 86400) AS BIGINT)) END
            """
    }
}
