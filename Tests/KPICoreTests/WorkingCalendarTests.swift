import Foundation
import KPICore
import Testing

@Suite struct WorkingCalendarTests {
    private func day(_ text: String) -> Int { CivilDate(text)!.day }

    /// From the yearly totals of the notices: days off, and make-up days on weekends.
    @Test(arguments: [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
    func theShippedListHasEveryDay(year: Int, off: Int, makeUps: Int) throws {
        let list = try #require(HolidayList.named("cn"))
        let days = day("\(year)-01-01")..<day("\(year + 1)-01-01")
        #expect(list.daysOff.count { days.contains($0) } == off)
        #expect(list.makeUpDays.count { days.contains($0) } == makeUps)
        #expect(list.makeUpDays.allSatisfy { CivilDate(day: $0).weekday > 5 })
        #expect(list.daysOff.isDisjoint(with: list.makeUpDays))
        #expect(list.years == 2024...2026 && list.sources[year] != nil)
    }

    @Test func daysOffAndMakeUpDaysTakeTheHoursOfTheirWeekday() {
        var calendar = WorkingCalendar(name: "default", hours: Array(repeating: [], count: 7))
        calendar.hours[0] = [540..<720]
        calendar.hours[4] = [600..<660]
        calendar.daysOff = [day("2025-03-03")]
        calendar.makeUpDays = [day("2025-03-08"): 5]
        #expect(calendar.spans(on: day("2025-03-03")) == [])
        #expect(calendar.spans(on: day("2025-03-07")) == [600..<660])
        #expect(calendar.spans(on: day("2025-03-08")) == [600..<660])
        #expect(calendar.spans(on: day("2025-03-10")) == [540..<720])
    }

    @Test func spansThatOverlapOnTwoDaysAreOne() throws {
        var calendar = WorkingCalendar(name: "default", hours: Array(repeating: [], count: 7))
        calendar.hours[4] = [1320..<1800]
        calendar.makeUpDays = [day("2025-03-08"): 1]
        calendar.hours[0] = [300..<720]
        let first = day("2025-03-07")
        let windows = WorkingIntervals(calendar, in: .utc, days: first..<first + 2).windows
        let start = LocalClock.midnight(first)
        let minute = 60 * microsecondsPerSecond
        #expect(windows == [Window(start: start + 1320 * minute, end: start + 2160 * minute)])
    }

    @Test func aDayAlwaysOpenIsAsLongAsItIs() throws {
        let zone = try #require(Zone.named("Europe/London"))
        let clock = WorkingClock(WorkingTime(calendars: [.always(name: "default")]), in: zone)
        #expect(clock.spanCount == 1)
        #expect(clock.table.rowCount == WorkingClock.dayCount + 1)
        // Nothing is left out: before the last day everything was worked.
        guard case .int64(let before) = clock.table.columns[1].values else { return }
        #expect(before.last == (2 * Int64(WorkingClock.dayCount) - 1) * microsecondsPerDay)
    }

    @Test(arguments: ["2026-10-01..2026-10-07", "2026-10-01 .. 2026-10-07", "2026-10-01"])
    func rangesOfDays(text: String) {
        let range = CivilDate.range(text)
        #expect(range?.lowerBound == day("2026-10-01"))
        #expect(range?.count == (text.count > 10 ? 7 : 1))
    }

    @Test(arguments: ["", "..", "2026-10-01..", "2026-10-07..2026-10-01", "2026-13-01", "x..y"])
    func otherTextsAreNoRanges(text: String) { #expect(CivilDate.range(text) == nil) }
}
