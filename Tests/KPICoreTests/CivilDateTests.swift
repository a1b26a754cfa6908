import KPICore
import TestSupport
import Testing

@Suite struct CivilDateTests {
    /// Walks the calendar day by day with nothing but the leap rule.
    private struct Walker {
        var (year, month, day) = (1850, 1, 1)
        var weekday = 2

        static func length(_ year: Int, _ month: Int) -> Int {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        }

        mutating func advance() {
            weekday = weekday % 7 + 1
            day += 1
            if day > Self.length(year, month) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test func agreesWithWalkingDayByDay() {
        var walker = Walker()
        let first = CivilDate(year: 1850, month: 1, dayOfMonth: 1).day
        #expect(first == -43_829)
        for day in first..<(first + 110_000) {
            let date = CivilDate(day: day)
            let same =
                date.components == (walker.year, walker.month, walker.day)
                && date.weekday == walker.weekday
                && CivilDate(year: walker.year, month: walker.month, dayOfMonth: walker.day) == date
                && CivilDate(date.description) == date
                && date.monthIndex == walker.year * 12 + walker.month - 1
            if !same { Issue.record("day \(day) is not \(walker)") }
            walker.advance()
        }
    }

    @Test func addingMonthsKeepsTheDayWhereItExists() {
        var random = SplitMix(seed: 31)
        for _ in 0..<20_000 {
            let scheme = MonthScheme.civil(yearStart: random.int(1...12))
            let start = CivilDate(day: random.int(-40_000...60_000))
            let months = random.int(-600...600)
            var (year, month, day) = start.components
            for _ in 0..<abs(months) {
                month += months.signum()
                if month > 12 { (year, month) = (year + 1, 1) }
                if month < 1 { (year, month) = (year - 1, 12) }
            }
            day = min(day, Walker.length(year, month))
            let moved = CivilDate(day: scheme.day(start.day, plus: months))
            #expect(moved.components == (year, month, day))
        }
    }

    @Test(
        arguments: [
            "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-1-1", "26-11-22",
            "2026-11-22 ", "+026-11-22", "2026-+1-22", "2026-11-+2", "-026-11-22", "2026/11/22",
            "", "2026-11", "２０２６-11-22", "2026-11-22-",
        ]) func refusesWhatIsNoDate(text: String)
    {
        #expect(CivilDate(text) == nil)
    }
}

@Suite struct LocalClockTests {
    @Test(
        arguments: [
            ("2026-11-22", "2026-11-22T00:00:00"), ("2026-11-22T08:05", "2026-11-22T08:05:00"),
            ("2026-11-22 08:05:09", "2026-11-22T08:05:09"),
            ("2026-11-22T23:59:59.5", "2026-11-22T23:59:59.500000"),
            ("1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999"),
            ("1970-01-01T00:00:00.000001", "1970-01-01T00:00:00.000001"),
        ]) func readsAndWrites(text: String, written: String) throws
    {
        let local = try #require(LocalClock.parse(text))
        #expect(LocalClock.text(local) == written)
        #expect(LocalClock.parse(written) == local)
    }

    @Test(
        arguments: [
            "2026-11-22T24:00", "2026-11-22T08:60", "2026-11-22T8:00", "2026-11-22T+8:00",
            "2026-11-22T08:00:60", "2026-11-22T08:00:5", "2026-11-22T08:00:+5", "2026-11-22T08",
            "2026-11-22T08:00:05.", "2026-11-22T08:00:05.1234567", "2026-11-22T08:00:.5",
            "2026-11-22T08:00Z", "2026-11-22T", "T08:00", "2026-11-22T08:00:05.1.1",
        ]) func refusesWhatIsNoTime(text: String)
    {
        #expect(LocalClock.parse(text) == nil)
    }

    @Test func anyMicrosecondReadsBack() {
        var random = SplitMix(seed: 32)
        for _ in 0..<5000 {
            let local = Int64(random.int(-3_000_000_000_000_000...4_000_000_000_000_000))
            #expect(LocalClock.parse(LocalClock.text(local)) == local)
            let rest = local - LocalClock.midnight(LocalClock.day(local))
            #expect((0..<microsecondsPerDay).contains(rest))
        }
    }
}
