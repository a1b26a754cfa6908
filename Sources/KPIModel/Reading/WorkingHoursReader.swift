import KPICore

/// Reads working hours, days off, further calendars and teams of `calendar.yaml`.
struct WorkingHoursReader {
    static let fields = [
        "working_hours", "holidays", "make_up_days", "make_up_hours", "calendars", "teams",
    ]

    static let weekdays: KeyValuePairs<String, Int> = [
        "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
        "sunday": 7,
    ]

    /// By name; nil for one that cannot be read.
    private var calendars: [String: WorkingCalendar?] = [:]
    /// Further calendars of the file, which may stand on each other in any order.
    private var further: [(key: String, field: Field)] = []
    /// Calendars that are being read, each the base of the one before.
    private var path: [String] = []

    init() {}

    /// nil when the file says nothing about working time.
    mutating func read(_ root: Field, _ fields: [String: Field]) -> WorkingTime? {
        guard Self.fields.contains(where: { fields[$0] != nil }) else { return nil }
        var standard = WorkingCalendar(
            name: WorkingCalendar.defaultName, hours: Array(repeating: [], count: 7))
        if let hours = root.required("working_hours", in: fields) {
            standard.hours = Self.week(hours)
        }
        SpecialDays(fields).apply(to: &standard, at: root)
        calendars = [standard.name: standard]
        further = (fields["calendars"]?.entries ?? []).filter { isName($0.key, $0.field) }
        let others = further.compactMap { calendar($0.key, $0.field) }
        var working = WorkingTime(calendars: [standard] + others)
        for (dimension, field) in fields["teams"]?.entries ?? [] {
            working.teams.append(teams(dimension, field))
        }
        return working
    }

    // MARK: Calendars

    private func isName(_ name: String, _ field: Field) -> Bool {
        guard Field.isIdentifier(name, kebab: false) else {
            field.reportName(.badIdentifier(name, kebab: false))
            return false
        }
        guard name != WorkingCalendar.defaultName else {
            field.reportName(.duplicate(kind: "calendar", id: name, first: "working_hours"))
            return false
        }
        return true
    }

    /// A further calendar, read when it is first needed.
    private mutating func calendar(_ name: String, _ field: Field) -> WorkingCalendar? {
        if let known = calendars[name] { return known }
        path.append(name)
        defer { path.removeLast() }
        let calendar = read(name, field)
        calendars[name] = .some(calendar)
        return calendar
    }

    private mutating func read(_ name: String, _ field: Field) -> WorkingCalendar? {
        if field.isScalar {
            if field.string == "24h" { return .always(name: name) }
            field.report(.wrongKind(field: name, expected: "24h or a mapping with working_hours"))
            return nil
        }
        let known = ["base", "working_hours", "holidays", "make_up_days", "make_up_hours"]
        guard let fields = field.mapping(known) else { return nil }
        var calendar = calendars[WorkingCalendar.defaultName]!!
        if let field = fields["base"], let base = named(field) { calendar = base }
        calendar.name = name
        if let hours = fields["working_hours"] { calendar.hours = Self.week(hours) }
        SpecialDays(fields).apply(to: &calendar, at: field)
        return calendar
    }

    /// A calendar by a scalar with its name; nil also where it has errors of its own.
    private mutating func named(_ field: Field) -> WorkingCalendar? {
        guard let name = field.string else { return nil }
        if let known = calendars[name] { return known }
        if let start = path.firstIndex(of: name) {
            field.report(.cycle(path[start...] + [name]))
            return nil
        }
        if let found = further.first(where: { $0.key == name }) {
            return calendar(name, found.field)
        }
        let names = [WorkingCalendar.defaultName] + further.map(\.key)
        field.report(.unknownCalendar(name, closest: NearMatch.closest(to: name, among: names)))
        return nil
    }

