import KPICore

/// Writes campaigns, what they bring day by day, whom they reach, and what people say.
final class MarketingDesk {
    private let world: World
    private let files: EntityFiles
    private let sales: SalesDesk
    private let mentionPlan: DayPlan

    init(_ world: World, _ files: EntityFiles, _ sales: SalesDesk) {
        self.world = world
        self.files = files
        self.sales = sales
        let season = Season(
            months: [1000, 900, 1000, 1000, 1000, 1100, 1000, 1000, 1000, 1000, 1300, 1100],
            weekdays: [1000, 1000, 1000, 1000, 1000, 1050, 1050], growth: 150,
            noise: .mentionDays, singlesDay: 2000)
        mentionPlan = world.plan(world.sized(3600, atLeast: 240), season)
    }

    func begin() {
        for campaign in world.campaigns.all {
            var random = world.random(.campaigns, -1, campaign.startsOn)
            let unit: OrgUnit = campaign.isEvent ? .brand : .growth
            let owner = world.roster.member(of: unit, on: campaign.startsOn, &random)
            files.add(
                .campaigns, .text(campaign.id), .text(campaign.name), .text(campaign.kind),
                campaign.channels.count > 1 ? .empty : .text(campaign.channels[0]),
                Cell(stringLiteral: campaign.group), .due(on: campaign.plannedOn),
                .on(campaign.isHeld ? campaign.startsOn : nil),
                .flag(campaign.isCancelled ? true : random.chance(perMille: 400) ? false : nil),
                .count(campaign.isHeld ? campaign.attendees : nil), .worker(owner, world))
        }
    }

    func day(_ day: Int) {
        for index in world.campaigns.running(on: day) {
            if !world.campaigns.all[index].isEvent { writeResults(of: index, day) }
            reach(index, day)
        }
        for index in 0..<mentionPlan.count(on: day) { writeMention(day, index) }
        writePanel(day)
    }

    private static let clickRates = [
        "search": 34, "social": 16, "video": 11, "email": 27, "livestream": 22,
    ]
    /// A thousand impressions, in cents.
    private static let prices = [
        "search": 4800, "social": 2600, "video": 2100, "email": 2200, "livestream": 5600,
    ]

    /// A row for each channel, or one for a campaign of one channel.
    private func writeResults(of index: Int, _ day: Int) {
        let campaign = world.campaigns.all[index]
        let spend = world.campaigns.spend(of: index, on: day, seed: world.seed)
        for (place, channel) in campaign.channels.enumerated() {
            var random = world.random(.campaignDays, -1 - index, day * 2 + place)
            let single = campaign.channels.count == 1
            let part = single ? spend : place == 0 ? spend * 7 / 10 : spend - spend * 7 / 10
            let impressions = part * 1000 / (Self.prices[channel] ?? 2500)
            let usual = campaign.isHollow ? 92 : Self.clickRates[channel] ?? 15
            let clicks = impressions * usual * random.between(850, 1150) / 1_000_000
            let hasContent = campaign.kind == "content" || channel == "social" || channel == "video"
            files.add(
                .campaignResults, .row("CR", files.count(.campaignResults)), .text(campaign.id),
                single ? .empty : .text(channel), .on(day), .money(part), .number(impressions),
                .number(clicks), .count(hasContent ? clicks * random.between(20, 40) / 10 : nil),
                .count(hasContent ? clicks * random.between(3, 9) / 100 : nil),
                .count(hasContent ? clicks * random.between(10, 30) / 100 : nil))
        }
    }

    /// People reached by a campaign on a day. Some are reached through a second channel as well,
    /// and some of the customers buy within four weeks.
    private func reach(_ index: Int, _ day: Int) {
        let campaign = world.campaigns.all[index]
        let people = campaign.kind == "offline_event" ? 60 : campaign.isEvent ? 20 : 28
        for place in 0..<world.sized(people, atLeast: 3) {
            var random = world.random(.touches, index * 1000 + place, day)
            let at = campaign.isEvent ? officeTime(day, &random) : clock(day, Hours.shop, &random)
            let customer =
                random.chance(perMille: 620) ? world.accounts.active(on: day, &random) : nil
            let key = person(customer, &random)
            touch(campaign, key, customer, campaign.channels[0], at)
            if let second = campaign.channels.dropFirst().first, random.chance(perMille: 320) {
                let later = at + random.between(600, 2 * secondsPerDay)
                if world.timeline.known(later) != nil {
                    touch(campaign, key, customer, second, later)
                }
            }
            let buys = random.chance(perMille: campaign.isEvent ? 190 : 170)
            if let customer, buys, !campaign.isHollow { sell(index, customer, after: at, &random) }
        }
    }

