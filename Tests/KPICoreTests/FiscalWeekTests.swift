import KPICore
import TestSupport
import Testing

@Suite struct FiscalWeekTests {
    private static let zones = ["UTC", "Asia/Shanghai", "America/New_York"]
    private static let grains: [Grain] = [.month, .quarter, .half, .year]
    /// The calendar of the US National Retail Federation, whose years it calls by their start.
    private static let retail = FiscalWeeks(
        pattern: .longSecond, weekday: 6, isNearest: true, month: 1)

    private static func random(_ random: inout SplitMix) -> FiscalWeeks {
        FiscalWeeks(
            pattern: random.pick(FiscalWeeks.Pattern.allCases), weekday: random.int(1...7),
            isNearest: random.oneIn(2), month: random.int(1...12),
            leapPeriod: random.oneIn(2) ? 12 : random.int(1...12))
    }

    private static func randomCalendar(_ random: inout SplitMix) throws -> BusinessCalendar {
        BusinessCalendar(
            zone: try #require(Zone.named(random.pick(zones))), fiscalWeeks: Self.random(&random))
    }

    private func day(_ text: String) -> Int { CivilDate(text)!.day }

    private func period(
        _ calendar: BusinessCalendar, _ grain: Grain, _ day: Int
    ) -> Period {
        calendar.period(grain, containing: LocalClock.midnight(day))
    }

    private func dates(_ calendar: BusinessCalendar, _ window: Window) -> String {
        [window.start, window.end].map { LocalClock.text(calendar.zone.local($0)) }
            .joined(separator: "/").replacing("T00:00:00", with: "")
    }

    private func window(_ calendar: BusinessCalendar, _ from: String, _ to: String) -> Window {
        func instant(_ text: String) -> Instant {
            calendar.zone.instant(LocalClock.parse(text)!)
        }
        return Window(start: instant(from), end: instant(to))
    }

    // MARK: Any calendar of weeks

    @Test func yearsEndByTheirRule() {
        var random = SplitMix(seed: 61)
        for _ in 0..<300 {
            let weeks = Self.random(&random)
            let year = random.int(1950...2150)
            let first = CivilDate(year: year, month: weeks.month, dayOfMonth: 1).day
            var end = first + 27
            while CivilDate(day: end + 1).components.month == weeks.month { end += 1 }
            let days = (first - 10...end + 10).filter {
                CivilDate(day: $0).weekday == weeks.weekday
            }
            let expected =
                weeks.grace == 0
                ? days.last { $0 <= end } : days.min { abs($0 - end) < abs($1 - end) }
            #expect(weeks.lastDay(ofYear: year) == expected, "\(weeks) \(year)")
        }
    }

    @Test func everyDayHasItsPlaceInThePattern() {
        var random = SplitMix(seed: 62)
        for _ in 0..<25 {
            let weeks = Self.random(&random)
            let year = random.int(1960...2110)
            let first = weeks.lastDay(ofYear: year - 1) + 1
            let count = (weeks.lastDay(ofYear: year) + 1 - first) / 7
            #expect(count == 52 || count == 53)
            // The periods of all weeks of the year, written down one after another.
            let lengths = weeks.pattern.rawValue.split(separator: "-").map { Int($0)! }
            var periods: [Int] = []
            for period in 0..<12 {
                let leap = count == 53 && period + 1 == weeks.leapPeriod ? 1 : 0
                periods += Array(repeating: period, count: lengths[period % 3] + leap)
            }
            #expect(periods.count == count)
            for day in first..<first + 7 * count {
                let expected = year * 12 + periods[(day - first) / 7]
                #expect(weeks.index(of: day) == expected, "\(weeks) \(CivilDate(day: day))")
            }
        }
    }

    @Test func periodsTileTimeAndNamesReadBack() throws {
        var random = SplitMix(seed: 63)
        for _ in 0..<2500 {
            let calendar = try Self.randomCalendar(&random)
            let grain = random.pick(Self.grains + [.week, .day])
            let instant = Int64(random.int(0...4_000_000_000)) * microsecondsPerSecond
            let period = calendar.period(grain, containing: calendar.zone.local(instant))
            let whole = calendar.window(period)
            #expect(whole.contains(instant))
            #expect(calendar.period(named: calendar.name(period)) == period)
            let next = calendar.advance(period, by: 1)
            #expect(calendar.window(next).start == whole.end)
            #expect(calendar.period(grain, containing: calendar.zone.local(whole.end)) == next)
            #expect(
                calendar.period(grain, containing: calendar.zone.local(whole.end - 1)) == period)
            let many = random.int(-60...60)
            #expect(calendar.advance(calendar.advance(period, by: many), by: -many) == period)
        }
    }

