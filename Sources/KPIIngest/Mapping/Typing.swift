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
        case .text: return replaced
        case .integer: return integer(point(replaced))
        case .decimal(let scale): return decimal(point(replaced), scale)
        case .double:
            return
                "CASE WHEN isfinite(TRY_CAST(\(point(replaced)) AS DOUBLE)) THEN TRY_CAST(\(point(replaced)) AS DOUBLE) END"
        case .boolean: return boolean(replaced)
        case .date: return date(replaced, mapping.pattern)
        case .timestamp: return timestamp(replaced, mapping.pattern)
        case .duration: return "TRY_CAST(\(replaced) AS BIGINT)"
        }
    }

    /// What a value of the type looks like, for a message.
    func expectation(_ mapping: ColumnMapping, _ column: ColumnDefinition) -> String {
        if mapping.isClosedList, let values = mapping.values {
            return "one of " + values.keys.sorted().joined(separator: ", ")
        }
        switch column.type {
        case .integer: return "whole number"
        case .decimal(let scale):
            let sign = source.decimalComma ? "," : "."
            return "number with at most \(scale) digits after ‘\(sign)’"
        case .double: return "number"
        case .boolean: return "true or false"
        case .date: return "date written \(mapping.pattern?.text ?? "yyyy-mm-dd")"
        case .timestamp: return "time written \(mapping.pattern?.text ?? "yyyy-mm-ddTHH:MM:SS")"
        case .text, .duration: return "\(column.type)"
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

    /// With a decimal comma: points group thousands.
    private func point(_ text: SQLText) -> SQLText {
        source.decimalComma ? "replace(replace(\(text), '.', ''), ',', '.')" : text
    }

    private func integer(_ text: SQLText) -> SQLText {
        "CASE WHEN regexp_full_match(\(text), '[+-]?[0-9]+(\\.0*)?') THEN TRY_CAST(\(text) AS BIGINT) END"
    }

    /// Digits past the scale are refused, not rounded away.
    private func decimal(_ text: SQLText, _ scale: Int) -> SQLText {
        let wide: SQLText = "TRY_CAST(\(text) AS DECIMAL(38,12))"
        let fitting: SQLText = "TRY_CAST(\(wide) AS DECIMAL(18,\(integer: scale)))"
        return """
            CASE WHEN regexp_full_match(\(text), '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?') \
            AND \(fitting) = \(wide) THEN \(fitting) END
            """
    }

    private func boolean(_ text: SQLText) -> SQLText {
        """
        CASE WHEN lower(\(text)) IN ('true', 't', 'yes', 'y', '1', '是', '真') THEN TRUE \
        WHEN lower(\(text)) IN ('false', 'f', 'no', 'n', '0', '否', '假') THEN FALSE END
        """
    }

    // MARK: Time

    private func date(_ text: SQLText, _ pattern: TimePattern?) -> SQLText {
        let numbered = dayNumber(text)
        guard let pattern else {
            let plain: SQLText =
                "CASE WHEN regexp_full_match(\(text), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ].*)?') THEN TRY_CAST(\(text) AS DATE) END"
            return numbered.map { "coalesce(\(plain), CAST(\($0) AS DATE))" } ?? plain
        }
        let read = parsed(text, pattern)
        return numbered.map { "CAST(coalesce(\(read), \($0)) AS DATE)" } ?? "CAST(\(read) AS DATE)"
    }

    private func parsed(_ text: SQLText, _ pattern: TimePattern) -> SQLText {
        "try_strptime(\(text), \(value: .text(pattern.strptime)))"
    }

    /// A naive time is one of the source's zone; one with an offset says its own.
    private func timestamp(_ text: SQLText, _ pattern: TimePattern?) -> SQLText {
        let zone = source.zone ?? workspaceZone
        let numbered = dayNumber(text)
        guard let pattern else {
            let naive: SQLText =
                numbered.map {
                    "coalesce(TRY_CAST(\(text) AS TIMESTAMP), \($0))"
                } ?? "TRY_CAST(\(text) AS TIMESTAMP)"
            return """
                CASE WHEN regexp_matches(\(text), '([zZ]|[+-][0-9]{2}(:?[0-9]{2})?)$') AND contains(\(text), ':') \
                THEN TRY_CAST(\(text) AS TIMESTAMPTZ) \
                ELSE \(Self.instant(naive, zone)) END
                """
        }
        let read = parsed(text, pattern)
        return Self.instant(numbered.map { "coalesce(\(read), \($0))" } ?? read, zone)
    }

    private func dayNumber(_ text: SQLText) -> SQLText? {
        guard hasDayNumbers else { return nil }
        return """
            CASE WHEN regexp_full_match(\(text), '[0-9]{4,6}(\\.[0-9]+)?') THEN \
            TIMESTAMP '1899-12-30' + to_seconds(CAST(round(TRY_CAST(\(text) AS DOUBLE) * 86400) AS BIGINT)) END
            """
    }

    /// The instant of a naive time. A time that a clock change repeats is the earlier one; the engine
    /// gives the later, so half an hour and an hour before are tried first.
    static func instant(_ local: SQLText, _ zone: Zone) -> SQLText {
        let name: SQLText = "\(value: .text(zone.identifier))"
        let late: SQLText = "timezone(\(name), \(local))"
        if zone.isFixed { return late }
        func earlier(_ minutes: SQLText) -> SQLText {
            "\(late) - INTERVAL \(minutes) MINUTE"
        }
        return """
            CASE WHEN timezone(\(name), \(earlier("60"))) = \(local) THEN \(earlier("60")) \
            WHEN timezone(\(name), \(earlier("30"))) = \(local) THEN \(earlier("30")) \
            ELSE \(late) END
            """
    }
}