    private func touch(
        _ campaign: Campaign, _ key: String, _ customer: Int?, _ channel: String, _ at: Int
    ) {
        files.add(
            .campaignTouches, .row("TP", files.count(.campaignTouches)), .text(campaign.id),
            .text(key), .customer(customer), .text(channel), .at(at))
    }

    private func sell(_ campaign: Int, _ customer: Int, after at: Int, _ random: inout Random) {
        let placedAt = at + random.between(1800, 24 * secondsPerDay)
        guard world.accounts.all[customer].isActive(on: placedAt / secondsPerDay) else { return }
        let channel = random.element(["web", "web", "app", "marketplace"])
        sales.expect(
            Sale(placedAt: placedAt, account: customer, channel: channel, campaign: campaign))
    }

    /// A pseudonym, always the same for the same customer or device.
    private func person(_ customer: Int?, _ random: inout Random) -> String {
        let device = random.below(world.sized(20_000, atLeast: 500))
        var own = world.random(.touches, -1, customer ?? -1 - device)
        let digits = String(own.next() & 0xFF_FFFF_FFFF, radix: 16)
        return (customer == nil ? "d" : "c") + digits
    }

    private static let platforms = ["weibo", "wechat", "douyin", "xiaohongshu", "zhihu"]

    private func writeMention(_ day: Int, _ index: Int) {
        var random = world.random(.mentions, day, index)
        let number = files.count(.socialMentions)
        let at = clock(day, Hours.shop, &random)
        let mood = random.pick(Weights([330, 360, 240, 70]))
        let isSpam = random.chance(perMille: 60)
        let needs = mood == 2 || random.chance(perMille: 450)
        let answers = needs && !isSpam && random.chance(perMille: mood == 2 ? 860 : 780)
        let delay = random.logNormal(median: 9 * 3600, sigma: 1300)
        let copies = number > 10 && random.chance(perMille: 50)
        files.add(
            .socialMentions, .row("SM", number), .text(random.element(Self.platforms)), .at(at),
            .text(["positive", "neutral", "negative", ""][mood]).orEmpty,
            needs ? (random.chance(perMille: 500) ? .flag(true) : .empty) : .flag(false),
            isSpam ? .flag(true) : .empty, .at(answers ? at + 60 + delay : nil),
            copies ? .row("SM", number - random.between(1, 10)) : .empty)
    }

    /// A panel of a third party is asked about the brand on the tenth of each month.
    private func writePanel(_ day: Int) {
        guard CivilDate(day: day).components.dayOfMonth == 10 else { return }
        let month = world.month(of: day)
        for index in 0..<world.sized(120, atLeast: 30) {
            var random = world.random(.panels, month, index)
            let sent = day * secondsPerDay + 32_400
            let answered = random.chance(perMille: 640) ? sent + random.between(300, 900_000) : nil
            let aware = random.chance(perMille: 520 + month * 5)
            let customer =
                random.chance(perMille: 250) ? world.accounts.active(on: day, &random) : nil
            let likes = 1 + random.pick(Weights([40, 80, 260, 380, 240]))
            let invitation = Cell.text("panel-\(month + 1)-\(index + 1)")
            var form = AnswerForm(kind: "brand_awareness", sentAt: sent, answeredAt: answered)
            form.customer = customer
            form.collectedBy = "third_party"
            form.score = aware || customer != nil ? 1 : 0
            form.write(to: files, world, invitation: invitation)
            guard form.score == 1 else { continue }
            form.kind = "brand_favorability"
            form.score = likes
            form.write(to: files, world, invitation: invitation)
        }
    }
}

extension Cell {
    /// An empty text as an empty cell.
    var orEmpty: Cell {
        if case .text(let text) = self, text.isEmpty { return .empty }
        return self
    }
}
