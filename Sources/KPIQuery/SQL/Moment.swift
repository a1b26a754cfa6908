import KPICore
import KPIModel

/// The instant at which history is looked up for a record.
struct Moment {
    /// As a timestamp.
    var instant: SQLText
    /// The local day that holds it; just before an instant: the first day not before it.
    var day: SQLText
    /// Of stocks: what begins at the instant is not in force yet, what ends there still is.
    var isJustBefore = false
    /// Instead of an instant a range, of which any part is enough.
    var range: (from: SQLText, to: SQLText)?
    /// Of a range: what was over before it does not count, what was in force just before it does.
    var notBefore: SQLText?

    static func during(_ from: SQLText, _ to: SQLText, notBefore: SQLText? = nil) -> Moment {
        Moment(instant: from, day: from, range: (from, to), notBefore: notBefore)
    }

    /// Whether a record is in force, by the columns between which it is.
    ///
    /// Comparisons alone, joined by AND: an engine joins by the key then, where an OR would make it compare
    /// every pair of records.
    func isIn(_ from: SQLText, _ to: SQLText, _ type: ValueType) -> SQLText {
        func unlessKnown(_ value: SQLText, _ otherwise: SQLText) -> SQLText {
            "coalesce(\(value), \(otherwise))"
        }
        let ends = unlessKnown(to, "'infinity'")
        if let range {
            let late: SQLText =
                notBefore.map { " AND \(ends) >= \(unlessKnown($0, "'-infinity'"))" } ?? ""
            return """
                \(ends) > \(unlessKnown(range.from, "'-infinity'")) AND \
                \(unlessKnown(from, "'-infinity'")) < \(unlessKnown(range.to, "'infinity'"))\(late)
                """
        }
        let at = type == .date ? day : instant
        return isJustBefore
            ? "\(from) < \(at) AND \(ends) >= \(at)" : "\(from) <= \(at) AND \(ends) > \(at)"
    }
}

extension Dialect {
    /// The midnight of a date on the clocks of a zone.
    func midnight(_ date: SQLText, _ zone: Zone) -> SQLText {
        "timezone(\(value: .text(zone.identifier)), CAST(\(date) AS TIMESTAMP))"
    }

    /// The moment of a column of a table with some alias; none where a recorded one lies at or after as-of.
    func moment(
        _ column: String, of dataset: Dataset, alias: String, _ calendar: BusinessCalendar,
        asOf: Instant?
    ) -> Moment {
        let plain: SQLText = "\(name: alias).\(name: column)"
        // A computed one was made with what is known now, unless it is that of another record.
        let isRecorded =
            dataset.column(column).map { column in
                !column.isPlanned && column.computed.map(\.isColumn) ?? true
            } ?? true
        let bound = isRecorded ? asOf : nil
        if dataset.column(column)?.type == .date {
            let known: SQLText =
                bound.map {
                    let day = Scalar.date(Int32(calendar.firstDay(notBefore: $0)))
                    return "CASE WHEN \(plain) < \(value: day) THEN \(plain) END"
                } ?? plain
            return Moment(instant: midnight(known, calendar.zone), day: known)
        }
        let day: SQLText =
            dataset.timeColumns.contains(column)
            ? "\(name: alias).\(name: column + "$day")"
            : "CAST(\(local(plain, calendar.zone)) AS DATE)"
        guard let bound else { return Moment(instant: plain, day: day) }
        let test: SQLText = "\(plain) < \(value: .timestamp(bound, utc: true))"
        return Moment(
            instant: "CASE WHEN \(test) THEN \(plain) END",
            day: "CASE WHEN \(test) THEN \(day) END")
    }
}
