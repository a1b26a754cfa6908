/// How long the periods of an answer are.
package enum Grain: String, Sendable, Hashable, CaseIterable, Codable {
    case total, hour, day, week, month, quarter, half, year

    /// Months in one period, for the grains made of months.
    package var months: Int? {
        switch self {
        case .month: 1
        case .quarter: 3
        case .half: 6
        case .year: 12
        default: nil
        }
    }

    /// Days in one period, for the grains made of days.
    package var days: Int? {
        switch self {
        case .day: 1
        case .week: 7
        default: nil
        }
    }
}

/// One period of the calendar: a grain and where it begins on the wall clock.
package struct Period: Sendable, Hashable {
    package let grain: Grain
    package let start: LocalTime

    package init(grain: Grain, start: LocalTime) {
        self.grain = grain
        self.start = start
    }
}

/// A half-open span of time `[start, end)`.
package struct Window: Sendable, Hashable {
    package var start: Instant
    package var end: Instant

    package init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    package var isEmpty: Bool { start >= end }

    /// What lies in both; empty when nothing does.
    package func intersection(_ other: Window) -> Window {
        Window(start: max(start, other.start), end: min(end, other.end))
    }

    package func contains(_ other: Window) -> Bool { start <= other.start && other.end <= end }
    package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

    /// All of time.
    package static let always = Window(start: .min, end: .max)
}
