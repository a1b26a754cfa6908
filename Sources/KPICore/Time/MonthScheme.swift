/// What a month is: of quarters, halves and years there is only one rule, that they are made of
/// months, and all arithmetic on months is here.
package enum MonthScheme: Sendable, Hashable {
    /// Months of the Gregorian calendar; a fiscal year begins with one of them, 1 = January … 12.
    case civil(yearStart: Int)
    /// Periods of whole weeks.
    case weeks(FiscalWeeks)

    /// How far the first month of a year is from an index that 12 divides.
    package var yearShift: Int {
        switch self {
        case .civil(let yearStart): yearStart - 1
        case .weeks: 0
        }
    }

    /// Months since year 0.
    package func index(of day: Int) -> Int {
        switch self {
        case .civil: CivilDate(day: day).monthIndex
        case .weeks(let weeks): weeks.index(of: day)
        }
    }

    package func firstDay(ofIndex index: Int) -> Int {
        switch self {
        case .civil: CivilDate.firstDay(ofMonthIndex: index).day
        case .weeks(let weeks): weeks.firstDay(ofIndex: index)
        }
    }

    /// The first day of the run of months, such as a quarter, that holds a day.
    package func firstDay(ofRun months: Int, holding day: Int) -> Int {
        let index = index(of: day)
        let run = (index - yearShift).floorDivided(by: months)
        return firstDay(ofIndex: run * months + yearShift)
    }

    /// The same day of another month, counted from the start of the month, or the last of that month.
    package func day(_ day: Int, plus months: Int) -> Int {
        let index = index(of: day)
        let first = firstDay(ofIndex: index + months)
        let last = firstDay(ofIndex: index + months + 1) - 1
        return min(first + day - firstDay(ofIndex: index), last)
    }

    package func isFirst(_ day: Int) -> Bool { firstDay(ofIndex: index(of: day)) == day }

    /// How many months to go from the start of a period towards a day in it before going on by days.
    ///
    /// Weeks are what periods of weeks have in common, so there it is none: forty days after the start
    /// of a quarter are forty days in every quarter.
    package func steps(from start: Int, to day: Int) -> Int {
        guard case .civil = self else { return 0 }
        return index(of: day) - index(of: start)
    }

    /// The civil year by which the year is called that has a month.
    package func yearName(of index: Int) -> Int {
        (index - yearShift).floorDivided(by: 12) + (yearShift == 0 ? 0 : 1)
    }

    /// The first month of the year with a name.
    package func firstIndex(ofYear name: Int) -> Int {
        (name - (yearShift == 0 ? 0 : 1)) * 12 + yearShift
    }

    /// Whether years are other than those from January to December.
    package var isFiscal: Bool { self != .civil(yearStart: 1) }
}

extension Int {
    /// The quotient rounded down.
    func floorDivided(by divisor: Int) -> Int {
        (self - ((self % divisor) + divisor) % divisor) / divisor
    }
}
