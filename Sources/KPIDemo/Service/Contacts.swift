/// Writes calls, chats and messages, visits to self-service, and what a model makes of them.
struct ContactFiles {
    private let world: World
    private let files: EntityFiles

    init(_ world: World, _ files: EntityFiles) {
        self.world = world
        self.files = files
    }

    /// One exchange; seconds since 1970 and seconds.
    private struct Contact {
        var channel: String
        var direction = "inbound"
        var handler: String?
        var outcome = "answered"
        var unit: OrgUnit?
        var worker: Int?
        var account: Int?
        var ticket: Int?
        var startedAt: Int
        var answeredAt: Int?
        var endedAt: Int?
        var talk: Int?
        var hold: Int?
        var wrap: Int?
    }

    /// The contact a case came in by, that of each further message, and the visit before it.
    func write(for one: ServiceCase, _ random: inout Random) {
        visit(before: one, &random)
        guard let channel = one.opened.channel.contact else { return }
        let asked = one.events.filter { $0.kind == "customer_message" && $0.needsReply == nil }
        let replies = one.events.filter { $0.kind == "agent_reply" }
        let queue = one.events.first { $0.kind == "assigned" }?.unit
        for event in asked.prefix(4) {
            let answer = replies.first { $0.at > event.at }
            var contact = Contact(
                channel: channel, unit: queue, worker: answer?.worker,
                account: one.opened.account, ticket: one.number, startedAt: event.at)
            if channel == "chat", random.chance(perMille: 450) { contact.handler = "bot" }
            talk(&contact, answeredAt: answer?.at, &random)
            if contact.worker == nil, contact.outcome == "answered" {
                contact.worker = one.assignee
            }
            write(contact, &random)
        }
    }

    private func talk(_ contact: inout Contact, answeredAt: Int?, _ random: inout Random) {
        guard let answeredAt else {
            contact.outcome = contact.channel == "phone" ? "missed" : "abandoned"
            contact.endedAt = contact.startedAt + random.between(30, 400)
            contact.worker = nil
            return
        }
        contact.answeredAt = answeredAt
        let talk = max(20, random.logNormal(median: 230, sigma: 600))
        let hold = random.chance(perMille: 250) ? random.between(10, 180) : 0
        contact.endedAt = answeredAt + talk + hold
        guard contact.channel == "phone" || contact.channel == "chat" else { return }
        contact.talk = random.chance(perMille: 980) ? talk : nil
        contact.hold = contact.channel == "phone" ? hold : nil
        contact.wrap = random.logNormal(median: 50, sigma: 500)
    }

    /// Contacts without a case: given up, missed, left to the bot, answered at once, or outbound.
    func writeOthers(on day: Int, cases: Int) {
        for index in 0..<(cases * 45 / 100 + 1) {
            var random = world.random(.calls, day, index)
            let slow = Story.dip.contains(world.month(of: day))
            let kind = random.pick(Weights([slow ? 260 : 130, 40, 10, 210, 320, 290]))
            let isPhone = kind != 3 && random.chance(perMille: 650)
            let unit = random.element([OrgUnit.hotline, .online, .afterSales, .vip])
            let known = random.chance(perMille: 800)
            var contact = Contact(
                channel: kind == 3 ? "chat" : isPhone ? "phone" : "chat", unit: unit,
                account: known ? world.accounts.active(on: day, &random) : nil,
                startedAt: clock(day, Hours.service, &random))
            fill(&contact, kind, unit, slow, &random)
            write(contact, &random)
        }
        for index in 0..<(cases * 110 / 100 + 1) { visit(day, index) }
    }

    private func fill(
        _ contact: inout Contact, _ kind: Int, _ unit: OrgUnit, _ slow: Bool,
        _ random: inout Random
    ) {
        let day = contact.startedAt / secondsPerDay
        let worker = world.roster.member(of: unit, on: day, &random)
        switch kind {
        case 0, 1, 2:
            contact.outcome = ["abandoned", "missed", "refused"][kind]
            let patience = max(1, random.logNormal(median: 35, sigma: 1100))
            contact.endedAt = random.chance(perMille: 970) ? contact.startedAt + patience : nil
        case 3:
            (contact.outcome, contact.handler) = ("bot_only", "bot")
            contact.unit = nil
            contact.endedAt = contact.startedAt + random.between(20, 600)
        case 4:
            contact.worker = worker
            if random.chance(perMille: 250), contact.channel == "chat" { contact.handler = "bot" }
            let wait = random.logNormal(median: slow ? 22 : 7, sigma: 800)
            talk(&contact, answeredAt: contact.startedAt + max(2, wait), &random)
        default:
            (contact.direction, contact.channel) = ("outbound", "phone")
            contact.worker = worker
            let isReached = random.chance(perMille: 680)
            talk(&contact, answeredAt: isReached ? contact.startedAt + 12 : nil, &random)
            contact.worker = worker
        }
    }

