/// Names of periods: `2026-11`, `2026-W47`, `FY2026-Q1`, `FY2026-P03`.
extension BusinessCalendar {
    package func name(_ period: Period) -> String {
        let day = LocalClock.day(period.start)
        let date = CivilDate(day: day)
        switch period.grain {
        case .total: return "total"
        case .hour: return String(LocalClock.text(period.start).prefix(13))
        case .day: return date.description
        case .week: return weekStart == 1 ? isoWeekName(date) : "\(date)/P1W"
        case .month: return fiscalWeeks == nil ? monthName(date) : yearPartName(day, .month)
        case .quarter, .half, .year: return yearPartName(day, period.grain)
        }
    }

    /// The ISO week belongs to the year that holds its Thursday.
    private func isoWeekName(_ monday: CivilDate) -> String {
        let year = CivilDate(day: monday.day + 3).components.year
        return "\(padded(year, 4))-W\(padded((monday.day - isoWeekOne(year)) / 7 + 1, 2))"
    }

    /// The Monday of ISO week 1: the week of 4 January.
    private func isoWeekOne(_ year: Int) -> Int {
        let fourth = CivilDate(year: year, month: 1, dayOfMonth: 4)
        return fourth.day - fourth.weekday + 1
    }

    private func monthName(_ date: CivilDate) -> String { String(date.description.dropLast(3)) }

    private func yearPartName(_ day: Int, _ grain: Grain) -> String {
        let index = months.index(of: day)
        let year = months.yearName(of: index)
        let offset = index - months.firstIndex(ofYear: year)
        let prefix = (months.isFiscal ? "FY" : "") + padded(year, 4)
        switch grain {
        case .month: return "\(prefix)-P\(padded(offset + 1, 2))"
        case .quarter: return "\(prefix)-Q\(offset / 3 + 1)"
        case .half: return "\(prefix)-H\(offset / 6 + 1)"
        default: return prefix
        }
    }

    /// The period that a name means; nil when it names none. Every name that `name` writes is read.
    package func period(named text: String) -> Period? {
        if let date = CivilDate(text) { return at(date.day, .day) }
        if text.hasSuffix("/P1W"), let date = CivilDate(text.dropLast(4)) {
            let week = at(date.day, .week)
            return LocalClock.day(week.start) == date.day ? week : nil
        }
        if text.utf8.count == 13, text.contains("T"), let local = LocalClock.parse(text + ":00") {
            return period(.hour, containing: local)
        }
        let fiscal = text.hasPrefix("FY")
        let parts = (fiscal ? text.dropFirst(2) : text[...]).split(
            separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let year = plainNumber(parts[0], digits: 4) else { return nil }
        // Weeks and civil months are named by the civil year, the rest by the fiscal year.
        let isOfYear = parts.count == 1 || ["Q", "H", "P"].contains(parts[1].first)
        guard fiscal == (months.isFiscal && isOfYear) else { return nil }
        return part(year, parts.count == 2 ? parts[1] : nil)
    }

    private func at(_ day: Int, _ grain: Grain) -> Period {
        period(grain, containing: LocalClock.midnight(day))
    }

    private func part(_ year: Int, _ part: Substring?) -> Period? {
        func start(_ month: Int) -> Int {
            months.firstDay(ofIndex: months.firstIndex(ofYear: year) + month)
        }
        guard let part else { return at(start(0), .year) }
        let number = plainNumber(part.dropFirst(), digits: part.utf8.count - 1)
        switch (part.first, number) {
        case ("Q", let n?) where (1...4).contains(n) && part.utf8.count == 2:
            return at(start((n - 1) * 3), .quarter)
        case ("H", let n?) where (1...2).contains(n) && part.utf8.count == 2:
            return at(start((n - 1) * 6), .half)
        case ("P", let n?) where (1...12).contains(n) && part.utf8.count == 3 && fiscalWeeks != nil:
            return at(start(n - 1), .month)
        case ("W", let n?) where (1...53).contains(n) && part.utf8.count == 3 && weekStart == 1:
            let week = at(isoWeekOne(year) + (n - 1) * 7, .week)
            return name(week).hasSuffix(part) ? week : nil
        default:
            guard fiscalWeeks == nil, let month = plainNumber(part, digits: 2),
                (1...12).contains(month)
            else { return nil }
            return at(CivilDate(year: year, month: month, dayOfMonth: 1).day, .month)
        }
    }
}
