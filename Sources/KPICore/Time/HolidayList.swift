/// A published list of days off and of the working days that make up for them.
package struct HolidayList: Sendable {
    /// As calendars name it.
    package let name: String
    /// The notices that fix the days, by year.
    package let sources: [Int: String]
    /// Local days without work, those that are free anyway among them.
    package let daysOff: Set<Int>
    package let makeUpDays: Set<Int>

    /// The years that the list says everything about.
    package var years: ClosedRange<Int> { sources.keys.min()!...sources.keys.max()! }

    package static let shipped: [HolidayList] = [china]

    package static func named(_ name: String) -> HolidayList? { shipped.first { $0.name == name } }

    /// The statutory holidays of mainland China, from the yearly notices of the General Office of the
    /// State Council on the arrangement of holidays (国务院办公厅关于部分节假日安排的通知).
    private static let china = HolidayList(
        name: "cn",
        sources: [
            2024: "国办发明电〔2023〕7号", 2025: "国办发明电〔2024〕12号", 2026: "国办发明电〔2025〕7号",
        ],
        daysOff: days([
            // 2024: New Year, Spring Festival, Qingming, Labour Day, Dragon Boat, Mid-Autumn,
            // National Day
            "2024-01-01", "2024-02-10..2024-02-17", "2024-04-04..2024-04-06",
            "2024-05-01..2024-05-05", "2024-06-10", "2024-09-15..2024-09-17",
            "2024-10-01..2024-10-07",
            // 2025: National Day and Mid-Autumn are one
            "2025-01-01", "2025-01-28..2025-02-04", "2025-04-04..2025-04-06",
            "2025-05-01..2025-05-05", "2025-05-31..2025-06-02", "2025-10-01..2025-10-08",
            // 2026
            "2026-01-01..2026-01-03", "2026-02-15..2026-02-23", "2026-04-04..2026-04-06",
            "2026-05-01..2026-05-05", "2026-06-19..2026-06-21", "2026-09-25..2026-09-27",
            "2026-10-01..2026-10-07",
        ]),
        makeUpDays: days([
            "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14",
            "2024-09-29", "2024-10-12",
            "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
            "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
        ]))

    private static func days(_ ranges: [String]) -> Set<Int> {
        Set(ranges.flatMap { Array(CivilDate.range($0)!) })
    }
}

extension CivilDate {
    /// The days of `2026-10-01`, or of `2026-10-01..2026-10-07` with both ends; nil for anything else.
    package static func range(_ text: String) -> ClosedRange<Int>? {
        guard let dots = text.firstRange(of: "..") else {
            return CivilDate(text).map { $0.day...$0.day }
        }
        guard let first = CivilDate(text[..<dots.lowerBound].trimmed),
            let last = CivilDate(text[dots.upperBound...].trimmed), first <= last
        else { return nil }
        return first.day...last.day
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
