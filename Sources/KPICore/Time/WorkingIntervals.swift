/// The instants at which a calendar's people work.
///
/// An instant is worked when the clock on the wall then shows a worked time. So an hour that a clock
/// change skips is not worked, and one that it repeats is worked twice.
package struct WorkingIntervals {
    /// Disjoint and ascending.
    package let windows: [Window]

    /// Those that lie in the given days of UTC. O(days + transitions of the zone).
    package init(_ calendar: WorkingCalendar, in zone: Zone, days: Range<Int>) {
        let local = Self.localSpans(calendar, days: days.lowerBound - 3..<days.upperBound + 3)
        let all = Window(
            start: LocalClock.midnight(days.lowerBound), end: LocalClock.midnight(days.upperBound))
        var windows: [Window] = []
        for (part, offset) in zone.constantOffsets(in: all) {
            let (low, high) = (part.start + offset, part.end + offset)
            var index = Self.firstIndex(in: local, endingAfter: low)
            while index < local.count, local[index].start < high {
                let start = max(local[index].start, low) - offset
                let end = min(local[index].end, high) - offset
                if let last = windows.last, last.end == start {
                    windows[windows.count - 1] = Window(start: last.start, end: end)
                } else {
                    windows.append(Window(start: start, end: end))
                }
                index += 1
            }
        }
        self.windows = windows
    }

    /// Worked times on the wall, disjoint and ascending: what overlaps or touches is one.
    private static func localSpans(_ calendar: WorkingCalendar, days: Range<Int>) -> [Window] {
        let minute = 60 * microsecondsPerSecond
        var spans: [Window] = []
        for day in days {
            let midnight = LocalClock.midnight(day)
            for span in calendar.spans(on: day) {
                let start = midnight + Int64(span.lowerBound) * minute
                let end = midnight + Int64(span.upperBound) * minute
                spans.append(Window(start: start, end: end))
            }
        }
        // Those of a day begin before those of the next, so this is nearly sorted.
        spans.sort { $0.start < $1.start }
        return spans.reduce(into: []) { merged, span in
            if let last = merged.last, last.end >= span.start {
                merged[merged.count - 1] = Window(start: last.start, end: max(last.end, span.end))
            } else {
                merged.append(span)
            }
        }
    }

    private static func firstIndex(in spans: [Window], endingAfter time: LocalTime) -> Int {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].end <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
