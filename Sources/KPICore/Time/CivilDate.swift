/// A day of the proleptic Gregorian calendar, counted in days since 1970-01-01.
package struct CivilDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    package var day: Int

    package init(day: Int) { self.day = day }

    /// The day of a year, month (1…12) and day of month. O(1).
    ///
    /// Counts in 400-year eras of 146,097 days that begin on 1 March.
    package init(year: Int, month: Int, dayOfMonth: Int) {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        day = era * 146_097 + dayOfEra - 719_468
    }

    /// Year, month and day of month. O(1).
    package var components: (year: Int, month: Int, dayOfMonth: Int) {
        let z = day + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// 1 = Monday … 7 = Sunday.
    package var weekday: Int { ((day + 3) % 7 + 7) % 7 + 1 }

    /// Months since year 0, January.
    package var monthIndex: Int {
        let (year, month, _) = components
        return year * 12 + month - 1
    }

    /// The first day of a month counted since year 0, January.
    package static func firstDay(ofMonthIndex index: Int) -> CivilDate {
        let year = index.floorDivided(by: 12)
        return CivilDate(year: year, month: index - year * 12 + 1, dayOfMonth: 1)
    }

    package static func < (a: Self, b: Self) -> Bool { a.day < b.day }

    /// Reads `yyyy-mm-dd`; nil for anything else or a day that does not exist.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = plainNumber(parts[0], digits: 4),
            let month = plainNumber(parts[1], digits: 2), (1...12).contains(month),
            let dayOfMonth = plainNumber(parts[2], digits: 2), dayOfMonth >= 1
        else { return nil }
        self.init(year: year, month: month, dayOfMonth: dayOfMonth)
        guard components == (year, month, dayOfMonth) else { return nil }
    }
}

extension CivilDate: CustomStringConvertible {
    package var description: String {
        let (year, month, dayOfMonth) = components
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
    }
}

/// A number with leading zeros to at least `width` digits.
package func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count))
        + digits
}

/// A number of exactly so many ASCII digits, without sign or space; else nil.
func plainNumber(_ text: some StringProtocol, digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
    }
    return Int(text)
}
