import KPICore

/// `week_start`, `fiscal_year_start` and `fiscal_weeks`, which stand in either of two files.
struct WeeksAndYears {
    static let fields = ["week_start", "fiscal_year_start", "fiscal_weeks"]

    private var weekStart: (field: Field, weekday: Int)?
    private var yearStart: (field: Field, month: Int)?
    private var weeks: FiscalWeeks?

    /// What the second file says replaces what the first one does.
    mutating func add(_ fields: [String: Field]) {
        if let field = fields["week_start"],
            let weekday = field.choice(WorkingHoursReader.weekdays)
        {
            weekStart = (field, weekday)
        }
        if let field = fields["fiscal_year_start"], let month = field.integer(in: 1...12) {
            yearStart = (field, month)
        }
        if let field = fields["fiscal_weeks"], let weeks = Self.weeks(field) { self.weeks = weeks }
    }

    func apply(to calendar: inout BusinessCalendar) {
        if let weekStart { calendar.weekStart = weekStart.weekday }
        if let yearStart { calendar.fiscalStart = yearStart.month }
        guard let weeks else { return }
        yearStart?.field.reportName(.twoFiscalYears)
        if let weekStart, weekStart.weekday != weeks.weekStart {
            weekStart.field.report(
                .weekStartDiffers(
                    WorkingHoursReader.name(weekStart.weekday),
                    expected: WorkingHoursReader.name(weeks.weekStart)))
        }
        calendar.use(weeks)
    }

    // MARK: Fiscal weeks

    private static func weeks(_ field: Field) -> FiscalWeeks? {
        guard let fields = field.mapping(["pattern", "ends", "month", "leap_period"]) else {
            return nil
        }
        let pattern = field.required("pattern", in: fields).flatMap(pattern)
        let end = field.required("ends", in: fields).flatMap(end)
        let month = field.required("month", in: fields)?.integer(in: 1...12)
        let leapPeriod = fields["leap_period"].map { $0.integer(in: 1...12) } ?? 12
        guard let pattern, let end, let month, let leapPeriod else { return nil }
        return FiscalWeeks(
            pattern: pattern, weekday: end.weekday, isNearest: end.isNearest, month: month,
            leapPeriod: leapPeriod)
    }

    private static func pattern(_ field: Field) -> FiscalWeeks.Pattern? {
        field.choice([
            "4-4-5": FiscalWeeks.Pattern.longThird, "4-5-4": .longSecond, "5-4-4": .longFirst,
        ])
    }

    /// `last saturday`, `nearest saturday`.
    private static func end(_ field: Field) -> (weekday: Int, isNearest: Bool)? {
        guard let text = field.string else { return nil }
        let words = text.split(separator: " ")
        let weekdays = WorkingHoursReader.weekdays
        if words.count == 2, let rule = ["last", "nearest"].firstIndex(of: words[0]),
            let weekday = weekdays.first(where: { $0.key == words[1] })?.value
        {
            return (weekday, rule == 1)
        }
        let known = ["last", "nearest"].flatMap { rule in weekdays.map { "\(rule) \($0.key)" } }
        field.report(
            .badValue(
                field: field.name, value: text,
                expected: "last or nearest and a weekday, such as ‘last saturday’",
                closest: NearMatch.closest(to: text, among: known)))
        return nil
    }
}
