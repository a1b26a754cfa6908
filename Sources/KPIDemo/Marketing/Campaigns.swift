import KPICore

/// A campaign or event of the marketing department; days since 1970, cents.
struct Campaign {
    let id: String
    let name: String
    /// As the standard model names it.
    let kind: String
    /// The main channel first.
    let channels: [String]
    /// online, offline or nothing.
    let group: String
    let plannedOn: Int?
    let startsOn: Int
    /// The last day.
    let endsOn: Int
    var isHeld = true
    var isCancelled = false
    var attendees: Int?
    let spend: Int
    /// Many click and none buys.
    var isHollow = false

    /// Fairs and events spend through the ledger alone.
    var isEvent: Bool { kind == "trade_show" || kind == "offline_event" }

    func runs(on day: Int) -> Bool { isHeld && startsOn <= day && day <= endsOn }
}

/// The campaigns of all months: two that advertise, two trade shows and an event each, and four
/// times a year a second event. Their number does not go with scale.
struct Campaigns {
    let all: [Campaign]
    private let firstDay: Int
    /// Those that run on each day.
    private let running: [[Int]]

    init(seed: UInt64, scale: Double, timeline: Timeline) {
        var made: [Campaign] = []
        for month in 0..<24 {
            for slot in 0..<6 {
                var random = Random(seed: seed, stream: .campaigns, month, slot)
                let plan = Planning(
                    month: month, slot: slot, scale: scale,
                    firstDay: CivilDate.firstDay(ofMonthIndex: timeline.firstMonth + month).day)
                if let campaign = plan.campaign(&random) { made.append(campaign) }
            }
        }
        all = made
        firstDay = timeline.firstDay
        running = (timeline.firstDay...timeline.lastDay).map { day in
            made.indices.filter { made[$0].runs(on: day) }
        }
    }

    func running(on day: Int) -> [Int] { running[day - firstDay] }

    /// The campaign that brought a lead of a channel, if one did.
    func source(
        on day: Int, _ channel: String, sells: Bool, _ random: inout Random
    ) -> Int? {
        let chance = random.chance(perMille: 700)
        let isLast = random.chance(perMille: 500)
        guard chance, !channel.isEmpty, day >= firstDay else { return nil }
        let fitting = (max(firstDay, day - 12)...day).reversed().lazy.compactMap { past -> Int? in
            let known = running(on: past).filter {
                all[$0].channels.contains(channel) && !(sells && all[$0].isHollow)
            }
            return isLast ? known.last : known.first
        }
        return fitting.first
    }

    /// What a campaign that advertises spends on a day.
    func spend(of index: Int, on day: Int, seed: UInt64) -> Int {
        let campaign = all[index]
        guard campaign.runs(on: day), !campaign.isEvent else { return 0 }
        var random = Random(seed: seed, stream: .campaignDays, index, day)
        let usual = campaign.spend / (campaign.endsOn - campaign.startsOn + 1)
        return usual * random.between(800, 1200) / 1000
    }
}

/// Plans the campaign of a slot of a month.
private struct Planning {
    let month: Int
    let slot: Int
    let scale: Double
    let firstDay: Int

    private static let channels = ["search", "social", "video", "email", "livestream"]
    private static let labels = [
        "search": "搜索 Search", "social": "社交 Social", "video": "短视频 Video",
        "email": "邮件 Email", "livestream": "直播 Livestream",
    ]

    func campaign(_ random: inout Random) -> Campaign? {
        switch slot {
        case 0, 1: advertising(&random)
        case 2, 3: fair(&random)
        case 4: event(&random)
        default: month % 3 == 2 ? event(&random) : nil
        }
    }

    /// Such as `2026-06`.
    private var monthName: String {
        let (year, month, _) = CivilDate(day: firstDay).components
        return "\(year)-\(padded(month, 2))"
    }

    private func money(_ low: Int, _ high: Int, _ random: inout Random) -> Int {
        let season =
            [10: 1600, 11: 1300, 5: 1250][CivilDate(day: firstDay).monthIndex % 12] ?? 1000
        let cents = random.between(low, high) * season / 1000
        return max(50_000, Int((Double(cents) * scale).rounded()))
    }

    private func advertising(_ random: inout Random) -> Campaign {
        let isHollow = month == Story.hollowCampaignMonth && slot == 1
        let place = isHollow ? 2 : random.below(Self.channels.count)
        let main = Self.channels[place]
        let other = isHollow ? 4 : random.between(1, 4)
        let second = Self.channels[(place + other) % Self.channels.count]
        let start = firstDay + (slot == 0 ? random.between(0, 4) : random.between(7, 12))
        let length = slot == 0 ? random.between(20, 24) : random.between(14, 17)
        let kind = main == "email" ? "email" : main == "livestream" ? "content" : "advertising"
        return Campaign(
            id: "\(monthName)-\(slot == 0 ? "a" : "b")-\(main)",
            name: "\(monthName) \(Self.labels[main] ?? main)", kind: kind,
            channels: !isHollow && random.chance(perMille: 350) ? [main] : [main, second],
            group: "online",
            plannedOn: start, startsOn: start, endsOn: start + length - 1,
            spend: money(1_500_000, 3_200_000, &random), isHollow: isHollow)
    }

    /// Shows are mostly attended; the first of a month is never cancelled by its organiser.
    private func fair(_ random: inout Random) -> Campaign {
        let planned = firstDay + random.between(2, 24)
        let fate = random.below(100)
        let late = fate % 7 == 0 ? random.between(5, 26) : 0
        let isHeld = fate < 82
        return Campaign(
            id: "\(monthName)-fair-\(slot - 1)", name: "\(monthName) 展会 Trade show \(slot - 1)",
            kind: "trade_show", channels: ["exhibition"], group: "offline", plannedOn: planned,
            startsOn: planned + late, endsOn: planned + late + 2, isHeld: isHeld,
            isCancelled: slot == 3 && fate >= 92,
            attendees: nil, spend: money(500_000, 1_100_000, &random))
    }

    /// The second event of a month has nobody who counts.
    private func event(_ random: inout Random) -> Campaign {
        let start = firstDay + random.between(3, 24)
        let guests = max(8, Int(Double(random.between(60, 180)) * scale))
        return Campaign(
            id: "\(monthName)-event-\(slot - 3)",
            name: "\(monthName) 线下活动 Customer day \(slot - 3)",
            kind: "offline_event", channels: ["exhibition"], group: slot == 4 ? "offline" : "",
            plannedOn: slot == 4 ? start : nil, startsOn: start, endsOn: start,
            attendees: slot == 4 ? guests : nil, spend: money(200_000, 600_000, &random))
    }
}

extension Cell {
    static func campaign(_ index: Int?, _ world: World) -> Cell {
        words(index.map { world.campaigns.all[$0].id })
    }
}
