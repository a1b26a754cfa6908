/// How a customer is won: by a lead, and a business by a deal. Drawn from the customer's number.
struct Acquisition {
    let account: Account
    /// Nil for those who come by themselves.
    let leadAt: Int?
    /// Cents.
    let amount: Int
    let product: Int
    /// Nil for a consumer.
    let dealAt: Int?

    init(_ index: Int, _ world: World) {
        account = world.accounts.all[index]
        var random = world.random(.acquisitions, index)
        let isBusiness = account.segment.isBusiness
        let lag = min(110, max(1, random.logNormal(median: isBusiness ? 34 : 12, sigma: 700)))
        let wonOn = account.becameOn
        leadAt = account.channel == Account.direct ? nil : officeTime(wonOn - lag, &random)
        let dealOn = wonOn - max(1, lag * random.between(55, 95) / 100)
        dealAt = isBusiness ? max(leadAt ?? 0, officeTime(dealOn, &random)) : nil
        let line = random.pick(Deal.lineWeights)
        product = Products.some(ofLine: line, &random)
        amount = Deal.amount(ofLine: line, account.segment, &random)
    }
}

/// A deal with its outcome, which may still be unknown on the last day.
private struct Deal {
    var account: Int?
    var lead: Int?
    var worker: Int?
    var product: Int
    var createdAt: Int
    var closesAt: Int
    var won: Bool
    /// Cents.
    var amount: Int?

    /// Deals are made from so many days before the data on, so that the first month closes as
    /// many as later ones. The longest deal takes as long.
    static let lead = 180
    /// By product line.
    static let lineWeights = Weights([340, 160, 320, 180])
    private static let medians = [2_600_000, 900_000, 1_900_000, 1_100_000]

    static func amount(ofLine line: Int, _ segment: Segment, _ random: inout Random) -> Int {
        let size = [25, 45, 110][segment.rawValue]
        return random.logNormal(median: medians[line] * size / 100, sigma: 650)
    }
}

/// Writes leads and opportunities and hands won deals to the order desk.
final class PipelineDesk {
    private let world: World
    private let files: EntityFiles
    private let ledger: Ledger
    private let sales: SalesDesk
    private let leadPlan: DayPlan
    private let dealPlan: DayPlan
    private var leads: Agenda<Int>

    private static let leadSeason = Season(
        months: [1000, 760, 1000, 980, 1000, 1080, 940, 950, 1000, 1000, 1250, 1050],
        weekdays: [1150, 1120, 1080, 1050, 1000, 700, 650], growth: 90, noise: .leadDays)
    private static let dealSeason = Season(
        months: [950, 750, 1050, 1000, 1000, 1050, 950, 950, 1050, 1050, 1150, 1050],
        weekdays: [1200, 1150, 1100, 1050, 950, 0, 0], growth: 100, noise: .openDealDays)

    init(
        _ world: World, _ files: EntityFiles, _ ledger: Ledger, _ sales: SalesDesk
    ) {
        self.world = world
        self.files = files
        self.ledger = ledger
        self.sales = sales
        leadPlan = world.plan(world.sized(5200, atLeast: 150), Self.leadSeason)
        dealPlan = world.plan(world.sized(2400, atLeast: 120), Self.dealSeason, lead: Deal.lead)
        leads = Agenda(world.timeline)
    }

    /// What was opened before the data begin and is still open then; and the first leads ahead.
    func begin() {
        let first = world.timeline.firstDay
        for day in (first - Deal.lead)..<first { writeDeals(of: day) }
        for day in first..<(first + Accounts.ahead) { foresee(day) }
    }

    func day(_ day: Int) {
        foresee(day + Accounts.ahead)
        for index in leads.take(day) { writeLead(of: index) }
        for index in 0..<leadPlan.count(on: day) { writeOpenLead(day, index) }
        writeDeals(of: day)
    }

