import KPICore

/// What every department reads: the people, the customers and the calendar of one company.
///
/// Nothing in it changes while the files are written. Memory is O(employees + customers).
final class World {
    let seed: UInt64
    let scale: Double
    let timeline: Timeline
    let roster: Roster
    let accounts: Accounts
    let campaigns: Campaigns

    init(seed: UInt64, scale: Double, timeline: Timeline) {
        self.seed = seed
        self.scale = scale
        self.timeline = timeline
        roster = Roster(seed: seed, scale: scale, timeline: timeline)
        accounts = Accounts(seed: seed, scale: scale, timeline: timeline, roster: roster)
        campaigns = Campaigns(seed: seed, scale: scale, timeline: timeline)
    }

    func random(_ stream: Stream, _ first: Int = 0, _ second: Int = 0) -> Random {
        Random(seed: seed, stream: stream, first, second)
    }

    /// The number at scale 1 for this scale.
    func sized(_ number: Int, atLeast least: Int) -> Int { scaled(number, scale, atLeast: least) }

    func plan(_ total: Int, _ season: Season, lead: Int = 0) -> DayPlan {
        DayPlan(total, season, timeline, seed: seed, lead: lead)
    }

    func month(of day: Int) -> Int { timeline.month(of: day) }

    /// The first day of a month, counted from the first month.
    func firstDay(ofMonth month: Int) -> Int {
        CivilDate.firstDay(ofMonthIndex: timeline.firstMonth + month).day
    }

    /// The day before the next month begins.
    func isMonthEnd(_ day: Int) -> Bool { CivilDate(day: day + 1).components.dayOfMonth == 1 }
}

/// The number at scale 1 for another scale.
func scaled(_ number: Int, _ scale: Double, atLeast least: Int) -> Int {
    max(least, Int((Double(number) * scale).rounded()))
}