    @Test func longerPeriodsAreMadeOfTheirMonths() throws {
        var random = SplitMix(seed: 64)
        for _ in 0..<800 {
            let calendar = try Self.randomCalendar(&random)
            let grain = random.pick(Self.grains)
            let whole = period(calendar, grain, random.int(0...45_000))
            let months = calendar.periods(.month, touching: calendar.window(whole))
            #expect(months.count == grain.months)
            #expect(calendar.window(months[0]).start == calendar.window(whole).start)
            #expect(calendar.window(months.last!).end == calendar.window(whole).end)
            let year = calendar.name(whole).prefix(6)
            for month in months {
                let window = calendar.window(month)
                let days = calendar.day(of: window.end) - calendar.day(of: window.start)
                #expect([28, 35, 42].contains(days))
                #expect(calendar.name(month).hasPrefix(year))
            }
        }
    }

    @Test func movedPartsKeepTheirDaysAndLieInTheTarget() throws {
        var random = SplitMix(seed: 65)
        for _ in 0..<800 {
            let calendar = try Self.randomCalendar(&random)
            let grain = random.pick(Self.grains + [.week])
            let whole = period(calendar, grain, random.int(4000...45_000))
            let first = LocalClock.day(whole.start)
            let length = calendar.day(of: calendar.window(whole).end) - first
            let days = random.int(1...length - 1)
            let part = Window(
                start: calendar.window(whole).start, end: calendar.startOfDay(first + days))
            let count = random.int(1...5)
            let target = calendar.advance(whole, by: -count)
            let moved = calendar.earlier(part, of: whole, by: count)
            let start = LocalClock.day(target.start)
            #expect(moved.start == calendar.window(target).start)
            let end = min(calendar.startOfDay(start + days), calendar.window(target).end)
            #expect(moved.end == end, "\(calendar.name(whole)) \(days)")
            let all = calendar.earlier(calendar.window(whole), of: whole, by: count)
            #expect(all == calendar.window(target))
        }
    }

    // MARK: Known calendars

    @Test func retailYears() {
        let calendar = BusinessCalendar(fiscalWeeks: Self.retail)
        func span(_ name: String) -> String {
            calendar.period(named: name).map { dates(calendar, calendar.window($0)) } ?? "none"
        }
        // Called FY2023, FY2024 and FY2025 by the federation.
        #expect(span("FY2024") == "2023-01-29/2024-02-04")
        #expect(span("FY2025") == "2024-02-04/2025-02-02")
        #expect(span("FY2026") == "2025-02-02/2026-02-01")
        #expect(span("FY2024-P01") == "2023-01-29/2023-02-26")
        #expect(span("FY2024-P02") == "2023-02-26/2023-04-02")
        #expect(span("FY2024-P12") == "2023-12-31/2024-02-04")
        #expect(span("FY2025-P12") == "2025-01-05/2025-02-02")
        #expect(span("FY2025-Q2") == "2024-05-05/2024-08-04")
        #expect(span("FY2025-H2") == "2024-08-04/2025-02-02")
        #expect(span("2024-02-04/P1W") == "2024-02-04/2024-02-11")
        for name in [
            "2024", "2024-02", "2024-Q1", "FY2024-P13", "FY2024-P00", "FY2024-P1", "FY2024-",
        ] {
            #expect(span(name) == "none", "\(name)")
        }
        #expect(BusinessCalendar(fiscalStart: 2).period(named: "FY2024-P01") == nil)
    }

    @Test func aYearHasItsMonthsNameAlsoWhereItEndsInTheNext() {
        // The Saturday nearest to 31 December 2026 is 2 January 2027.
        let nearest = BusinessCalendar(
            fiscalWeeks: FiscalWeeks(
                pattern: .longThird, weekday: 6, isNearest: true, month: 12))
        let days = [("2027-01-02", "FY2026"), ("2027-01-03", "FY2027"), ("2026-01-03", "FY2025")]
        for (text, name) in days {
            #expect(nearest.name(period(nearest, .year, day(text))) == name)
        }
        let last = BusinessCalendar(
            fiscalWeeks: FiscalWeeks(
                pattern: .longThird, weekday: 6, isNearest: false, month: 12))
        #expect(last.name(period(last, .year, day("2026-12-26"))) == "FY2026")
        #expect(last.name(period(last, .month, day("2026-12-27"))) == "FY2027-P01")
    }

