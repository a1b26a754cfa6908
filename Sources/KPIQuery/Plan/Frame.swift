import KPICore
import KPIModel

/// The window in which an expression is evaluated for one cell.
package struct Frame: Sendable, Hashable {
    /// The calendar period of the cell; nil at the total.
    var period: Period?
    var window: Window
    /// At the total: the range before anything cut it.
    var range: Window?
    /// The cell's period is cut by the range or by as-of.
    var isCut: Bool
    /// A trailing window: without value as soon as it begins before coverage.
    var mustBeCovered = false
    /// Where the period begins, whatever cuts it.
    package var begins: Instant = .min
}

/// The part of a window that is covered: what lies between its ends, without gaps in coverage.
struct CoveredWindow: Sendable, Hashable {
    let window: Window
    /// Inside the window, in order and apart from each other. They begin and end at midnight.
    let gaps: [Window]

    init(_ window: Window, without gaps: [Window] = []) {
        self.window = window
        let inside = gaps.map { $0.intersection(window) }.filter { !$0.isEmpty }
        self.gaps = inside.sorted { $0.start < $1.start }.reduce(into: []) { merged, gap in
            if let last = merged.last, gap.start <= last.end {
                merged[merged.count - 1] = Window(start: last.start, end: max(last.end, gap.end))
            } else {
                merged.append(gap)
            }
        }
    }

    var start: Instant { window.start }
    var end: Instant { window.end }
    var isEmpty: Bool { window.isEmpty || gaps == [window] }
}

extension Frame {
    /// The part of the window inside coverage; nil when there is none, or of a trailing window some is
    /// missing.
    func covered(by coverage: Window, without gaps: [Window]) -> CoveredWindow? {
        let part = CoveredWindow(window.intersection(coverage), without: gaps)
        if part.isEmpty { return nil }
        if mustBeCovered, part.start > window.start || !part.gaps.isEmpty { return nil }
        return part
    }
}

extension [CoveredWindow] {
    /// Of a set, always the same.
    init(ordered windows: Set<CoveredWindow>) {
        self = windows.sorted { a, b in
            if a.window != b.window { return (a.start, a.end) < (b.start, b.end) }
            return a.gaps.lexicographicallyPrecedes(b.gaps) {
                ($0.start, $0.end) < ($1.start, $1.end)
            }
        }
    }
}

/// Periods of a grain as frames, and what time functions make of them.
struct FrameMaker {
    let calendar: BusinessCalendar
    let range: Window
    let asOf: Instant

    /// The frames of a grain, each with the name of its period.
    func frames(_ grain: Grain) -> (names: [String], frames: [Frame]) {
        if grain == .total {
            let window = cut(range)
            return (
                ["total"],
                [
                    Frame(
                        period: nil, window: window, range: range, isCut: window != range,
                        begins: range.start)
                ]
            )
        }
        let periods = calendar.periods(grain, touching: range)
        let frames = periods.map { period in
            let whole = calendar.window(period)
            let window = cut(whole.intersection(range))
            return Frame(
                period: period, window: window, isCut: window != whole, begins: whole.start)
        }
        return (periods.map(calendar.name), frames)
    }

    /// What has happened of a window; empty, but in its place, when nothing has.
    private func cut(_ window: Window) -> Window {
        window.start >= asOf ? window : Window(start: window.start, end: min(window.end, asOf))
    }

    /// The frame in which a time function evaluates its argument.
    func moved(_ frame: Frame, by node: FormulaNode) -> Frame {
        var moved = frame
        switch node {
        case .previous(_, let count):
            if let period = frame.period {
                moved.window = calendar.earlier(frame.window, of: period, by: count)
                moved.period = calendar.earlier(period, by: count)
            } else {
                let range = frame.range ?? frame.window
                moved.window = calendar.earlier(frame.window, ofRange: range, by: count)
                moved.range = calendar.earlier(range: range, by: count)
            }
        case .yearAgo:
            guard let period = frame.period else {
                moved.window = calendar.shifted(frame.window, by: -1, .year)
                break
            }
            (moved.window, moved.period) = calendar.yearAgo(frame.window, of: period)
        case .toDate(_, let unit): moved.window = calendar.toDate(frame.window, unit)
        case .rolling(_, let count, let unit):
            moved.window = calendar.rolling(frame.window, count, unit)
            moved.mustBeCovered = true
        default: break
        }
        return moved
    }
}
