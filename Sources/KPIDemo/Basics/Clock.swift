import KPICore

/// How what happens on a day is shared out over its hours, from midnight on.
enum Hours {
    /// What customers do by themselves: orders, visits, opinions.
    static let shop = Weights([
        18, 9, 5, 3, 3, 4, 10, 22, 42, 62, 74, 70, 60, 58, 62, 62, 60, 58, 56, 66, 78, 82, 62, 36,
    ])
    /// What the service is asked for.
    static let service = Weights([
        8, 5, 4, 3, 3, 6, 14, 32, 66, 92, 98, 84, 62, 74, 88, 86, 80, 68, 56, 52, 50, 42, 28, 15,
    ])
    /// What people do at work, 9 to 18.
    static let office = Weights([
        0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 18, 12, 2, 6, 16, 18, 20, 16, 4, 0, 0, 0, 0, 0,
    ])
}

/// A time of a day, its hour drawn by weight.
func clock(_ day: Int, _ hours: Weights, _ random: inout Random) -> Int {
    day * secondsPerDay + random.pick(hours) * 3600 + random.below(3600)
}

func officeTime(_ day: Int, _ random: inout Random) -> Int { clock(day, Hours.office, &random) }

func isWeekday(_ day: Int) -> Bool { weekendDay(day) == 0 }

/// The same day, or the Monday after a weekend.
func workday(from day: Int) -> Int { day + [0, 2, 1][weekendDay(day)] }

/// The same day, or the Friday before a weekend.
func workday(to day: Int) -> Int { day - weekendDay(day) }

/// 1 for Saturday, 2 for Sunday, else 0.
private func weekendDay(_ day: Int) -> Int { max(0, CivilDate(day: day).weekday - 5) }
