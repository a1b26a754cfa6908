import KPICore
import KPIFormula
import KPIModel

/// How an engine spells what SQL leaves open. A value; nothing else in the code knows engines.
package struct Dialect: Sendable {
    /// Schema that holds the loaded records.
    package var recordSchema: String

    package static let duckDB = Dialect(recordSchema: "data")

    func table(_ dataset: String) -> SQLText {
        "\(name: recordSchema).\(name: dataset)"
    }

    /// The type of a column of the warehouse.
    package func type(_ type: ValueType) -> SQLText {
        switch type {
        case .boolean: "BOOLEAN"
        case .integer: "BIGINT"
        case .double: "DOUBLE"
        case .text: "VARCHAR"
        case .date: "DATE"
        case .timestamp: "TIMESTAMPTZ"
        case .duration: "BIGINT"
        case .decimal(let scale): "DECIMAL(18,\(integer: scale))"
        }
    }

    /// Microseconds from one time to another; whole days for dates.
    func duration(_ from: SQLText, _ to: SQLText, _ type: ValueType) -> SQLText {
        type == .date
            ? "(CAST(date_diff('day', \(from), \(to)) AS BIGINT) * 86400000000)"
            : "(epoch_us(\(to)) - epoch_us(\(from)))"
    }

    /// A date or time moved by microseconds.
    func moved(_ time: SQLText, _ operation: BinaryOperator, _ micros: SQLText, _ type: ValueType)
        -> SQLText
    {
        let sign: SQLText = operation == .add ? "+" : "-"
        return type == .date
            ? "CAST(\(time) \(sign) to_microseconds(\(micros)) AS DATE)"
            : "(\(time) \(sign) to_microseconds(\(micros)))"
    }

    /// An instant moved by days of the calendar: the same time of day, whatever clocks do between.
    func moved(_ time: SQLText, _ operation: BinaryOperator, days: SQLText, _ zone: Zone) -> SQLText
    {
        let sign: SQLText = operation == .add ? "+" : "-"
        return instant("(\(local(time, zone)) \(sign) to_days(CAST(\(days) AS INTEGER)))", zone)
    }

    /// The instant of a wall-clock time. A time that a clock change repeats is the earlier one; the
    /// engine gives the later, so what lies as far before as clocks go back is tried first.
    package func instant(_ local: SQLText, _ zone: Zone) -> SQLText {
        let name: SQLText = "\(value: .text(zone.identifier))"
        let late: SQLText = "timezone(\(name), \(local))"
        if zone.setbacks.isEmpty { return late }
        let attempts = zone.setbacks.map { step -> SQLText in
            let earlier: SQLText = "\(late) - to_microseconds(\(integer: Int(step)))"
            return "WHEN timezone(\(name), \(earlier)) = \(local) THEN \(earlier)"
        }
        return "CASE \(attempts, separator: " ") ELSE \(late) END"
    }

    /// The wall clock of a zone at an instant.
    func local(_ time: SQLText, _ zone: Zone) -> SQLText {
        "timezone(\(value: .text(zone.identifier)), \(time))"
    }

    /// In doubles: between two decimals the engine would round to their scale.
    func median(_ argument: SQLText, _ fraction: ExactDecimal) -> SQLText {
        "quantile_cont(CAST(\(argument) AS DOUBLE), \(value: .double(fraction.doubleValue)))"
    }
}