    /// Years that end on the last Saturday of September, with the 53rd week in the third period.
    @Test func theLeapWeekLiesInItsPeriod() {
        let calendar = BusinessCalendar(
            fiscalWeeks: FiscalWeeks(
                pattern: .longThird, weekday: 6, isNearest: false, month: 9, leapPeriod: 3))
        func span(_ name: String) -> String {
            dates(calendar, calendar.window(calendar.period(named: name)!))
        }
        #expect(span("FY2023") == "2022-09-25/2023-10-01")
        #expect(span("FY2023-Q1") == "2022-09-25/2023-01-01")
        #expect(span("FY2023-P03") == "2022-11-20/2023-01-01")
        #expect(span("FY2023-Q2") == "2023-01-01/2023-04-02")
        #expect(span("FY2024-Q1") == "2023-10-01/2023-12-31")
    }

    // MARK: Moving windows

    @Test(
        arguments: [
            ("FY2025-P01", "2024-02-04", "2024-03-03", 1, "2023-12-31/2024-02-04"),
            ("FY2025-P02", "2024-03-03", "2024-04-05", 1, "2024-02-04/2024-03-03"),
            ("FY2025-P03", "2024-04-07", "2024-04-17", 1, "2024-03-03/2024-03-13"),
            ("FY2025-Q1", "2024-02-04", "2024-03-20", 1, "2023-10-29/2023-12-13"),
            ("FY2025", "2024-02-04", "2024-08-14T10:30", 1, "2023-01-29/2023-08-09T10:30:00"),
            ("FY2024-P12", "2023-12-31", "2024-01-30", 12, "2023-01-01/2023-01-29"),
        ] as [(String, String, String, Int, String)])
    func likeForLike(name: String, from: String, to: String, count: Int, expected: String) throws {
        let calendar = BusinessCalendar(fiscalWeeks: Self.retail)
        let period = try #require(calendar.period(named: name))
        let moved = calendar.earlier(window(calendar, from, to), of: period, by: count)
        #expect(dates(calendar, moved) == expected)
    }

    @Test func aYearAgoIsThePeriodOfTheSameName() {
        let calendar = BusinessCalendar(fiscalWeeks: Self.retail)
        func yearAgo(_ name: String) -> String {
            let period = calendar.period(named: name)!
            return calendar.name(calendar.yearAgo(calendar.window(period), of: period).period)
        }
        for name in ["P01", "P12", "Q4", "H1"] {
            #expect(yearAgo("FY2025-" + name) == "FY2024-" + name)
        }
        #expect(yearAgo("FY2025") == "FY2024")
        // 52 weeks before, also over a year of 53 weeks and in the 53rd week.
        #expect(yearAgo("2024-02-04/P1W") == "2023-02-05/P1W")
        #expect(yearAgo("2024-01-28/P1W") == "2023-01-29/P1W")
        // The same day of the period; of a 53rd week the last day of the period.
        #expect(yearAgo("2024-02-06") == "2023-01-31")
        #expect(yearAgo("2024-01-31") == "2023-01-28")
    }

    @Test func rangesOfWholePeriodsMoveByPeriods() {
        let calendar = BusinessCalendar(fiscalWeeks: Self.retail)
        func moved(_ from: String, _ to: String, _ count: Int = 1) -> String {
            dates(calendar, calendar.earlier(range: window(calendar, from, to), by: count))
        }
        #expect(moved("2024-02-04", "2024-04-07") == "2023-11-26/2024-02-04")
        #expect(moved("2024-02-04", "2025-02-02") == "2023-01-29/2024-02-04")
        #expect(moved("2024-02-04", "2024-02-18") == "2024-01-21/2024-02-04")
    }

    @Test func toDateAndRolling() {
        let calendar = BusinessCalendar(fiscalWeeks: Self.retail)
        let march = calendar.window(calendar.period(named: "FY2025-P02")!)
        func toDate(_ unit: Grain) -> String { dates(calendar, calendar.toDate(march, unit)) }
        func rolling(_ count: Int, _ unit: Grain, _ end: String = "2024-04-07") -> String {
            dates(
                calendar,
                calendar.rolling(window(calendar, "2024-03-03", end), count, unit))
        }
        #expect(toDate(.month) == "2024-03-03/2024-04-07")
        #expect(toDate(.quarter) == "2024-02-04/2024-04-07")
        #expect(toDate(.year) == "2024-02-04/2024-04-07")
        #expect(rolling(3, .month) == "2023-12-31/2024-04-07")
        #expect(rolling(1, .quarter) == "2023-12-31/2024-04-07")
        #expect(rolling(1, .year) == "2023-04-02/2024-04-07")
        #expect(rolling(2, .week) == "2024-03-24/2024-04-07")
        // Up to the 11th day of P02: from the 11th day of P11, and of P01.
        #expect(rolling(3, .month, "2024-03-13") == "2023-12-06/2024-03-13")
        #expect(rolling(1, .month, "2024-03-13") == "2024-02-14/2024-03-13")
    }
}
