import KPICore

/// `holidays`, `make_up_days` and `make_up_hours` of one calendar.
struct SpecialDays {
    private let holidays: Field?
    private let makeUps: Field?
    private let makeUpHours: Field?

    init(_ fields: [String: Field]) {
        holidays = fields["holidays"]
        makeUps = fields["make_up_days"]
        makeUpHours = fields["make_up_hours"]
    }

    /// Days that a file names itself, and where.
    private struct Days {
        var lists: [HolidayList] = []
        /// By day: the weekday whose hours it has (nil: the usual one), and its place.
        var own: [Int: (weekday: Int?, place: Place)] = [:]
    }

    /// A calendar that says `holidays` or `make_up_days` says both anew. What it names itself comes
    /// before shipped lists.
    func apply(to calendar: inout WorkingCalendar, at root: Field) {
        let weekday = makeUpHours?.choice(WorkingHoursReader.weekdays, kind: "weekday") ?? 1
        if holidays != nil || makeUps != nil {
            let off = holidays.map { read($0, allowsLists: true) } ?? Days()
            let extra = makeUps.map { read($0, allowsLists: false) } ?? Days()
            calendar.lists = off.lists.map(\.name)
            calendar.daysOff = off.lists.reduce(into: []) { $0.formUnion($1.daysOff) }
            let shipped = off.lists.reduce(into: Set<Int>()) { $0.formUnion($1.makeUpDays) }
            calendar.makeUpDays = Dictionary(uniqueKeysWithValues: shipped.map { ($0, weekday) })
            calendar.daysOff.subtract(shipped)
            for day in off.own.keys {
                calendar.daysOff.insert(day)
                calendar.makeUpDays[day] = nil
            }
            for (day, own) in extra.own.sorted(by: { $0.key < $1.key }) {
                if let first = off.own[day]?.place {
                    makeUps!.findings.report(
                        .holidayAndMakeUp("\(CivilDate(day: day))", first: "\(first)"),
                        at: own.place)
                }
                calendar.daysOff.remove(day)
                calendar.makeUpDays[day] = own.weekday ?? weekday
            }
        } else if makeUpHours != nil {
            calendar.makeUpDays = calendar.makeUpDays.mapValues { _ in weekday }
        }
        checkHours(calendar, root)
    }

    private func checkHours(_ calendar: WorkingCalendar, _ root: Field) {
        let used = Set(calendar.makeUpDays.values).sorted()
        guard calendar.hours.contains(where: { !$0.isEmpty }),
            let closed = used.first(where: { calendar.hours[$0 - 1].isEmpty })
        else { return }
        let field = makeUpHours ?? makeUps ?? holidays ?? root
        field.report(.makeUpWithoutHours(WorkingHoursReader.name(closed)))
    }

    // MARK: Reading

    /// `none`, or a list of shipped lists, days, ranges and `{on: …}`.
    private func read(_ field: Field, allowsLists: Bool) -> Days {
        var days = Days()
        if field.isScalar, field.string == "none" { return days }
        for item in field.isScalar ? [field] : field.list ?? [] {
            if item.isScalar {
                add(item, weekday: nil, allowsLists: allowsLists, &days)
                continue
            }
            let known = allowsLists ? ["on", "name"] : ["on", "name", "hours"]
            guard let fields = item.mapping(known), let on = item.required("on", in: fields) else {
                continue
            }
            _ = fields["name"]?.bilingual
            let weekday = fields["hours"]?.choice(WorkingHoursReader.weekdays, kind: "weekday")
            add(on, weekday: weekday, allowsLists: false, &days)
        }
        return days
    }

    /// What is wrong with days that are written as they should be.
    private static func unreal(_ text: String) -> Problem? {
        let days = text.split(separator: "..", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " } }
        guard days.count <= 2, days.allSatisfy({ $0.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil })
        else { return nil }
        if let none = days.first(where: { CivilDate($0) == nil }) { return .noSuchDay(none) }
        return CivilDate.range(text) == nil ? .reversedDays(text) : nil
    }

    private func add(_ field: Field, weekday: Int?, allowsLists: Bool, _ days: inout Days) {
        guard let text = field.string else { return }
        if let range = CivilDate.range(text), range.count <= 366 {
            for day in range { days.own[day] = (weekday, field.place) }
            return
        }
        if allowsLists, let list = HolidayList.named(text) {
            days.lists.append(list)
            return
        }
        if let problem = Self.unreal(text) {
            field.report(problem)
            return
        }
        let names = HolidayList.shipped.map(\.name)
        let expected =
            "a day such as 2026-10-01, or days such as 2026-10-01..2026-10-07"
            + (allowsLists ? ", or a shipped list (\(names.joined(separator: ", ")))" : "")
        field.report(
            .badValue(
                field: "day", value: text, expected: expected,
                closest: allowsLists ? NearMatch.closest(to: text, among: names) : []))
    }
}
