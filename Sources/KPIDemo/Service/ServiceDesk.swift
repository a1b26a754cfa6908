/// Makes the cases of each day and all that is written about them.
final class ServiceDesk {
    let world: World
    private let files: EntityFiles
    private let ledger: Ledger
    private let plan: DayPlan
    private var comingBack: Agenda<OpenedCase>
    private let contacts: ContactFiles
    private let survey: CaseSurvey
    private let partners: PartnerFiles
    private let aftermath: AftermathFiles
    private let articles: Articles
    /// Who resolves something on each day, for the work records.
    private(set) var resolvers: Agenda<Int32>

    private static let season = Season(
        months: [1080, 820, 950, 930, 960, 1060, 970, 950, 980, 960, 1320, 1260],
        weekdays: [1250, 1150, 1080, 1050, 1020, 780, 670], growth: 80, noise: .caseDays,
        singlesDay: 1400)

    init(_ world: World, _ files: EntityFiles, _ ledger: Ledger, _ articles: Articles) {
        self.world = world
        self.files = files
        self.ledger = ledger
        self.articles = articles
        plan = world.plan(world.sized(37_400, atLeast: 1000), Self.season)
        comingBack = Agenda(world.timeline)
        resolvers = Agenda(world.timeline)
        contacts = ContactFiles(world, files)
        survey = CaseSurvey(world: world, files: files)
        partners = PartnerFiles(world: world, files: files)
        aftermath = AftermathFiles(world: world, files: files)
    }

    func day(_ day: Int) {
        let count = plan.count(on: day)
        var opened = (0..<count).map { firstVisit(day, $0) }
        opened += comingBack.take(day)
        opened.sort { ($0.openedAt, $0.random.state) < ($1.openedAt, $1.random.state) }
        for one in opened { handle(one) }
        contacts.writeOthers(on: day, cases: opened.count)
        aftermath.writeOthers(on: day, cases: opened.count)
        partners.writeOthers(on: day, cases: opened.count)
    }

    /// Those who resolved a case on a day, once for each.
    func takeResolvers(on day: Int) -> [Int32] { resolvers.take(day) }

    private func firstVisit(_ day: Int, _ index: Int) -> OpenedCase {
        var random = world.random(.cases, day, index)
        let time = clock(day, Hours.service, &random)
        return OpenedCase(
            openedAt: time, account: world.accounts.active(on: day, &random),
            channel: CaseChannel.allCases[random.pick(CaseChannel.weights)],
            category: random.pick(ServiceCase.categoryWeights), random: random)
    }

    private func handle(_ opened: OpenedCase) {
        var random = opened.random
        let day = opened.openedAt / secondsPerDay
        let unit = unit(for: opened, &random)
        let worker = world.roster.member(of: unit, on: day, &random)
        var one = ServiceCase(
            number: files.count(.tickets), opened: opened,
            priority: random.pick(ServiceCase.priorityWeights), unit: unit, first: worker,
            assignee: worker)
        let mood = CaseMood(unit: unit, month: world.month(of: day))
        promise(&one, &random)
        let lot = random.below(1000)
        if lot < 34 {
            one.exclusion =
                lot < 14 ? "spam" : lot < 18 ? "test" : lot < 27 ? "merged" : "duplicate"
            shelve(&one)
        } else {
            CaseCourse(world: world, mood: mood, partners: partners).run(&one, &random)
        }
        write(one, &random)
        guard one.exclusion.isEmpty else { return }
        follow(one, mood, &random)
    }

    private func unit(for opened: OpenedCase, _ random: inout Random) -> OrgUnit {
        if world.accounts.all[opened.account].segment == .enterprise { return .vip }
        let category = ServiceCase.categories[opened.category]
        if category == "return" || category == "fault", random.chance(perMille: 650) {
            return .afterSales
        }
        if opened.channel == .phone {
            let (day, second) = opened.openedAt.quotientAndRemainder(dividingBy: secondsPerDay)
            let atNight = !(7 * 3600..<22 * 3600).contains(second)
            return atNight && world.roster.exists(.night, on: day) ? .night : .hotline
        }
        if opened.channel == .chat || opened.channel == .app { return .online }
        return random.chance(perMille: 500) ? .hotline : .online
    }

    /// The promises of a case; one in twelve has none for the solution.
    private func promise(_ one: inout ServiceCase, _ random: inout Random) {
        let openedAt = one.opened.openedAt
        let reply = one.opened.channel.isLive ? 60 : 8 * 3600
        one.responseDueAt = random.chance(perMille: 900) ? openedAt + reply : nil
        let hours = ServiceCase.dueHours[one.priority]
        one.dueAt = random.chance(perMille: 920) ? openedAt + hours * 3600 : nil
    }

    /// A case that is none: recognised as such and closed by the system.
    private func shelve(_ one: inout ServiceCase) {
        let at = one.opened.openedAt
        one.first = nil
        one.events = [
            CaseEvent(kind: "customer_message", at: at),
            CaseEvent(kind: "internal_note", at: at + 1800, worker: one.assignee),
            CaseEvent(kind: "closed", at: at + 1805),
        ]
    }

