import Synchronization

/// Working time as a table: for every day of UTC from 1970 to 2099 and every calendar one row.
///
/// With `c` the working time before the day and `[bᵢ, eᵢ)` the worked spans in it, the working time
/// before an instant t of the day is `(c + Σ |t − bᵢ| − |t − eᵢ|) ÷ 2`, where `c` is kept doubled and
/// with the lengths of the spans added: plain arithmetic that an engine does on whole columns.
package struct WorkingClock: Sendable {
    /// 1970-01-01 … 2099-12-31.
    package static let dayCount = CivilDate(year: 2100, month: 1, dayOfMonth: 1).day
    /// The key of times that lie in none of these days, and of calendars that do not exist.
    package static let nowhere = -1

    /// How many spans a row has room for: columns `b0`, `e0`, `b1`, …
    package let spanCount: Int
    /// `slot` is the number of the calendar times `dayCount`, plus the day.
    package let table: Table

    package init(_ working: WorkingTime, in zone: Zone) {
        let calendars = working.calendars.map {
            Self.days(WorkingIntervals($0, in: zone, days: 0..<Self.dayCount).windows)
        }
        let count = calendars.reduce(1) { $1.reduce($0) { max($0, $1.count) } }
        var slots: [Int64] = [Int64(Self.nowhere)]
        var before: [Int64] = [0]
        var begins = [[Int64]](repeating: [0], count: count)
        var ends = begins
        for (number, days) in calendars.enumerated() {
            var total: Int64 = 0
            for (day, spans) in days.enumerated() {
                let worked = spans.reduce(0) { $0 + $1.end - $1.start }
                slots.append(Int64(number * Self.dayCount + day))
                before.append(2 * total + worked)
                let midnight = LocalClock.midnight(day)
                for index in 0..<count {
                    let isThere = index < spans.count
                    begins[index].append(isThere ? spans[index].start : midnight)
                    ends[index].append(isThere ? spans[index].end : midnight)
                }
                total += worked
            }
        }
        var isSomewhere = [Bool](repeating: true, count: slots.count)
        isSomewhere[0] = false
        var columns = [
            Column(name: "slot", values: .int64(slots)),
            Column(name: "c", values: .int64(before), validity: isSomewhere),
        ]
        for index in 0..<count {
            columns.append(Column(name: "b\(index)", values: .int64(begins[index])))
            columns.append(Column(name: "e\(index)", values: .int64(ends[index])))
        }
        spanCount = count
        table = Table(columns: columns)
    }

    /// The worked spans of each day of UTC.
    private static func days(_ windows: [Window]) -> [[Window]] {
        var days = [[Window]](repeating: [], count: dayCount)
        for window in windows {
            var start = window.start
            while start < window.end {
                let day = Int(start / microsecondsPerDay)
                let end = min(window.end, LocalClock.midnight(day + 1))
                days[day].append(Window(start: start, end: end))
                start = end
            }
        }
        return days
    }

    // MARK: Made once

    private struct Key: Hashable {
        let working: WorkingTime
        let zone: String
    }

    private static let cache = Mutex<[Key: WorkingClock]>([:])
    /// Enough for the workspaces that one process has open.
    private static let cacheLimit = 8

    /// The clock of a calendar with working hours; nil for one without.
    package static func of(_ calendar: BusinessCalendar) -> WorkingClock? {
        guard let working = calendar.working else { return nil }
        let key = Key(working: working, zone: calendar.zone.identifier)
        if let known = cache.withLock({ $0[key] }) { return known }
        let clock = WorkingClock(working, in: calendar.zone)
        cache.withLock { known in
            if known.count >= cacheLimit { known.removeAll() }
            known[key] = clock
        }
        return clock
    }
}
