/// What is said about calendars: working hours, holidays, weeks and fiscal years.
extension Problem {
    var workingTimeWording: Wording? {
        switch self {
        case .noWorkingHours:
            Wording("no working hours are defined", "没有定义工作时间").hint(
                "say ‘working_hours: {monday-friday: 09:00-18:00}’ in calendar.yaml",
                "请在 calendar.yaml 里写‘working_hours: {monday-friday: 09:00-18:00}’")
        case .unknownCalendar(let name, let closest):
            Wording("there is no working calendar ‘\(name)’", "没有工作日历‘\(name)’")
                .closest(closest)
        case .noTeamDimension(let dataset, let dimensions):
            Wording(
                dimensions.isEmpty
                    ? "calendar.yaml says no ‘teams’"
                    : "‘\(dataset)’ has no dimension \(dimensions.map { "‘\($0)’" }.joined(separator: " or ")), by which teams have their calendars",
                dimensions.isEmpty
                    ? "calendar.yaml 没有写‘teams’"
                    : "‘\(dataset)’没有维度\(dimensions.map { "‘\($0)’" }.joined(separator: "或"))，而团队的日历按它指定"
            )
        case .workingTimeAtLoad:
            Wording("working time has no meaning here", "这里不能使用工作时长").hint(
                "it is computed when a question is asked: use it in a measure or dimension",
                "工作时长在提问时计算：请用在度量或维度里")
        case .workingTimeOfAggregates:
            Wording(
                "working time is that of one record, not of aggregates",
                "工作时长属于单条记录，不能由聚合值计算"
            ).hint("write it inside the aggregate", "请把它写在聚合里面")
        case .daysOfWorkingTime:
            Wording(
                "working time is compared with days, each of 24 hours of work",
                "工作时长在与天数比较，而一天按 24 小时的工作计"
            ).hint("say the hours of work, such as hours(8)", "请写工作小时数，例如 小时(8)")
        case .ageWithoutCohort:
            Wording(
                "‘age’ has a meaning only with ‘cohort:’", "‘age’只能与‘cohort:’一起用")
        case .noSuchDay(let text): Wording("there is no day \(text)", "没有 \(text) 这一天")
        case .reversedDays(let text):
            Wording("\(text) ends before it begins", "\(text) 的结束早于开始")
        case .overlappingHours(let first, let second):
            Wording("\(first) and \(second) overlap", "\(first) 与 \(second) 重叠")
                .hint(
                    "an end at or before its start lies on the next day",
                    "结束不晚于开始的时段到次日为止")
        case .holidayAndMakeUp(let day, let first):
            Wording(
                "\(day) is also a day off, said at \(first)", "\(day) 在 \(first) 又写成了休息日")
        case .makeUpWithoutHours(let weekday):
            Wording(
                "make-up days have the hours of \(weekday), on which nobody works",
                "补班日用的是 \(weekday) 的工作时间，而这天没有工作时间"
            ).hint(
                "say ‘make_up_hours: friday’, or another weekday with working hours",
                "请写‘make_up_hours: friday’，或别的有工作时间的星期几")
        case .holidaysUnknown(let list, let years, let dataset, let found):
            Wording(
                "the days off of ‘\(list)’ are known for \(years), and ‘\(dataset)’ covers \(found): there only weekdays decide about working time",
                "‘\(list)’的节假日只有 \(years) 年的，而‘\(dataset)’还覆盖 \(found) 年：那里的工作时长只按星期几计算"
            ).hint(
                "add the days of those years to ‘holidays’ and ‘make_up_days’ in calendar.yaml",
                "请把这些年份的日期加到 calendar.yaml 的‘holidays’和‘make_up_days’里")
        case .weekStartDiffers(let weekday, let expected):
            Wording(
                "weeks begin on \(weekday), but by ‘fiscal_weeks’ they begin on \(expected)",
                "这里每周从 \(weekday) 开始，而按‘fiscal_weeks’从 \(expected) 开始"
            ).hint(
                "leave ‘week_start’ out: weeks begin on the day after the one on which years end",
                "请去掉‘week_start’：每周从年末那天的次日开始")
        case .twoFiscalYears:
            Wording(
                "‘fiscal_weeks’ says already where fiscal years begin",
                "‘fiscal_weeks’已经决定了财年从哪天开始"
            ).hint("leave ‘fiscal_year_start’ out", "请去掉‘fiscal_year_start’")
        default: nil
        }
    }
}