    /// `dimension: {value: calendar}`.
    private mutating func teams(_ dimension: String, _ field: Field) -> TeamCalendars {
        var teams: [TeamCalendars.Team] = []
        for (value, field) in field.entries ?? [] {
            guard let calendar = named(field) else { continue }
            teams.append(TeamCalendars.Team(value: value, calendar: calendar.name))
        }
        return TeamCalendars(dimension: dimension, teams: teams)
    }

    // MARK: Hours

    /// `24h`, or spans by weekday; days not named are closed.
    private static func week(_ field: Field) -> [[Range<Int>]] {
        if field.isScalar { return Array(repeating: spans(field), count: 7) }
        var hours: [[Range<Int>]] = Array(repeating: [], count: 7)
        var said: [Int: String] = [:]
        for (key, field) in field.entries ?? [] {
            guard let days = weekdays(key, field) else { continue }
            let spans = spans(field)
            for day in days {
                if let first = said[day] {
                    field.reportName(
                        .duplicate(kind: "weekday", id: name(day), first: "‘\(first)’"))
                } else {
                    said[day] = key
                    hours[day - 1] = spans
                }
            }
        }
        checkOverlaps(hours, field)
        return hours
    }

    static func name(_ weekday: Int) -> String { weekdays.first { $0.value == weekday }!.key }

    /// `monday`, `monday-friday`, also over the week's end: `saturday-monday`.
    private static func weekdays(_ key: String, _ field: Field) -> [Int]? {
        let parts = key.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        let found = parts.map { part in weekdays.first { $0.key == part }?.value }
        if parts.count <= 2, let first = found[0], let last = found[found.count - 1] {
            return (0...(last - first + 7) % 7).map { (first - 1 + $0) % 7 + 1 }
        }
        let index = found.firstIndex(of: nil) ?? 0
        field.reportName(
            .badValue(
                field: "weekday", value: key, expected: "monday or monday-friday",
                closest: NearMatch.closest(to: parts[index], among: weekdays.map(\.key))))
        return nil
    }

    /// `closed`, `24h`, `09:00-18:00` or a list of such spans.
    private static func spans(_ field: Field) -> [Range<Int>] {
        if field.isScalar, field.string == "closed" { return [] }
        if field.isScalar, field.string == "24h" { return [0..<1440] }
        let items = field.isScalar ? [field] : field.list ?? []
        var spans: [Range<Int>] = []
        for item in items {
            guard let text = item.string else { continue }
            if let span = span(text) {
                spans.append(span)
            } else {
                item.report(
                    .badValue(
                        field: "span of hours", value: text,
                        expected: "written 09:00-18:00, 22:00-06:00, 24h or closed", closest: []))
            }
        }
        spans.sort { $0.lowerBound < $1.lowerBound }
        for (a, b) in zip(spans, spans.dropFirst()) where a.upperBound > b.lowerBound {
            field.report(.overlappingHours(text(a), text(b)))
        }
        return spans
    }

    /// An end at or before the start lies on the next day.
    private static func span(_ text: String) -> Range<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = minutes(parts[0]), let end = minutes(parts[1]),
            start < 1440, start != end
        else { return nil }
        return start..<(end > start ? end : end + 1440)
    }

    /// `09:00` … `24:00`.
    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.filter { $0 != " " }.split(
            separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
            hour < 24 || hour == 24 && minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    private static func text(_ span: Range<Int>) -> String {
        WorkingCalendar.clock(span.lowerBound) + "-"
            + WorkingCalendar.clock(
                span.upperBound > 1440 ? span.upperBound - 1440 : span.upperBound)
    }

    /// What runs over midnight must end before the next day's hours begin.
    private static func checkOverlaps(_ hours: [[Range<Int>]], _ field: Field) {
        for day in 0..<7 {
            guard let last = hours[day].last, let next = hours[(day + 1) % 7].first,
                last.upperBound - 1440 > next.lowerBound
            else { continue }
            field.report(
                .overlappingHours(
                    "\(name(day + 1)) \(text(last))", "\(name((day + 1) % 7 + 1)) \(text(next))"))
        }
    }
}
