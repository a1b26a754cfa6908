/// Fiscal years of 52 or 53 whole weeks, in quarters of 13 weeks, each of three periods.
///
/// A year ends on a weekday at the end of a month and is called by the civil year of that month. The
/// days of a week never part: each belongs to the period of its last day.
package struct FiscalWeeks: Sendable, Hashable {
    /// How many weeks the three periods of a quarter have.
    package enum Pattern: String, Sendable, Hashable, CaseIterable {
        case longThird = "4-4-5"
        case longSecond = "4-5-4"
        case longFirst = "5-4-4"

        /// Week w of a year, counted from 0, lies in its period (3 w + shift) ÷ 13, rounded down.
        package var shift: Int {
            switch self {
            case .longThird: 2
            case .longSecond: 1
            case .longFirst: 0
            }
        }

        /// Weeks of a year of 52 weeks before its period p, counted from 0.
        package func weeks(before period: Int) -> Int { (13 * period - shift + 2) / 3 }
    }

    package var pattern: Pattern
    /// The last day of a year: 1 = Monday … 7 = Sunday.
    package var weekday: Int
    /// How many days after the end of the month a year may end: 0 for the last such weekday of the
    /// month, 3 for the one nearest to its end.
    package var grace: Int
    /// At whose end a year ends: 1 = January … 12.
    package var month: Int
    /// The period, from 1, that has the 53rd week.
    package var leapPeriod: Int

    package init(pattern: Pattern, weekday: Int, isNearest: Bool, month: Int, leapPeriod: Int = 12)
    {
        self.pattern = pattern
        self.weekday = weekday
        grace = isNearest ? 3 : 0
        self.month = month
        self.leapPeriod = leapPeriod
    }

    /// 1 = Monday … 7.
    package var weekStart: Int { weekday % 7 + 1 }

    /// Everything that decides where periods begin, as one text.
    package var signature: String {
        "\(pattern.rawValue) \(weekday) \(grace) \(month) \(leapPeriod)"
    }

    // MARK: Years

    package func lastDay(ofYear year: Int) -> Int {
        let latest = CivilDate.firstDay(ofMonthIndex: year * 12 + month).day - 1 + grace
        return latest - (CivilDate(day: latest).weekday - weekday + 7) % 7
    }

    package func year(of day: Int) -> Int {
        // The month whose end is the first that the week does not lie behind.
        let index = CivilDate(day: weekEnd(day) - grace).monthIndex
        return (index + 12 - month).floorDivided(by: 12)
    }

    private func weekEnd(_ day: Int) -> Int {
        day + (weekday - CivilDate(day: day).weekday + 7) % 7
    }

    private func isLong(_ year: Int) -> Bool {
        lastDay(ofYear: year) - lastDay(ofYear: year - 1) == 53 * 7
    }

    // MARK: Periods

    /// Periods since year 0. O(1).
    package func index(of day: Int) -> Int {
        let year = year(of: day)
        var week = (weekEnd(day) - lastDay(ofYear: year - 1)) / 7 - 1
        if week >= pattern.weeks(before: leapPeriod), isLong(year) { week -= 1 }
        return year * 12 + (3 * week + pattern.shift) / 13
    }

    /// The first day of a period counted since year 0. O(1).
    package func firstDay(ofIndex index: Int) -> Int {
        let year = index.floorDivided(by: 12)
        let period = index - year * 12
        let leap = period >= leapPeriod && isLong(year) ? 1 : 0
        return lastDay(ofYear: year - 1) + 1 + 7 * (pattern.weeks(before: period) + leap)
    }
}
