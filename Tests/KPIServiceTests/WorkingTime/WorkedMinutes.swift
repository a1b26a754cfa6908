import Foundation
import KPICore
import TestSupport

/// A calendar made by chance, as the text of a file and as what it means minute by minute.
///
/// Shares nothing with the product: offsets are Foundation's, hours are looked up for each minute.
struct RandomCalendar {
    let name: String
    /// Monday … Sunday: minutes after midnight; an end above 1440 lies on the next day.
    private(set) var hours: [[Range<Int>]] = Array(repeating: [], count: 7)
    private(set) var off: Set<Int> = []
    private(set) var extra: [Int: Int] = [:]

    static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// - Parameter days: among which days off and make-up days are chosen.
    init(_ name: String, days: Range<Int>, _ random: inout SplitMix) {
        self.name = name
        let isNightly = random.oneIn(3)
        for weekday in 0..<7 where weekday < 5 || random.oneIn(3) {
            hours[weekday] = isNightly ? [Self.night(&random)] : Self.day(&random)
        }
        // Make-up days have the hours of a weekday that has some.
        for _ in 0..<random.int(0...4) { off.insert(random.int(days.lowerBound...days.upperBound)) }
        for _ in 0..<random.int(0...3) {
            let day = random.int(days.lowerBound...days.upperBound)
            if !off.contains(day) { extra[day] = random.int(1...5) }
        }
    }

    /// One to three spans in order, some of them touching.
    private static func day(_ random: inout SplitMix) -> [Range<Int>] {
        var marks: Set<Int> = []
        let isFine = random.oneIn(2)
        while marks.count < 6 {
            marks.insert(isFine ? random.int(0...1440) : 30 * random.int(0...48))
        }
        let sorted = marks.sorted()
        let spans = [sorted[0]..<sorted[1], sorted[2]..<sorted[3], sorted[4]..<sorted[5]]
        return random.oneIn(5) ? [0..<1440] : Array(spans.prefix(random.int(1...3)))
    }

    private static func night(_ random: inout SplitMix) -> Range<Int> {
        random.int(1081...1439)..<random.int(1441...1980)
    }

    /// The fields of a calendar, indented.
    func yaml(_ indent: String) -> String {
        func clock(_ minutes: Int) -> String {
            let rest = minutes > 1440 ? minutes - 1440 : minutes
            return String(format: "%02d:%02d", rest / 60, rest % 60)
        }
        var lines = ["working_hours:"]
        for (name, spans) in zip(Self.weekdays, hours) where !spans.isEmpty {
            let texts = spans.map { "\"\(clock($0.lowerBound))-\(clock($0.upperBound))\"" }
            lines.append("  \(name): [\(texts.joined(separator: ", "))]")
        }
        lines.append("holidays: [\(off.sorted().map(Self.date).joined(separator: ", "))]")
        lines.append("make_up_days:")
        for (day, weekday) in extra.sorted(by: { $0.key < $1.key }) {
            lines.append("  - {on: \(Self.date(day)), hours: \(Self.weekdays[weekday - 1])}")
        }
        if extra.isEmpty { lines[lines.count - 1] = "make_up_days: none" }
        return lines.map { indent + $0 + "\n" }.joined()
    }

    static func date(_ day: Int) -> String {
        let parts = Date(timeIntervalSince1970: Double(day) * 86_400).ISO8601Format()
        return String(parts.prefix(10))
    }

    // MARK: Meaning

    private func spans(_ day: Int) -> [Range<Int>] {
        if let weekday = extra[day] { return hours[weekday - 1] }
        // 1970-01-01 was a Thursday.
        return off.contains(day) ? [] : hours[((day + 3) % 7 + 7) % 7]
    }

    /// Whether the clock on the wall shows a worked minute.
    func isWorked(minute: Int) -> Bool {
        let (day, rest) = (minute / 1440, minute % 1440)
        return spans(day).contains { $0.contains(rest) }
            || spans(day - 1).contains { $0.contains(rest + 1440) }
    }

    /// Microseconds worked between two instants, minute by minute.
    func worked(_ from: Int, _ to: Int, in zone: TimeZone) -> Int {
        if to < from { return -worked(to, from, in: zone) }
        let minute = 60_000_000
        var total = 0
        for start in stride(from: from / minute * minute, to: to, by: minute) {
            let date = Date(timeIntervalSince1970: Double(start / 1_000_000))
            let local = start / minute + zone.secondsFromGMT(for: date) / 60
            if isWorked(minute: local) { total += min(to, start + minute) - max(from, start) }
        }
        return total
    }
}