    /// What comes after a case: surveys, checks, complaints, and the customer once more.
    private func follow(_ one: ServiceCase, _ mood: CaseMood, _ random: inout Random) {
        ledger.countTicket(at: one.opened.openedAt)
        ledger.countHandled(at: one.resolvedAt.flatMap(world.timeline.known))
        if let at = one.resolvedAt {
            resolvers.put(Int32(one.assignee), on: at / secondsPerDay)
        }
        contacts.write(for: one, &random)
        var own = random.branch()
        survey.ask(about: one, &own)
        aftermath.write(for: one, &own)
        guard let resolvedAt = one.firstResolvedAt else { return }
        let lot = random.below(1000)
        if lot < mood.backSoon {
            comeBack(one, resolvedAt, days: random.between(1, 6), &random)
        } else if lot < mood.backSoon + mood.backLater {
            comeBack(one, resolvedAt, days: random.between(8, 13), &random)
        }
    }

    private func comeBack(
        _ one: ServiceCase, _ resolvedAt: Int, days: Int, _ random: inout Random
    ) {
        let day = resolvedAt / secondsPerDay + days
        guard day <= world.timeline.lastDay,
            world.accounts.all[one.opened.account].isActive(on: day)
        else { return }
        var own = world.random(.returningCases, Int(truncatingIfNeeded: random.next()))
        let again = OpenedCase(
            openedAt: clock(day, Hours.service, &own), account: one.opened.account,
            channel: own.chance(perMille: 500) ? .phone : one.opened.channel,
            category: one.opened.category, isReturning: true, random: own)
        comingBack.put(again, on: day)
    }

    /// The row of a case as far as it is known: who has it now, and what stands.
    private func write(_ one: ServiceCase, _ random: inout Random) {
        let timeline = world.timeline
        let resolved = one.resolvedAt.flatMap(timeline.known)
        let reopened = one.reopenedAt.flatMap(timeline.known)
        let firstResolved = one.firstResolvedAt.flatMap(timeline.known)
        let answered = one.firstResponseAt.flatMap(timeline.known)
        let assigned = one.events.last { $0.kind == "assigned" && timeline.known($0.at) != nil }
        let worker = assigned?.worker ?? one.assignee
        let isClosed = resolved != nil || !one.exclusion.isEmpty
        let closedAt = isClosed ? one.events.first { $0.kind == "closed" }?.at : nil
        let look = Look(one, &random)
        files.add(
            .tickets, .ticket(one.number),
            .customer(world.accounts.recorded(one.opened.account, &random)), look.productCell,
            .text(one.opened.channel.rawValue), look.category, look.priority,
            .text(one.exclusion).orEmpty, .worker(worker, world),
            .unit(assigned?.unit ?? one.unit), .worker(answered == nil ? nil : one.first, world),
            .worker(resolved == nil ? nil : one.assignee, world), .at(one.opened.openedAt),
            .at(answered), .at(firstResolved), .at(reopened),
            look.countsReopenings ? .number(reopened == nil ? 0 : one.reopenCount) : .empty,
            .at(resolved), .at(closedAt), .due(at: one.responseDueAt), .due(at: one.dueAt),
            firstResolved == nil ? .empty : .number(one.contacts),
            resolved == nil ? .empty : .number(look.handlingSeconds),
            resolved != nil && look.isAnsweredByArticle
                ? articles.answer(to: one.number, look.product, &random) : .empty,
            .at(look.upsetAt), .at(look.calmedAt))
        writeEvents(of: one)
    }

    /// What is drawn about a case beside its course.
    private struct Look {
        let product: Int
        let productCell: Cell
        let category: Cell
        let priority: Cell
        let countsReopenings: Bool
        let handlingSeconds: Int
        let isAnsweredByArticle: Bool
        var upsetAt: Int?
        var calmedAt: Int?

        /// One product in a thousand is not in the catalogue; half of the normal priorities and
        /// a few categories are not written down.
        init(_ one: ServiceCase, _ random: inout Random) {
            let isUsual = one.priority == 2 && one.number % 2 == 0
            let isClassified = !random.chance(perMille: 15)
            product = random.below(Products.all.count)
            productCell = one.number % 977 == 976 ? "HW-00" : .product(product)
            category = isClassified ? .text(ServiceCase.categories[one.opened.category]) : .empty
            priority = isUsual ? .empty : .text(ServiceCase.priorities[one.priority])
            countsReopenings = !random.chance(perMille: 10)
            handlingSeconds = random.logNormal(median: 420, sigma: 700) * max(1, one.contacts)
            isAnsweredByArticle = random.chance(perMille: 640)
            let isUpset = one.satisfaction < 660 && random.chance(perMille: 400)
            let at = one.opened.openedAt + random.between(600, 90_000)
            let calmed = random.chance(perMille: 840)
            let calmedAt = at + random.between(3600, 500_000)
            guard isUpset, one.exclusion.isEmpty else { return }
            upsetAt = at
            self.calmedAt = calmed ? calmedAt : nil
        }
    }

    /// Events in order of time; those still to come are not known.
    private func writeEvents(of one: ServiceCase) {
        let known = one.events.enumerated().filter { world.timeline.known($0.element.at) != nil }
        let sorted = known.sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        for (_, event) in sorted {
            files.add(
                .ticketEvents, .row("TE", files.count(.ticketEvents), width: 9),
                .ticket(one.number), .text(event.kind), .at(event.at),
                .worker(event.worker, world), .unit(event.unit), .flag(event.needsReply),
                .due(at: event.newDueAt))
        }
    }
}

extension Cell {
    static func ticket(_ index: Int?) -> Cell { row("T", index) }
}
