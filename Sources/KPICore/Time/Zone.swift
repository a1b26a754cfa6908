import Foundation
import Synchronization

/// Microseconds since 1970-01-01T00:00 UTC.
package typealias Instant = Int64
/// Microseconds since 1970-01-01T00:00 of the clock on the wall, without a zone.
package typealias LocalTime = Int64

/// The clock of the machine: for ages, and for notes of when something was done. No value of a KPI depends
/// on it.
package enum WallClock {
    package static var now: Instant { Instant(Date().timeIntervalSince1970 * 1e6) }
}

package let microsecondsPerSecond: Int64 = 1_000_000
package let microsecondsPerDay: Int64 = 86_400_000_000

/// The offsets of one IANA time zone from 1970 to 2100, as a table of transitions.
///
/// A wall-clock time that a transition skips or repeats is read with the earlier offset, the one in
/// force before the transition.
package struct Zone: Sendable, Hashable {
    package let identifier: String
    /// Instants at which the offset changes, ascending.
    private let transitions: [Instant]
    /// `offsets[i]` holds before `transitions[i]`, the last one after all; microseconds.
    private let offsets: [Int64]

    package static let utc = Zone(identifier: "UTC", transitions: [], offsets: [0])

    private init(identifier: String, transitions: [Instant], offsets: [Int64]) {
        self.identifier = identifier
        self.transitions = transitions
        self.offsets = offsets
    }

    /// The zone of an IANA name such as `Asia/Shanghai`; nil when the system does not know it.
    package static func named(_ identifier: String) -> Zone? {
        if identifier == "UTC" { return utc }
        if let known = cache.withLock({ $0[identifier] }) { return known }
        guard identifier.contains("/") || identifier == "GMT",
            let system = TimeZone(identifier: identifier)
        else { return nil }
        let zone = probe(system, identifier)
        cache.withLock { $0[identifier] = zone }
        return zone
    }

    private static let cache = Mutex<[String: Zone]>([:])

    /// Looks at the system's offset once a week and bisects every change to the second.
    private static func probe(_ system: TimeZone, _ identifier: String) -> Zone {
        func offset(_ second: Int64) -> Int64 {
            Int64(system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
        }
        let week: Int64 = 7 * 86_400
        let end = Int64(CivilDate(year: 2100, month: 1, dayOfMonth: 1).day) * 86_400
        var transitions: [Instant] = []
        var last = offset(0)
        var offsets = [last * microsecondsPerSecond]
        for start in stride(from: 0, to: end, by: Int64.Stride(week)) {
            let next = offset(start + week)
            guard next != last else { continue }
            var (low, high) = (start, start + week)
            while high - low > 1 {
                let middle = (low + high) / 2
                if offset(middle) == last { low = middle } else { high = middle }
            }
            transitions.append(high * microsecondsPerSecond)
            offsets.append(next * microsecondsPerSecond)
            last = next
        }
        return Zone(identifier: identifier, transitions: transitions, offsets: offsets)
    }

    /// Whether its offset never changes from 1970 on.
    package var isFixed: Bool { transitions.isEmpty }

    /// By how much its clocks are ever put back, in microseconds, ascending.
    package var setbacks: [Int64] {
        Set(zip(offsets, offsets.dropFirst()).map { $0 - $1 }.filter { $0 > 0 }).sorted()
    }

    /// Offset from UTC in microseconds, east positive. O(log transitions).
    package func offset(at instant: Instant) -> Int64 {
        offsets[Self.countUpTo(transitions.count) { transitions[$0] <= instant }]
    }

    /// A window cut where the offset changes, each part with its offset.
    package func constantOffsets(in window: Window) -> [(part: Window, offset: Int64)] {
        let inside = transitions.filter { $0 > window.start && $0 < window.end }
        let bounds = [window.start] + inside + [window.end]
        return zip(bounds, bounds.dropFirst()).map { start, end in
            (Window(start: start, end: end), offset(at: start))
        }
    }

    package func local(_ instant: Instant) -> LocalTime { instant + offset(at: instant) }

    /// The instant of a wall-clock time; skipped and repeated times take the earlier offset.
    package func instant(_ local: LocalTime) -> Instant {
        let index = Self.countUpTo(transitions.count) { index in
            transitions[index] + max(offsets[index], offsets[index + 1]) <= local
        }
        return local - offsets[index]
    }

    /// The number of leading indices for which `holds` is true, by bisection.
    private static func countUpTo(_ count: Int, holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// `+08:00`.
    package func offsetText(at instant: Instant) -> String {
        let minutes = Int(offset(at: instant) / (60 * microsecondsPerSecond))
        return (minutes < 0 ? "-" : "+") + padded(abs(minutes) / 60, 2) + ":"
            + padded(abs(minutes) % 60, 2)
    }
}

/// Wall-clock times as text, and their parts.
package enum LocalClock {
    package static func day(_ local: LocalTime) -> Int {
        Int(local >= 0 ? local / microsecondsPerDay : (local + 1) / microsecondsPerDay - 1)
    }

    package static func midnight(_ day: Int) -> LocalTime { Int64(day) * microsecondsPerDay }

    /// `2026-11-22T08:00:00`, with microseconds only where there are some.
    package static func text(_ local: LocalTime) -> String {
        let day = day(local)
        let rest = local - midnight(day)
        let seconds = Int(rest / microsecondsPerSecond)
        let micros = Int(rest % microsecondsPerSecond)
        return "\(CivilDate(day: day))T\(padded(seconds / 3600, 2)):"
            + "\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + (micros == 0 ? "" : "." + padded(micros, 6))
    }

    /// Reads `yyyy-mm-dd`, `yyyy-mm-ddThh:mm`, `…:ss`, `….ffffff`; `T` or a space. Else nil.
    package static func parse(_ text: some StringProtocol) -> LocalTime? {
        let parts = text.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "T ".contains($0) })
        guard let first = parts.first, let date = CivilDate(first) else { return nil }
        guard parts.count == 2 else { return midnight(date.day) }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(clock.count), let hour = plainNumber(clock[0], digits: 2),
            let minute = plainNumber(clock[1], digits: 2), hour < 24, minute < 60
        else { return nil }
        var micros = Int64(hour * 3600 + minute * 60) * microsecondsPerSecond
        if clock.count == 3 {
            guard let exact = microseconds(clock[2]) else { return nil }
            micros += exact
        }
        return midnight(date.day) + micros
    }

    /// Reads `ss` or `ss.f` with one to six digits after the point.
    private static func microseconds(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let second = plainNumber(parts[0], digits: 2), second < 60 else { return nil }
        guard parts.count == 2 else { return Int64(second) * microsecondsPerSecond }
        let places = parts[1].utf8.count
        guard (1...6).contains(places), let rest = plainNumber(parts[1], digits: places) else {
            return nil
        }
        let unit = (places..<6).reduce(Int64(1)) { power, _ in power * 10 }
        return Int64(second) * microsecondsPerSecond + Int64(rest) * unit
    }
}