    private func write(_ contact: Contact, _ random: inout Random) {
        guard let startedAt = world.timeline.known(contact.startedAt) else { return }
        let answered = contact.answeredAt.flatMap(world.timeline.known)
        let isPending = contact.outcome == "answered" && answered == nil
        let number = files.add(
            .interactions, .contact(files.count(.interactions)), .text(contact.channel),
            .text(contact.direction),
            .words(contact.handler ?? (random.chance(perMille: 500) ? "human" : nil)),
            .text(isPending ? "missed" : contact.outcome), .unit(contact.unit),
            .worker(isPending ? nil : contact.worker, world), .customer(contact.account),
            .ticket(contact.ticket), .at(startedAt), .at(answered), .at(contact.endedAt),
            .count(isPending ? nil : contact.talk), .count(isPending ? nil : contact.hold),
            .count(isPending ? nil : contact.wrap))
        guard let answered else { return }
        if contact.talk != nil, random.chance(perMille: 15) { check(contact, number, &random) }
        guard random.chance(perMille: 70) else { return }
        predict(contact, number, answered, &random)
    }

    /// The answer to the question of recommendation as a model expects it before and after.
    private func predict(
        _ contact: Contact, _ number: Int, _ answered: Int, _ random: inout Random
    ) {
        let before = random.between(40, 85)
        let after = min(100, max(0, before + random.normal(deviation: 12) + 4))
        let both = random.chance(perMille: 960)
        let steps = [
            ("nps_before", before, contact.startedAt), ("nps_after", after, answered + 900),
        ]
        for (kind, value, at) in both ? steps : [steps[1]] {
            guard world.timeline.known(at) != nil else { continue }
            files.add(
                .predictions, .row("PR", files.count(.predictions)), .text(kind),
                .customer(contact.account), .contact(number), .worker(contact.worker, world),
                nil, nil, nil, .at(at), .decimal(value, places: 1), "nps-2")
        }
    }

    /// A call or chat heard again by a colleague.
    private func check(_ contact: Contact, _ number: Int, _ random: inout Random) {
        let day = contact.startedAt / secondsPerDay + random.between(1, 6)
        let at = officeTime(workday(from: day), &random)
        guard world.timeline.known(at) != nil else { return }
        let score = min(100, max(20, 86 + random.normal(deviation: 8)))
        files.add(
            .qualityReviews, .row("QR", files.count(.qualityReviews), width: 6), nil,
            .contact(number), .worker(contact.worker, world), .at(contact.startedAt), .at(at),
            .number(score), nil, .flag(score >= 78))
    }

    private static let doors = ["help_center", "ivr", "app", "bot"]

    /// One in six customers has tried to help themselves before writing.
    private func visit(before one: ServiceCase, _ random: inout Random) {
        let isWritten = [.web, .app, .chat].contains(one.opened.channel)
        guard isWritten, random.chance(perMille: 300) else { return }
        let at = one.opened.openedAt - random.between(60, 1800)
        files.add(
            .selfServiceSessions, .row("SS", files.count(.selfServiceSessions)),
            .customer(one.opened.account), .text(random.element(Self.doors)), .at(at),
            "handed_over", .article(random.below(60)), .ticket(one.number))
    }

    private func visit(_ day: Int, _ index: Int) {
        var random = world.random(.visits, day, index)
        let outcome = ["resolved", "left", "", "handed_over"][
            random.pick(Weights([340, 380, 200, 80]))]
        files.add(
            .selfServiceSessions, .row("SS", files.count(.selfServiceSessions)),
            random.chance(perMille: 450) ? .customer(world.accounts.active(on: day, &random)) : nil,
            .text(Self.doors[random.pick(Weights([450, 120, 230, 200]))]),
            .at(clock(day, Hours.shop, &random)), .text(outcome).orEmpty,
            random.chance(perMille: 700) ? .article(random.below(60)) : nil, nil)
    }
}

extension Cell {
    static func contact(_ index: Int?) -> Cell { row("N", index, width: 8) }
}
