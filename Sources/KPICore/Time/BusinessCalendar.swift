/// The workspace's calendar: where days, weeks and years begin.
///
/// Every period, shift and label goes through it, so that no other code does arithmetic on time.
package struct BusinessCalendar: Sendable, Hashable {
    package var zone: Zone
    /// 1 = Monday … 7 = Sunday.
    package var weekStart: Int
    /// 1 = January … 12 = December.
    package var fiscalStart: Int
    /// Where years are made of whole weeks; their weeks begin on `weekStart`.
    package private(set) var fiscalWeeks: FiscalWeeks?
    /// nil where no working hours are defined.
    package var working: WorkingTime?

    package init(zone: Zone = .utc, weekStart: Int = 1, fiscalStart: Int = 1) {
        self.zone = zone
        self.weekStart = weekStart
        self.fiscalStart = fiscalStart
    }

    package init(zone: Zone = .utc, fiscalWeeks: FiscalWeeks) {
        self.init(zone: zone)
        use(fiscalWeeks)
    }

    /// Years of whole weeks from now on, with the start of the week that they imply.
    package mutating func use(_ weeks: FiscalWeeks) {
        fiscalWeeks = weeks
        weekStart = weeks.weekStart
        fiscalStart = 1
    }

    /// What months are, and with them quarters, halves and years.
    package var months: MonthScheme {
        fiscalWeeks.map(MonthScheme.weeks) ?? .civil(yearStart: fiscalStart)
    }

    /// The start of the local day that holds an instant, as an instant.
    package func startOfDay(_ day: Int) -> Instant { zone.instant(LocalClock.midnight(day)) }

    /// The local day that holds an instant.
    package func day(of instant: Instant) -> Int { LocalClock.day(zone.local(instant)) }

    /// The first local day whose midnight is not before the instant.
    package func firstDay(notBefore instant: Instant) -> Int {
        let day = day(of: instant)
        return startOfDay(day) >= instant ? day : day + 1
    }

    // MARK: Periods

    /// The period of a grain that holds a wall-clock time. `total` has no periods.
    package func period(_ grain: Grain, containing local: LocalTime) -> Period {
        let day = LocalClock.day(local)
        let start: LocalTime
        switch grain {
        case .total: preconditionFailure("the total has no periods")
        case .hour:
            let hour = 3600 * microsecondsPerSecond
            let midnight = LocalClock.midnight(day)
            start = midnight + (local - midnight) / hour * hour
        case .day: start = LocalClock.midnight(day)
        case .week:
            let offset = (CivilDate(day: day).weekday - weekStart + 7) % 7
            start = LocalClock.midnight(day - offset)
        case .month, .quarter, .half, .year:
            start = LocalClock.midnight(months.firstDay(ofRun: grain.months!, holding: day))
        }
        return Period(grain: grain, start: start)
    }

    /// The period `count` periods later (or earlier, when negative). O(1).
    package func advance(_ period: Period, by count: Int) -> Period {
        Period(
            grain: period.grain, start: shift(period.start, by: count, period.grain))
    }

    /// A wall-clock time moved by whole units: months keep the day of the month where it exists.
    package func shift(_ local: LocalTime, by count: Int, _ unit: Grain) -> LocalTime {
        let day = LocalClock.day(local)
        let rest = local - LocalClock.midnight(day)
        if let length = unit.months {
            return LocalClock.midnight(months.day(day, plus: length * count)) + rest
        }
        if let days = unit.days { return LocalClock.midnight(day + days * count) + rest }
        return local + Int64(count) * 3600 * microsecondsPerSecond
    }

    package func window(_ period: Period) -> Window {
        Window(
            start: zone.instant(period.start),
            end: zone.instant(shift(period.start, by: 1, period.grain)))
    }

    /// The periods that a span of time touches, in order.
    package func periods(_ grain: Grain, touching window: Window) -> [Period] {
        guard !window.isEmpty else { return [] }
        var period = period(grain, containing: zone.local(window.start))
        var periods: [Period] = []
        while self.window(period).start < window.end {
            if !self.window(period).isEmpty { periods.append(period) }
            period = advance(period, by: 1)
        }
        return periods
    }

    /// The period `count` periods before. An hour that a clock change skips is none. O(count) for
    /// hours, else O(1).
    package func earlier(_ period: Period, by count: Int) -> Period {
        guard period.grain == .hour else { return advance(period, by: -count) }
        var target = period
        for _ in 0..<count {
            repeat { target = advance(target, by: -1) } while window(target).isEmpty
        }
        return target
    }

    // MARK: Moving windows

    /// A part of `period` in the period `count` periods earlier: the whole for the whole, else as
    /// many months, days and hours after its start, at most to its end. Where months are made of weeks,
    /// as many days and hours.
    package func earlier(_ part: Window, of period: Period, by count: Int) -> Window {
        let target = earlier(period, by: count)
        if part == window(period) { return window(target) }
        return Window(
            start: relocate(part.start, from: period, to: target, by: count),
            end: relocate(part.end, from: period, to: target, by: count))
    }

    private func relocate(
        _ instant: Instant, from period: Period, to target: Period, by count: Int
    ) -> Instant {
        let local = zone.local(instant)
        let end = shift(period.start, by: 1, period.grain)
        guard local >= period.start, local <= end else {
            return zone.instant(shift(local, by: -count, period.grain))
        }
        if local == end { return window(target).end }
        var steps = months.steps(from: LocalClock.day(period.start), to: LocalClock.day(local))
        if shift(period.start, by: steps, .month) > local { steps -= 1 }
        let rest = local - shift(period.start, by: steps, .month)
        let moved = shift(target.start, by: steps, .month) + rest
        return min(zone.instant(moved), window(target).end)
    }

    /// A part of a range in the range moved back: the whole for the whole, else as much of it after
    /// its start.
    package func earlier(_ part: Window, ofRange range: Window, by count: Int) -> Window {
        let target = earlier(range: range, by: count)
        if part == range { return target }
        let shift = zone.local(range.start) - zone.local(target.start)
        let start = zone.instant(zone.local(part.start) - shift)
        let end = zone.instant(zone.local(part.end) - shift)
        return Window(start: start, end: min(end, target.end))
    }

    /// A range moved back by `count` times its own length: by months when it is whole months, else
    /// by days and time of day.
    package func earlier(range: Window, by count: Int) -> Window {
        let start = zone.local(range.start)
        let end = zone.local(range.end)
        let first = period(.month, containing: start)
        let last = period(.month, containing: end)
        if first.start == start, last.start == end {
            let length =
                months.index(of: LocalClock.day(end)) - months.index(of: LocalClock.day(start))
            return shifted(range, by: -length * count, .month)
        }
        let (length, overflow) = (end - start).multipliedReportingOverflow(by: Int64(count))
        // So far back that there is nothing.
        guard !overflow, length.magnitude < .max / 4 else { return Window(start: 0, end: 0) }
        return Window(start: zone.instant(start - length), end: zone.instant(end - length))
    }

    /// Both ends moved by whole units: the first and the last day of the window, so that a month's
    /// end stays one.
    package func shifted(_ window: Window, by count: Int, _ unit: Grain) -> Window {
        let start = shift(zone.local(window.start), by: count, unit)
        let end = zone.local(window.end)
        let isMidnight = LocalClock.midnight(LocalClock.day(end)) == end
        let day = isMidnight ? microsecondsPerDay : 0
        let moved = Window(
            start: zone.instant(start),
            end: zone.instant(max(start, shift(end - day, by: count, unit)) + day))
        guard isFirstOfMonth(end), unit.months != nil else { return moved }
        return Window(start: moved.start, end: zone.instant(shift(end, by: count, unit)))
    }

    private func isFirstOfMonth(_ local: LocalTime) -> Bool {
        let day = LocalClock.day(local)
        return LocalClock.midnight(day) == local && months.isFirst(day)
    }

    /// The period of the same name a year before, and a window in it; of a week the 52nd before.
    package func yearAgo(_ window: Window, of period: Period) -> (window: Window, period: Period) {
        let (unit, count) = period.grain == .week ? (Grain.week, 52) : (.year, 1)
        let moved = Period(
            grain: period.grain, start: shift(period.start, by: -count, unit))
        if window == self.window(period) { return (self.window(moved), moved) }
        if let length = period.grain.months {
            return (earlier(window, of: period, by: 12 / length), moved)
        }
        return (shifted(window, by: -count, unit), moved)
    }

    /// From the start of the unit that holds the last instant of the window to its end.
    package func toDate(_ window: Window, _ unit: Grain) -> Window {
        let last = period(unit, containing: zone.local(window.end - 1))
        return Window(start: zone.instant(last.start), end: window.end)
    }

    /// The `count` units before the end of the window.
    package func rolling(_ window: Window, _ count: Int, _ unit: Grain) -> Window {
        let end = zone.local(window.end)
        return Window(start: zone.instant(shift(end, by: -count, unit)), end: window.end)
    }
}
