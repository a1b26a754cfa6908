import KPICore

/// Partials of one grouping folded to one row for each local day and group, in the order of days:
/// the rows that windows are summed up from.
///
/// A window is a run of these rows, so that rolling up reads memory in order, and a company's year
/// costs its days, not its people's.
struct DayRows {
    /// The folded row of each source row, with the row.
    private let source: [(row: Int32, slot: Int32)]
    /// The group of each folded row.
    private let groups: [Int32]
    private let firstDay: Int
    /// The folded rows of day `firstDay + d` are `starts[d]..<starts[d + 1]`.
    private let starts: [Int32]
    private let groupCount: Int

    /// O(rows + days + groups).
    init(days: [Int32], groups: [Int32], groupCount: Int, selected: [Int32]) {
        var first = Int32.max
        var last = Int32.min
        for row in selected {
            first = min(first, days[Int(row)])
            last = max(last, days[Int(row)])
        }
        let dayCount = selected.isEmpty ? 0 : Int(last - first) + 1
        let offsets = days.map { $0 &- first }
        let ordered = Self.sorted(
            Self.sorted(selected, by: groups, limit: groupCount), by: offsets, limit: dayCount)
        var source: [(row: Int32, slot: Int32)] = []
        source.reserveCapacity(ordered.count)
        var folded: [Int32] = []
        var starts = [Int32](repeating: 0, count: dayCount + 1)
        var previous: (day: Int32, group: Int32) = (-1, -1)
        for row in ordered {
            let place = (day: offsets[Int(row)], group: groups[Int(row)])
            if place != previous { folded.append(place.group) }
            previous = place
            source.append((row, Int32(folded.count - 1)))
            starts[Int(place.day) + 1] = Int32(folded.count)
        }
        for day in starts.indices.dropFirst() { starts[day] = max(starts[day], starts[day - 1]) }
        self.source = source
        self.groups = folded
        self.starts = starts
        self.groupCount = groupCount
        firstDay = Int(first)
    }

    /// Rows in the order of small keys, those of one key in the order they came. O(rows + limit).
    private static func sorted(_ rows: [Int32], by keys: [Int32], limit: Int) -> [Int32] {
        var next = [Int32](repeating: 0, count: limit + 1)
        for row in rows { next[Int(keys[Int(row)]) + 1] += 1 }
        for key in 0..<limit { next[key + 1] += next[key] }
        var result = [Int32](repeating: 0, count: rows.count)
        for row in rows {
            let key = Int(keys[Int(row)])
            result[Int(next[key])] = row
            next[key] += 1
        }
        return result
    }

    /// The folded rows of a span of days.
    private func rows(_ days: ClosedRange<Int>) -> Range<Int> {
        guard starts.count > 1 else { return 0..<0 }
        let low = min(max(days.lowerBound - firstDay, 0), starts.count - 1)
        let high = min(max(days.upperBound + 1 - firstDay, low), starts.count - 1)
        return Int(starts[low])..<Int(starts[high])
    }

    // MARK: Columns

    /// Sums for each window and group. O(rows + folded rows of all windows).
    func sums<T: AdditiveArithmetic>(
        _ values: [T], _ validity: [Bool]?, _ windows: [RollupWindow]
    ) -> [T] {
        var folded = [T](repeating: .zero, count: groups.count)
        folded.withUnsafeMutableBufferPointer { folded in
            values.withUnsafeBufferPointer { values in
                for (row, slot) in source where validity?[Int(row)] ?? true {
                    folded[Int(slot)] += values[Int(row)]
                }
            }
        }
        var result = [T](repeating: .zero, count: windows.count * groupCount)
        result.withUnsafeMutableBufferPointer { result in
            for (index, window) in windows.enumerated() {
                let cells = UnsafeMutableBufferPointer(rebasing: result[(index * groupCount)...])
                for days in window.days {
                    for row in rows(days) { cells[Int(groups[row])] += folded[row] }
                }
            }
        }
        return result
    }

    /// The least or greatest values, and where there is one. O(as for sums).
    func extremes<T: Comparable & AdditiveArithmetic>(
        _ values: [T], _ validity: [Bool]?, _ windows: [RollupWindow],
        _ isBetter: (T, T) -> Bool
    ) -> ([T], present: [Bool]) {
        var folded = Extremes<T>(count: groups.count)
        for (row, slot) in source where validity?[Int(row)] ?? true {
            folded.take(values[Int(row)], at: Int(slot), isBetter)
        }
        var result = Extremes<T>(count: windows.count * groupCount)
        for (index, window) in windows.enumerated() {
            for row in window.days.lazy.flatMap(rows) where folded.present[row] {
                let cell = index * groupCount + Int(groups[row])
                result.take(folded.values[row], at: cell, isBetter)
            }
        }
        return (result.values, result.present)
    }

    private struct Extremes<T: Comparable & AdditiveArithmetic> {
        var values: [T]
        var present: [Bool]

        init(count: Int) {
            values = [T](repeating: .zero, count: count)
            present = [Bool](repeating: false, count: count)
        }

        mutating func take(_ value: T, at index: Int, _ isBetter: (T, T) -> Bool) {
            if !present[index] || isBetter(value, values[index]) { values[index] = value }
            present[index] = true
        }
    }
}
