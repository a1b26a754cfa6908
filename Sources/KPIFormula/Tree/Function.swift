import KPICore

/// Every function of the language, in both levels. Spellings are data: see `spellings`.
package enum Function: String, Sendable, Hashable, CaseIterable {
    // Both levels
    case `if`, coalesce, clamp, least, greatest, abs, round
    // KPI formulas
    case previous, yearAgo, toDate, rolling, share, opening, closing
    case notApplicable, months, periodDays, points, whole
    // Aggregates
    case count, sum, mean, min, max, distinct, median, percentile, stddev
    // Aggregates of one entity, or of related records
    case latest, earliest
    // Entity measures
    case ever, inPeriod
    // Other records, and the window of the cell
    case exists, related, inForce, periodStart, periodEnd
    // Working time
    case working, pause, teamCalendar
    // Row expressions
    case duration, date, time, year, month, day, weekday, hour, days, hours, minutes
    case lower, upper, trim, length, startsWith, endsWith, contains, replace, concat
    case decimal, integer, text

    /// The spelling in each language, and how many arguments the function takes.
    package var signature: (name: Bilingual, arguments: ClosedRange<Int>) { Self.table[self]! }

    package var isAggregate: Bool {
        switch self {
        case .count, .sum, .mean, .min, .max, .distinct, .median, .percentile, .stddev, .latest,
            .earliest:
            true
        default: false
        }
    }

    /// The function of a spelling in either language; case of Latin letters does not matter.
    package static func named(_ name: String) -> Function? { byName[name.lowercased()] }

    package static var allNames: [String] { table.values.flatMap { [$0.name.en, $0.name.zh] } }

    private static let byName: [String: Function] = table.reduce(into: [:]) { names, entry in
        names[entry.value.name.en] = entry.key
        names[entry.value.name.zh] = entry.key
    }

    private static let table: [Function: (name: Bilingual, arguments: ClosedRange<Int>)] =
        spellings.reduce(into: [:]) { table, row in
            table[row.0] = (Bilingual(zh: row.2, en: row.1), row.3)
        }

    private static let many = 100

    private static let spellings: [(Function, String, String, ClosedRange<Int>)] = [
        (.if, "if", "如果", 3...3),
        (.coalesce, "coalesce", "首个有值", 1...many),
        (.clamp, "clamp", "限幅", 3...3),
        (.least, "least", "取小", 1...many),
        (.greatest, "greatest", "取大", 1...many),
        (.abs, "abs", "绝对值", 1...1),
        (.round, "round", "四舍五入", 1...2),
        (.previous, "previous", "上期", 1...2),
        (.yearAgo, "year_ago", "去年同期", 1...1),
        (.toDate, "to_date", "累计", 2...2),
        (.rolling, "rolling", "滚动", 3...3),
        (.share, "share", "占比", 1...many),
        (.opening, "opening", "期初", 1...1),
        (.closing, "closing", "期末", 1...1),
        (.notApplicable, "not_applicable", "不适用", 0...0),
        (.months, "months", "月数", 0...0),
        (.periodDays, "period_days", "天数", 0...0),
        (.points, "points", "分值", 1...1),
        (.whole, "whole", "合计", 1...many),
        (.count, "count", "计数", 0...1),
        (.sum, "sum", "求和", 1...1),
        (.mean, "mean", "平均", 1...1),
        (.min, "min", "最小", 1...1),
        (.max, "max", "最大", 1...1),
        (.distinct, "distinct", "去重计数", 1...1),
        (.median, "median", "中位数", 1...1),
        (.percentile, "percentile", "百分位", 2...2),
        (.stddev, "stddev", "标准差", 1...1),
        (.latest, "latest", "最新", 2...5),
        (.earliest, "earliest", "最早", 2...5),
        (.ever, "ever", "历来", 1...1),
        (.inPeriod, "in_period", "在本期", 1...1),
        (.exists, "exists", "存在", 2...2),
        (.related, "related", "相关", 3...3),
        (.inForce, "in_force", "有效", 1...1),
        (.periodStart, "period_start", "期初时刻", 0...0),
        (.periodEnd, "period_end", "期末时刻", 0...0),
        (.working, "working", "工作时长", 2...4),
        (.pause, "pause", "暂停", 2...4),
        (.teamCalendar, "team_calendar", "团队日历", 0...0),
        (.duration, "duration", "时长", 2...2),
        (.date, "date", "日期", 1...1),
        (.time, "time", "时刻", 1...1),
        (.year, "year", "年份", 1...1),
        (.month, "month", "月份", 1...1),
        (.day, "day", "日号", 1...1),
        (.weekday, "weekday", "星期", 1...1),
        (.hour, "hour", "小时", 1...1),
        (.days, "days", "天", 1...1),
        (.hours, "hours", "时", 1...1),
        (.minutes, "minutes", "分钟", 1...1),
        (.lower, "lower", "小写", 1...1),
        (.upper, "upper", "大写", 1...1),
        (.trim, "trim", "去空格", 1...1),
        (.length, "length", "字数", 1...1),
        (.startsWith, "starts_with", "开头是", 2...2),
        (.endsWith, "ends_with", "结尾是", 2...2),
        (.contains, "contains", "包含", 2...2),
        (.replace, "replace", "替换", 3...3),
        (.concat, "concat", "连接", 1...many),
        (.decimal, "decimal", "小数", 2...2),
        (.integer, "integer", "整数", 1...1),
        (.text, "text", "文本", 1...1),
    ]
}

extension Grain {
    /// The unit words of `to_date` and `rolling` in both languages.
    package static let unitWords: [(grain: Grain, en: String, zh: String)] = [
        (.day, "day", "日"), (.week, "week", "周"), (.month, "month", "月"),
        (.quarter, "quarter", "季"), (.half, "half", "半年"), (.year, "year", "年"),
    ]

    package static func unit(named name: String) -> Grain? {
        unitWords.first { $0.en == name.lowercased() || $0.zh == name }?.grain
    }
}
