import KPICore

/// A campaign of the marketing department, as known on the last day.
struct Campaign {
    let channel: Int
    let startedOn: Int
    /// Nil while it runs.
    let endedOn: Int?
    let spend: Int
    let impressions: Int
    let clicks: Int
    let leads: Int
    /// How many of the orders of its days it can claim, beside other campaigns.
    let pull: Int

    static let channels = ["search", "social", "video", "email", "livestream", "partner"]
    /// Clicks per 1,000 impressions.
    static let clickRates = [34, 16, 11, 27, 22, 19]
    static let pulls = [100, 70, 45, 60, 110, 50]
    /// A thousand impressions, in cents.
    static let impressionPrices = [4800, 2600, 2100, 2200, 5600, 3000]
    static let columns = [
        "campaign", "channel", "started_on", "ended_on", "spend", "impressions", "clicks", "leads",
    ]
}

/// Two campaigns a month, whatever the scale; their size goes with the company's.
struct Campaigns {
    let all: [Campaign]
    private let firstDay: Int
    /// Campaigns that orders of a day can come from: the running ones and those just over.
    private let active: [[Int]]

    init(seed: UInt64, scale: Double, timeline: Timeline) {
        let made = (0...24).flatMap { month in
            (0...1).compactMap { slot in
                Self.campaign(month, slot, seed: seed, scale: scale, timeline)
            }
        }
        all = made
        firstDay = timeline.firstDay
        active = (timeline.firstDay...timeline.lastDay).map { day in
            made.indices.filter { index in
                let campaign = made[index]
                return campaign.startedOn <= day && day <= (campaign.endedOn ?? day) + 5
            }
        }
    }

    /// The campaign an order of that day comes from, if one.
    func source(on day: Int, _ random: inout Random) -> Int? {
        let candidates = active[day - firstDay]
        let fromCampaign = random.chance(perMille: 340)
        let weights = Weights(candidates.map { all[$0].pull })
        guard fromCampaign, !candidates.isEmpty, weights.total > 0 else { return nil }
        return candidates[random.pick(weights)]
    }

    /// The campaign of a slot of a month; nil when it starts too late to be known.
    private static func campaign(
        _ month: Int, _ slot: Int, seed: UInt64, scale: Double, _ timeline: Timeline
    ) -> Campaign? {
        var random = Random(seed: seed, stream: .campaigns, month, slot)
        let index = timeline.firstMonth + month
        let first = CivilDate.firstDay(ofMonthIndex: index).day
        let start = first + (slot == 0 ? random.between(0, 4) : random.between(7, 14))
        let length = slot == 0 ? random.between(20, 26) : random.between(14, 20)
        guard start <= timeline.lastDay else { return nil }
        let known = min(length, timeline.lastDay - start + 1)
        let season = [10: 1700, 11: 1300, 5: 1300][index % 12] ?? 1000
        let budget = random.between(3_200_000, 6_400_000) * season / 1000 * known / length
        return campaign(
            from: start, to: known < length ? nil : start + length - 1,
            spend: Int((Double(budget) * scale).rounded()), season: season,
            hollow: month == Story.hollowCampaignMonth && slot == 1, &random)
    }

    /// What the money of a campaign brings.
    private static func campaign(
        from start: Int, to end: Int?, spend: Int, season: Int, hollow: Bool,
        _ random: inout Random
    ) -> Campaign {
        let channel = hollow ? 2 : random.below(Campaign.channels.count)
        let impressions = spend * 1000 / Campaign.impressionPrices[channel]
        let rate = (hollow ? 92 : Campaign.clickRates[channel]) * random.between(850, 1150)
        let clicks = impressions * rate / 1_000_000
        let leads = clicks * (hollow ? 2 : random.between(25, 55)) / 1000
        return Campaign(
            channel: channel, startedOn: start, endedOn: end, spend: spend,
            impressions: impressions, clicks: clicks, leads: leads,
            pull: hollow ? 0 : Campaign.pulls[channel] * season / 1000)
    }

    func write(to folder: String) throws {
        let writer = try CSVWriter(
            folder: folder, file: "campaigns.csv", columns: Campaign.columns)
        for (index, campaign) in all.enumerated() {
            writer.campaign(index)
            writer.text(Campaign.channels[campaign.channel])
            writer.date(campaign.startedOn)
            writer.date(campaign.endedOn)
            writer.money(campaign.spend)
            writer.number(campaign.impressions)
            writer.number(campaign.clicks)
            writer.number(campaign.leads)
            try writer.endRow()
        }
        try writer.close()
    }
}
