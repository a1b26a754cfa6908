import KPICore
import TestSupport
import Testing

@Suite struct CalendarTests {
    private static let zones = ["UTC", "Asia/Shanghai", "Europe/London", "Australia/Lord_Howe"]
    private static let grains = Grain.allCases.filter { $0 != .total }

    private func window(_ calendar: BusinessCalendar, _ from: String, _ to: String) -> Window {
        func instant(_ text: String) -> Instant {
            calendar.zone.instant(LocalClock.parse(text)!)
        }
        return Window(start: instant(from), end: instant(to))
    }

    /// `2026-02-01T00:00:00/2026-03-01T00:00:00`
    private func text(_ calendar: BusinessCalendar, _ window: Window) -> String {
        [window.start, window.end].map { LocalClock.text(calendar.zone.local($0)) }
            .joined(separator: "/").replacing("T00:00:00", with: "")
    }

    @Test(arguments: zones) func namesReadBack(zone: String) throws {
        var random = SplitMix(seed: 51)
        let zone = try #require(Zone.named(zone))
        for _ in 0..<8000 {
            let calendar = BusinessCalendar(
                zone: zone, weekStart: random.int(1...7), fiscalStart: random.int(1...12))
            let grain = random.pick(Self.grains)
            let instant = Int64(random.int(0...4_000_000_000)) * microsecondsPerSecond
            let period = calendar.period(grain, containing: calendar.zone.local(instant))
            let name = calendar.name(period)
            #expect(calendar.period(named: name) == period, "\(calendar) \(name)")
            #expect(calendar.window(period).contains(instant))
            let next = calendar.advance(period, by: 1)
            #expect(calendar.window(next).start == calendar.window(period).end)
            #expect(calendar.advance(next, by: -1) == period)
            let many = random.int(1...50)
            #expect(calendar.advance(calendar.advance(period, by: many), by: -many) == period)
        }
    }

    @Test(
        arguments: [
            ("2018-12-31", "2019-W01"), ("2020-12-31", "2020-W53"), ("2021-01-03", "2020-W53"),
            ("2021-01-04", "2021-W01"), ("2024-12-30", "2025-W01"), ("2026-11-22", "2026-W47"),
            ("2027-01-01", "2026-W53"), ("2016-01-03", "2015-W53"), ("2000-01-01", "1999-W52"),
        ]) func isoWeeks(day: String, week: String) throws
    {
        let calendar = BusinessCalendar()
        let local = try #require(LocalClock.parse(day))
        let period = calendar.period(.week, containing: local)
        #expect(calendar.name(period) == week)
        #expect(calendar.period(named: week) == period)
    }

    @Test func weeksWithAnotherStartAreNamedByTheirFirstDay() throws {
        let calendar = BusinessCalendar(weekStart: 7)
        let period = calendar.period(.week, containing: LocalClock.parse("2026-11-25")!)
        #expect(calendar.name(period) == "2026-11-22/P1W")
        #expect(calendar.period(named: "2026-11-23/P1W") == nil)
        #expect(calendar.period(named: "2026-W47") == nil)
    }

    @Test func fiscalYearsAreNamedAfterTheYearInWhichTheyEnd() throws {
        let calendar = BusinessCalendar(fiscalStart: 4)
        func name(_ grain: Grain, _ day: String) -> String {
            calendar.name(calendar.period(grain, containing: LocalClock.parse(day)!))
        }
        #expect(name(.year, "2025-04-01") == "FY2026")
        #expect(name(.year, "2026-03-31") == "FY2026")
        #expect(name(.quarter, "2026-03-31") == "FY2026-Q4")
        #expect(name(.half, "2025-10-01") == "FY2026-H2")
        #expect(name(.month, "2025-10-01") == "2025-10")
    }

    @Test(
        arguments: [
            "", "2026-", "2026-00", "2026-13", "2026-+5", "2026-5", "2026-Q0", "2026-Q5", "2026-Q",
            "2026-H3", "2026-W00", "2026-W54", "2026-W+5", "2025-W53", "2026-QQ1", "2026-Q1-1",
            "FY2026", "FY2026-Q1", "FY2026-05", "FY2026-W10", "226", "total", "2026-11-22T24",
            "2026-11-22T+8", "2026-11-22/P1M", "２０２６", "2026-ＱQ",
        ]) func namesOfNoPeriod(name: String)
    {
        #expect(BusinessCalendar().period(named: name) == nil)
    }

    @Test(arguments: ["2026", "2026-Q1", "2026-H1", "FY2026-05", "FY2026-W10", "FY2026-"])
    func namesOfNoFiscalPeriod(name: String) {
        #expect(BusinessCalendar(fiscalStart: 7).period(named: name) == nil)
    }

    // MARK: Moving windows