    /// Puts the leads of those who are won on a day on the days they come in.
    private func foresee(_ day: Int) {
        for index in world.accounts.won(on: day) {
            let how = Acquisition(index, world)
            if let at = how.leadAt, at >= world.timeline.firstDay * secondsPerDay {
                leads.put(index, on: at / secondsPerDay)
            } else {
                writeDeal(of: index, how, lead: nil)
            }
        }
    }

    private func writeDeal(of index: Int, _ how: Acquisition, lead: Int?) {
        guard let dealAt = how.dealAt.flatMap(world.timeline.known) else { return }
        var random = world.random(.dealSteps, index)
        let isKnown = how.account.becameAt < world.timeline.horizon
        let closesOn = min(how.account.becameOn, world.timeline.lastDay)
        write(
            Deal(
                account: isKnown ? index : nil, lead: lead,
                worker: world.owner(of: index, on: closesOn), product: how.product,
                createdAt: dealAt, closesAt: how.account.becameAt, won: true, amount: how.amount),
            &random)
    }

    /// The lead of someone who is won later, perhaps only after the data.
    private func writeLead(of index: Int) {
        let how = Acquisition(index, world)
        guard let at = how.leadAt else { return }
        var random = world.random(.leads, -1, index)
        let converted = how.account.becameAt < world.timeline.horizon
        let channel = Account.channels[Int(how.account.channel)]
        let isReferral = how.account.channel == Account.referral
        let day = at / secondsPerDay
        let source = world.campaigns.source(on: day, channel, sells: true, &random)
        let lead = files.add(
            .leads, .lead(files.count(.leads)), .at(at), .text(channel),
            .text(how.account.segment.id), .campaign(source, world),
            .product(how.product), .worker(world.owner(of: index, on: day), world),
            isReferral ? .customer(world.accounts.active(on: day, &random)) : .empty,
            converted ? "converted" : random.chance(perMille: 500) ? "qualified" : nil,
            .at(how.account.becameAt), .customer(converted ? index : nil), nil)
        ledger.countLead(at: at)
        writeDeal(of: index, how, lead: lead)
    }

    /// A lead that comes to nothing: open, turned down, a repetition or rubbish.
    private func writeOpenLead(_ day: Int, _ index: Int) {
        var random = world.random(.leads, day, index)
        let at = clock(day, Hours.shop, &random)
        let channel = random.pick(Account.channelWeights)
        let name = channel == Int(Account.direct) ? "" : Account.channels[channel]
        let fate = random.pick(Weights([200, 120, 250, 330, 60, 40]))
        let number = files.count(.leads)
        let campaign = world.campaigns.source(on: day, name, sells: false, &random)
        let segment = Segment.allCases[random.pick(Segment.weights)]
        let isReferral = channel == Int(Account.referral) && fate < 4
        let region = Region.allCases[random.pick(Region.weights)]
        let seller = world.roster.member(of: region.salesTeam, on: day, &random)
        let status = ["", "open", "qualified", "disqualified", "invalid", "open"][fate]
        files.add(
            .leads, .lead(number), .at(at), .text(name),
            random.chance(perMille: 930) ? .text(segment.id) : .empty,
            number % 701 == 700 ? "campaign-unknown" : .campaign(campaign, world),
            .product(random.below(Products.all.count)),
            random.chance(perMille: 900) ? .worker(seller, world) : .empty,
            isReferral ? .customer(world.accounts.active(on: day, &random)) : .empty,
            .text(status), nil, nil,
            fate == 5 && number > 20 ? .lead(number - random.between(1, 20)) : .empty)
        if fate < 4 || (fate == 5 && number <= 20) { ledger.countLead(at: at) }
    }

    /// Deals with customers of before and with prospects.
    private func writeDeals(of day: Int) {
        for index in 0..<dealPlan.count(on: day) {
            var random = world.random(.openDeals, day, index)
            guard let (deal, pulled) = openDeal(day, &random) else { continue }
            write(deal, &random)
            guard deal.won, let account = deal.account else { continue }
            sales.expect(
                Sale(
                    placedAt: deal.closesAt, account: account, worker: deal.worker,
                    channel: "direct", amount: deal.amount, product: deal.product,
                    pulled: pulled))
        }
    }

