import KPICore

enum Segment: Int, CaseIterable {
    case consumer
    case smallBusiness
    case enterprise

    var id: String { ["consumer", "small_business", "enterprise"][rawValue] }
    var isBusiness: Bool { self != .consumer }
    static let weights = Weights([600, 320, 80])
    /// Customers lost in an ordinary month, per mille.
    var monthlyLoss: Int { [15, 11, 5][rawValue] }
}

enum Region: Int, CaseIterable {
    case north, east, south, west

    var id: String { ["North", "East", "South", "West"][rawValue] }
    static let weights = Weights([250, 400, 200, 150])
    var salesTeam: OrgUnit { [.salesNorth, .salesEast, .salesSouth, .salesSouth][rawValue] }
}

/// A customer or prospect; days and seconds since 1970. 56 bytes.
struct Account {
    let segment: Segment
    let region: Region
    /// The index of the channel it was won through.
    let channel: Int8
    /// A … C as 0 … 2, at first and from `gradedOn` on.
    let firstTier: Int8
    let laterTier: Int8
    let isKeyAccount: Bool
    /// The desk that owns it, -1 for none.
    let desk: Int32
    let gradedOn: Int32
    /// The first day no longer active; the customer may be back later.
    let lostOn: Int32
    let backOn: Int32
    let targetSince: Int32
    /// The first order or contract.
    let becameAt: Int

    var becameOn: Int { becameAt / secondsPerDay }

    func isActive(on day: Int) -> Bool {
        becameOn < day && (day < Int(lostOn) || Int(backOn) <= day)
    }

    func tier(on day: Int) -> Int { Int(day < Int(gradedOn) ? firstTier : laterTier) }

    static let channels = [
        "search", "social", "email", "referral", "exhibition", "partner", "direct",
    ]
    static let channelWeights = Weights([260, 170, 90, 120, 80, 110, 170])
    static let direct: Int8 = 6
    static let referral: Int8 = 3
    static let tiers = ["A", "B", "C"]
    static let never = Int32.max
}

/// All customers in order of time, then prospects. O(customers) of memory, 56 bytes each.
struct Accounts {
    /// Customers start to come so many days before the data begin.
    static let history = 1400
    /// So many days ahead of today it is known who will be won, so that leads come before.
    static let ahead = 120

    let all: [Account]
    /// Numbers of those won by the end of the data; those won later come after them.
    let wonCount: Int
    let prospects: Range<Int>
    /// Records of customers that exist already, with the record each is merged into.
    let merged: [(segment: Segment, region: Region, into: Int)]
    private let older: Int
    private let plan: DayPlan
    private let firstDay: Int
    /// Records merged into a customer, by its number.
    private let aliases: [Int: Int]
    /// The customers of each desk.
    private let owned: [Int32: [Int32]]

    private static let season = Season(
        months: [950, 700, 950, 950, 1000, 1150, 950, 950, 1000, 1000, 1350, 1150],
        weekdays: [1050, 1050, 1050, 1050, 1050, 900, 850], growth: 100, noise: .accountDays)

    init(seed: UInt64, scale: Double, timeline: Timeline, roster: Roster) {
        firstDay = timeline.firstDay
        let late = timeline.lookingAhead(Self.ahead)
        plan = DayPlan(scaled(1100, scale, atLeast: 48), Self.season, late, seed: seed)
        older = scaled(1900, scale, atLeast: 40)
        wonCount = older + plan.through(timeline.lastDay)
        let won = older + plan.total
        prospects = won..<(won + scaled(300, scale, atLeast: 20))
        let making = Making(seed: seed, timeline: timeline, roster: roster)
        var list: [Account] = []
        list.reserveCapacity(prospects.upperBound)
        for index in 0..<won {
            let day =
                index < older
                ? timeline.firstDay - Self.history + index * Self.history / older
                : plan.day(ofRow: index - older)
            list.append(making.account(index, wonOn: day))
        }
        for index in prospects { list.append(making.account(index, wonOn: nil)) }
        all = list
        merged = Self.twins(of: list[..<wonCount], scaled(12, scale, atLeast: 4))
        let pairs = merged.enumerated().map { ($0.element.into, $0.offset) }
        aliases = Dictionary(pairs.filter { $0.0 >= 0 }) { first, _ in first }
        owned = Self.byDesk(list[..<wonCount])
    }

    /// Second records of some customers. The second of them is merged into the first, which is
    /// merged itself; its `into` is -1.
    private static func twins(
        of list: ArraySlice<Account>, _ count: Int
    ) -> [(segment: Segment, region: Region, into: Int)] {
        (0..<count).map { place in
            let twin = (place * 97 + 13) % (list.count - 1)
            return (list[twin].segment, list[twin].region, place == 1 ? -1 : twin)
        }
    }

    private static func byDesk(_ list: ArraySlice<Account>) -> [Int32: [Int32]] {
        var owned: [Int32: [Int32]] = [:]
        for index in list.indices where list[index].desk >= 0 {
            owned[list[index].desk, default: []].append(Int32(index))
        }
        return owned
    }

