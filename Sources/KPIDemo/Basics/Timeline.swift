import KPICore

let secondsPerDay = 86_400

/// The days of the data: 24 full months, and days of the next ones where someone looks ahead.
///
/// Days count from 1970-01-01, seconds from its midnight on the wall in Shanghai.
struct Timeline {
    /// Months since year 0 of the first month.
    let firstMonth: Int
    let firstDay: Int
    /// The last day of the last full month.
    let lastFullDay: Int
    private(set) var lastDay: Int

    init(endYear: Int, endMonth: Int) {
        let next = endYear * 12 + endMonth
        firstMonth = next - 24
        firstDay = CivilDate.firstDay(ofMonthIndex: firstMonth).day
        lastFullDay = CivilDate.firstDay(ofMonthIndex: next).day - 1
        lastDay = lastFullDay
    }

    /// The same months and so many days after them.
    func lookingAhead(_ days: Int) -> Timeline {
        var copy = self
        copy.lastDay += days
        return copy
    }

    var fullDays: ClosedRange<Int> { firstDay...lastFullDay }

    /// The first second of which nothing is known.
    var horizon: Int { (lastDay + 1) * secondsPerDay }

    /// `second` where it is before the horizon, else nil.
    func known(_ second: Int) -> Int? { second < horizon ? second : nil }

    /// Months since the first month.
    func month(of day: Int) -> Int { CivilDate(day: day).monthIndex - firstMonth }
}

/// How busy a day is: by month, weekday, growth and chance.
struct Season {
    /// January … December, in thousandths.
    let months: [Int]
    /// Monday … Sunday, in thousandths.
    let weekdays: [Int]
    /// Thousandths a year.
    let growth: Int
    let noise: Stream
    /// The days around 11 November, in thousandths.
    var singlesDay = 1000

    func weight(of day: Int, since first: Int, seed: UInt64) -> Int {
        let date = CivilDate(day: day)
        let (_, month, dayOfMonth) = date.components
        var random = Random(seed: seed, stream: noise, day)
        var weight = months[month - 1] * weekdays[date.weekday - 1]
        weight = weight * (1000 + growth * (day - first) / 365) / 1000
        weight = weight * random.between(900, 1100) / 1000
        let peak = month == 11 && (10...12).contains(dayOfMonth)
        return peak ? weight * singlesDay / 1000 : weight
    }
}

/// How many rows each day has. Shares a total out over days without a remainder.
struct DayPlan {
    private let first: Int
    /// Rows up to the end of each day.
    private let upTo: [Int]

    /// `total` rows over the full months of the timeline, and as dense before and after them.
    init(_ total: Int, _ season: Season, _ timeline: Timeline, seed: UInt64, lead: Int = 0) {
        first = timeline.firstDay - lead
        func weight(_ day: Int) -> Int {
            season.weight(of: day, since: timeline.firstDay, seed: seed)
        }
        let whole = timeline.fullDays.reduce(0) { $0 + weight($1) }
        var sum = 0
        upTo = (first...timeline.lastDay).map { day in
            sum += weight(day)
            return total * sum / whole
        }
    }

    /// Rows of a day.
    func count(on day: Int) -> Int { through(day) - through(day - 1) }

    /// Rows up to the end of a day. O(1).
    func through(_ day: Int) -> Int { day < first ? 0 : upTo[min(day - first, upTo.count - 1)] }

    var total: Int { upTo[upTo.count - 1] }

    /// The day of a row counted from 0. O(log days).
    func day(ofRow row: Int) -> Int { first + countUpTo(upTo.count) { upTo[$0] <= row } }
}

/// The number of leading indices for which `holds` is true, by bisection.
func countUpTo(_ count: Int, holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
        let middle = (low + high) / 2
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low
}

/// Values put aside until their day comes. Those of past days and past the last day are dropped.
struct Agenda<Value> {
    private let first: Int
    private var days: [[Value]]

    init(_ timeline: Timeline) {
        first = timeline.firstDay
        days = Array(repeating: [], count: timeline.lastDay - first + 1)
    }

    mutating func put(_ value: Value, on day: Int) {
        guard days.indices.contains(day - first) else { return }
        days[day - first].append(value)
    }

    /// Hands out the values of a day and lets go of them.
    mutating func take(_ day: Int) -> [Value] {
        guard days.indices.contains(day - first) else { return [] }
        let values = days[day - first]
        days[day - first] = []
        return values
    }
}