    /// A deal that is not closed before the data begin, and whether it is pulled into the quarter.
    private func openDeal(_ day: Int, _ random: inout Random) -> (Deal, Bool)? {
        let prospects = world.accounts.prospects
        let isProspect = random.chance(perMille: 180)
        let account =
            isProspect
            ? random.between(prospects.lowerBound, prospects.upperBound - 1)
            : world.accounts.activeBusiness(on: day, &random)
        let won = !isProspect && random.chance(perMille: 380)
        let line = random.pick(Deal.lineWeights)
        let (closesOn, pulled) = closing(of: account, day, won: won, &random)
        let segment = world.accounts.all[account].segment
        let amount = Deal.amount(ofLine: line, segment, &random)
        let closesAt = officeTime(closesOn, &random)
        guard closesOn >= world.timeline.firstDay else { return nil }
        let isEstimated = won || random.chance(perMille: 850)
        let deal = Deal(
            account: account,
            worker: world.owner(of: account, on: min(closesOn, world.timeline.lastDay)),
            product: Products.some(ofLine: line, &random), createdAt: officeTime(day, &random),
            closesAt: closesAt, won: won && world.accounts.all[account].isActive(on: closesOn),
            amount: isEstimated ? amount * (pulled ? 88 : 100) / 100 : nil)
        return (deal, pulled)
    }

    /// The day a deal closes, and whether that is before it is ripe.
    private func closing(
        of account: Int, _ day: Int, won: Bool, _ random: inout Random
    ) -> (day: Int, pulled: Bool) {
        let cycle = max(3, random.logNormal(median: won ? 36 : 44, sigma: 550))
        let ripe = workday(from: day + min(Deal.lead - 3, cycle))
        let quarterEnd = Story.lastQuarterEnd(before: ripe)
        let early = workday(to: quarterEnd - random.below(3))
        let desk = Int(world.accounts.all[account].desk)
        let pulled =
            won && desk == world.roster.pullingDesk && day < early
            && ripe - quarterEnd <= Story.pulledDays
        return (pulled ? early : ripe, pulled)
    }

    private func write(_ deal: Deal, _ random: inout Random) {
        let closed = world.timeline.known(deal.closesAt) != nil
        let contact = random.chance(perMille: 900)
        let isKnown = deal.account != nil && (deal.won || random.chance(perMille: 960))
        let number = files.add(
            .opportunities, .deal(files.count(.opportunities)),
            .customer(isKnown ? deal.account : nil), .lead(deal.lead),
            .worker(deal.worker, world), .product(deal.product), .at(deal.createdAt),
            contact
                ? .at(min(deal.closesAt, deal.createdAt + random.between(900, 200_000))) : .empty,
            .at(deal.closesAt), closed ? (deal.won ? "won" : "lost") : nil, .money(deal.amount))
        writeStages(of: deal, number, &random)
    }

    private func writeStages(of deal: Deal, _ number: Int, _ random: inout Random) {
        let stages = ["qualification", "proposal", "negotiation"]
        let reached = deal.won ? 3 : random.between(1, 3)
        let length = max(reached, deal.closesAt - deal.createdAt)
        var entered = deal.createdAt
        for place in 0..<reached where entered < world.timeline.horizon {
            let end =
                place == reached - 1
                ? deal.closesAt
                : deal.createdAt + length * (place + 1) / reached
                    + random.between(-length / 10, length / 10)
            let left = max(entered + 1, end)
            files.add(
                .opportunityStages, .row("OS", files.count(.opportunityStages)), .deal(number),
                .text(stages[place]), .at(entered), .at(left))
            entered = left
        }
    }
}

extension Cell {
    static func lead(_ index: Int?) -> Cell { row("L", index) }
    static func deal(_ index: Int?) -> Cell { row("D", index, width: 6) }
}