    @Test(
        arguments: [
            // Whole periods move to whole periods.
            ("2025-03", "2025-03-01", "2025-04-01", 1, "2025-02-01/2025-03-01"),
            ("2024-02", "2024-02-01", "2024-03-01", 12, "2023-02-01/2023-03-01"),
            ("2026-W10", "2026-03-02", "2026-03-09", 52, "2025-03-03/2025-03-10"),
            // Cut periods keep as many days after the start, at most to the end.
            ("2025-04", "2025-04-01", "2025-04-21", 1, "2025-03-01/2025-03-21"),
            ("2025-03", "2025-03-01", "2025-03-31", 1, "2025-02-01/2025-03-01"),
            ("2025-03", "2025-03-01", "2025-03-29", 1, "2025-02-01/2025-03-01"),
            ("2025-02", "2025-02-05", "2025-02-11", 1, "2025-01-05/2025-01-11"),
            ("2025-02", "2025-02-05", "2025-03-01", 1, "2025-01-05/2025-02-01"),
            ("2025-Q2", "2025-04-01", "2025-05-11", 1, "2025-01-01/2025-02-11"),
            ("2025", "2025-01-01", "2025-08-02T10:30", 1, "2024-01-01/2024-08-02T10:30:00"),
            ("2026-W10", "2026-03-02", "2026-03-05T06:00", 1, "2026-02-23/2026-02-26T06:00:00"),
            ("2025-03-10", "2025-03-10", "2025-03-10T09:00", 7, "2025-03-03/2025-03-03T09:00:00"),
        ] as [(String, String, String, Int, String)])
    func likeForLike(name: String, from: String, to: String, count: Int, expected: String) throws {
        for zone in Self.zones {
            let calendar = BusinessCalendar(zone: try #require(Zone.named(zone)))
            let period = try #require(calendar.period(named: name))
            let moved = calendar.earlier(window(calendar, from, to), of: period, by: count)
            #expect(text(calendar, moved) == expected)
        }
    }

    @Test func movedPartsLieInTheTarget() throws {
        var random = SplitMix(seed: 52)
        let calendar = BusinessCalendar(
            zone: try #require(Zone.named("America/New_York")), weekStart: 3, fiscalStart: 2)
        for _ in 0..<5000 {
            let grain = random.pick(Self.grains)
            let instant = Int64(random.int(400_000_000...4_000_000_000)) * microsecondsPerSecond
            let period = calendar.period(grain, containing: calendar.zone.local(instant))
            let whole = calendar.window(period)
            let count = random.int(1...5)
            let target = calendar.window(calendar.advance(period, by: -count))
            #expect(calendar.earlier(whole, of: period, by: count) == target)
            let part = Window(start: whole.start, end: instant)
            let moved = calendar.earlier(part, of: period, by: count)
            #expect(target.contains(moved), "\(period) \(count)")
            #expect(moved.start == target.start)
        }
    }

    @Test func rangesMoveByTheirOwnLength() {
        let calendar = BusinessCalendar()
        func moved(_ from: String, _ to: String, _ count: Int = 1) -> String {
            text(calendar, calendar.earlier(range: window(calendar, from, to), by: count))
        }
        #expect(moved("2025-01-01", "2025-04-01") == "2024-10-01/2025-01-01")
        #expect(moved("2025-02-01", "2025-03-01", 2) == "2024-12-01/2025-01-01")
        #expect(moved("2025-02-05", "2025-02-11") == "2025-01-30/2025-02-05")
        #expect(moved("2025-02-01", "2025-02-11T12:00") == "2025-01-21T12:00:00/2025-02-01")
    }

    @Test func toDateAndRolling() {
        let calendar = BusinessCalendar(fiscalStart: 4)
        let may = window(calendar, "2025-05-01", "2025-06-01")
        #expect(text(calendar, calendar.toDate(may, .year)) == "2025-04-01/2025-06-01")
        #expect(text(calendar, calendar.toDate(may, .half)) == "2025-04-01/2025-06-01")
        #expect(text(calendar, calendar.toDate(may, .month)) == "2025-05-01/2025-06-01")
        let march = window(calendar, "2025-03-01", "2025-04-01")
        #expect(text(calendar, calendar.toDate(march, .year)) == "2024-04-01/2025-04-01")
        #expect(text(calendar, calendar.rolling(march, 3, .month)) == "2025-01-01/2025-04-01")
        #expect(text(calendar, calendar.rolling(march, 28, .day)) == "2025-03-04/2025-04-01")
        #expect(text(calendar, calendar.rolling(march, 2, .week)) == "2025-03-18/2025-04-01")
        let cut = window(calendar, "2025-03-01", "2025-03-31")
        #expect(text(calendar, calendar.rolling(cut, 1, .month)) == "2025-02-28/2025-03-31")
    }

    @Test func rollingDaysKeepTheTimeOnTheWall() throws {
        let calendar = BusinessCalendar(zone: try #require(Zone.named("Europe/London")))
        let day = window(calendar, "2026-03-29", "2026-03-30")
        #expect(text(calendar, calendar.rolling(day, 7, .day)) == "2026-03-23/2026-03-30")
        #expect(calendar.firstDay(notBefore: day.start) == calendar.day(of: day.start))
        #expect(calendar.firstDay(notBefore: day.start + 1) == calendar.day(of: day.start) + 1)
    }

    @Test func periodsOfARangeAreDenseAndTouchIt() {
        let calendar = BusinessCalendar()
        let range = window(calendar, "2025-01-31T23:00", "2025-04-01")
        #expect(
            calendar.periods(.month, touching: range).map(calendar.name)
                == ["2025-01", "2025-02", "2025-03"])
        #expect(
            calendar.periods(.day, touching: window(calendar, "2025-01-02", "2025-01-02")) == [])
    }
}
