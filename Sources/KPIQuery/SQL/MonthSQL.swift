import KPICore

/// The arithmetic of `MonthScheme` on a date in the engine.
extension MonthScheme {
    /// The number of the run of months, such as a quarter, that holds a day.
    package func run(_ months: Int, holding day: SQLText) -> SQLText {
        if months == 1 { return index(of: day) }
        let shift = yearShift % months
        return "((\(index(of: day)) - \(integer: shift)) // \(integer: months))"
    }

    private func index(of day: SQLText) -> SQLText {
        switch self {
        case .civil: "(\(Self.civil(day)))"
        case .weeks(let weeks): weeks.index(of: day)
        }
    }

    fileprivate static func civil(_ day: SQLText) -> SQLText {
        "year(\(day)) * 12 + month(\(day)) - 1"
    }
}

extension FiscalWeeks {
    /// Periods since year 0; weeks are counted from year 1, whose first day is a Monday.
    fileprivate func index(of day: SQLText) -> SQLText {
        let number: SQLText = "((\(Self.days(to: day)) - \(integer: weekStart - 1)) // 7)"
        let year = year(ofWeek: number)
        let before = lastWeek(ofYear: "\(year) - 1")
        let week: SQLText = "(\(number) - \(before) - 1)"
        let regular = regular(week, "\(lastWeek(ofYear: year)) - \(before) = 53")
        return "(\(year) * 12 + (3 * \(regular) + \(integer: pattern.shift)) // 13)"
    }

    /// The week of a year of 52 weeks, counted from 0, that has the same place in the pattern.
    private func regular(_ week: SQLText, _ isLong: SQLText) -> SQLText {
        if leapPeriod == 12 { return "least(\(week), 51)" }
        return """
            (\(week) - CASE WHEN \(week) >= \(integer: pattern.weeks(before: leapPeriod)) AND \(isLong) \
            THEN 1 ELSE 0 END)
            """
    }

    private static func days(to day: SQLText) -> SQLText {
        "date_diff('day', DATE '0001-01-01', \(day))"
    }

    /// Of the month whose end is the first that the last day of the week does not lie behind.
    private func year(ofWeek number: SQLText) -> SQLText {
        let last: SQLText =
            "(DATE '0001-01-01' + CAST(\(number) * 7 + \(integer: weekStart + 5 - grace) AS INTEGER))"
        return "((\(MonthScheme.civil(last)) + \(integer: 12 - month)) // 12)"
    }

    /// The number of the week that ends a year.
    private func lastWeek(ofYear year: SQLText) -> SQLText {
        let end: SQLText = "last_day(make_date(\(year), \(integer: month), 1))"
        return "((\(Self.days(to: end)) + \(integer: grace - weekStart - 5)) // 7)"
    }
}