    /// Customers won before a day.
    func count(before day: Int) -> Int {
        guard day > firstDay else {
            return max(1, older * (day - firstDay + Self.history) / Self.history)
        }
        return older + plan.through(day - 1)
    }

    /// The customers won on a day of the data or of the days ahead of it.
    func won(on day: Int) -> Range<Int> {
        day < firstDay ? 0..<0 : (older + plan.through(day - 1))..<(older + plan.through(day))
    }

    /// An active customer; one in ten customers calls for more than a third of the rows.
    func active(on day: Int, _ random: inout Random) -> Int {
        let count = count(before: day)
        var index = 0
        for _ in 0..<24 {
            index = random.below(count)
            if random.chance(perMille: 300) { index -= index % 10 }
            if all[index].isActive(on: day) { return index }
        }
        return (0..<count).reversed().first { all[$0].isActive(on: day) } ?? index
    }

    func activeBusiness(on day: Int, _ random: inout Random) -> Int {
        var index = active(on: day, &random)
        for _ in 0..<12 where !all[index].segment.isBusiness { index = active(on: day, &random) }
        return index
    }

    /// A customer of a desk who is active on the day.
    func owned(by desk: Int, on day: Int, _ random: inout Random) -> Int? {
        guard let list = owned[Int32(desk)] else { return nil }
        for _ in 0..<12 {
            let index = Int(list[random.below(list.count)])
            if all[index].isActive(on: day) { return index }
        }
        return nil
    }

    /// The number under which a customer is recorded, rarely that of a record merged later.
    func recorded(_ index: Int, _ random: inout Random) -> Int {
        guard let alias = aliases[index], random.chance(perMille: 200) else { return index }
        return prospects.upperBound + alias
    }
}

/// Draws accounts, each from a generator of its own.
private struct Making {
    let seed: UInt64
    let timeline: Timeline
    let roster: Roster
    /// Of a million customers of each segment, those left at the end of each month since the
    /// first customers came.
    private let left: [[Int]]
    private let start: Int

    init(seed: UInt64, timeline: Timeline, roster: Roster) {
        self.seed = seed
        self.timeline = timeline
        self.roster = roster
        let first = CivilDate(day: timeline.firstDay - Accounts.history).monthIndex
        start = first
        left = Segment.allCases.map { segment in
            var alive = 1_000_000
            return (first..<(timeline.firstMonth + 30)).map { month in
                let wave =
                    segment == Story.churningSegment
                    && Story.churnWave.contains(month - timeline.firstMonth)
                alive -= alive * (wave ? 60 : segment.monthlyLoss) / 1000
                return alive
            }
        }
    }

    func account(_ index: Int, wonOn day: Int?) -> Account {
        var random = Random(seed: seed, stream: .accounts, index)
        let segment = Segment.allCases[random.pick(Segment.weights)]
        let region = Region.allCases[random.pick(Region.weights)]
        let channel = Int8(random.pick(Account.channelWeights))
        let tier = random.pick(Weights(segment == .enterprise ? [45, 40, 15] : [8, 32, 60]))
        let desk = desk(segment, region, &random)
        let isKey = segment == .enterprise && random.chance(perMille: 400)
        let time = day.map { officeTime($0, &random) } ?? .max
        let stay = day.map { lost(after: $0, segment, &random) }
        let regraded = day != nil && random.chance(perMille: 300)
        let gradedOn = (day ?? 0) + random.between(60, 1500)
        let target = random.chance(perMille: day == nil ? 700 : 250)
        let targetSince = (day ?? timeline.firstDay + 300) - random.between(20, 280)
        return Account(
            segment: segment, region: region, channel: channel, firstTier: Int8(tier),
            laterTier: Int8(regraded ? min(2, max(0, tier + (random.below(2) * 2 - 1))) : tier),
            isKeyAccount: isKey, desk: Int32(desk ?? -1),
            gradedOn: regraded ? Int32(gradedOn) : Account.never,
            lostOn: stay?.lost ?? Account.never, backOn: stay?.back ?? Account.never,
            targetSince: target ? Int32(targetSince) : Account.never, becameAt: time)
    }

    /// Half of the consumers have no owner.
    private func desk(_ segment: Segment, _ region: Region, _ random: inout Random) -> Int? {
        let unit = segment == .enterprise ? OrgUnit.accounts : region.salesTeam
        let desk = random.element(roster.desks[unit.rawValue])
        return segment == .consumer && random.chance(perMille: 500) ? nil : desk
    }

    /// When a customer is lost, and whether and when back. O(log months).
    private func lost(
        after day: Int, _ segment: Segment, _ random: inout Random
    ) -> (lost: Int32, back: Int32) {
        let months = left[segment.rawValue]
        let first = max(0, CivilDate(day: day).monthIndex - start)
        let share = random.below(1_000_000)
        let limit = months[first] / 1000 * share / 1000
        let (within, returns) = (random.below(28), random.chance(perMille: 150))
        let away = random.between(35, 200)
        let month = countUpTo(months.count) { months[$0] >= limit }
        guard month < months.count, month > first else { return (Account.never, Account.never) }
        let lost = CivilDate.firstDay(ofMonthIndex: start + month).day + within
        return (Int32(lost), returns ? Int32(lost + away) : Account.never)
    }
}
