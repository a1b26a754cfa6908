/// Makes the cases of each day and all that is written about them.
final class ServiceDesk {
    let world: World
    private let files: StandardFiles
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

    init(_ world: World, _ files: StandardFiles, _ ledger: Ledger, _ articles: Articles) {
        self.world = world
        self.files = files
        self.ledger = ledger
        self.articles = articles
        let season = Season(
            months: TicketTable.season.months, weekdays: TicketTable.season.weekdays, growth: 80,
            noise: .caseDays, singlesDay: 1400)
        plan = world.plan(world.sized(37_400, atLeast: 1000), season)
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
        let time = clock(day, TicketTable.hours, &random)
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
            priority: random.pick(TicketTable.priorityWeights), unit: unit, first: worker,
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
        write(&one, &random)
        guard one.exclusion.isEmpty else { return }
        follow(one, mood, &random)
    }

    private func unit(for opened: OpenedCase, _ random: inout Random) -> OrgUnit {
        if world.accounts.all[opened.account].segment == .enterprise { return .vip }
        let category = ServiceCase.categories[opened.category]
        if category == "return" || category == "fault", random.chance(perMille: 650) {
            return .afterSales
        }
        if opened.channel == .phone { return .hotline }
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
            openedAt: clock(day, TicketTable.hours, &own), account: one.opened.account,
            channel: own.chance(perMille: 500) ? .phone : one.opened.channel,
            category: one.opened.category, isReturning: true, random: own)
        comingBack.put(again, on: day)
    }

    private func write(_ one: inout ServiceCase, _ random: inout Random) {
        let timeline = world.timeline
        let number = one.number
        let resolved = one.resolvedAt.flatMap(timeline.known)
        let reopened = one.reopenedAt.flatMap(timeline.known)
        let firstResolved = one.firstResolvedAt.flatMap(timeline.known)
        let assigned = one.events.last { $0.kind == "assigned" && timeline.known($0.at) != nil }
        let (assignee, unit) = (assigned?.worker ?? one.assignee, assigned?.unit ?? one.unit)
        // A case reopened but not resolved again stands unresolved.
        let isClosed = resolved != nil || !one.exclusion.isEmpty
        let closedAt = one.events.first { $0.kind == "closed" }?.at
        let upset = one.satisfaction < 560 && random.chance(perMille: 300)
        let upsetAt = one.opened.openedAt + random.between(600, 90_000)
        let calmed = random.chance(perMille: 840) ? upsetAt + random.between(3600, 500_000) : nil
        let classified = !random.chance(perMille: 15)
        let article = random.chance(perMille: 640)
        let product = random.below(Products.all.count)
        let handled = random.logNormal(median: 420, sigma: 700) * max(1, one.contacts)
        let counts = !random.chance(perMille: 10)
        files.add(
            .tickets, .ticket(number),
            .customer(world.accounts.recorded(one.opened.account, &random)),
            number % 977 == 976 ? "HW-00" : .product(product), .text(one.opened.channel.rawValue),
            classified ? .text(ServiceCase.categories[one.opened.category]) : .empty,
            one.priority == 2 && number % 2 == 0
                ? .empty : .text(ServiceCase.priorities[one.priority]),
            .text(one.exclusion).orEmpty, .worker(assignee, world), .unit(unit),
            .worker(one.firstResponseAt.flatMap(timeline.known) == nil ? nil : one.first, world),
            .worker(resolved == nil ? nil : one.assignee, world), .at(one.opened.openedAt),
            .at(one.firstResponseAt), .at(firstResolved), .at(reopened),
            counts ? .number(reopened == nil ? 0 : one.reopenCount) : .empty,
            .at(resolved), isClosed ? .at(closedAt) : .empty, .due(at: one.responseDueAt),
            .due(at: one.dueAt), firstResolved == nil ? .empty : .number(one.contacts),
            resolved == nil ? .empty : .number(handled),
            resolved != nil && article
                ? articles.answer(to: number, product, &random) : .empty,
            .at(upset && one.exclusion.isEmpty ? upsetAt : nil),
            .at(upset && one.exclusion.isEmpty ? calmed : nil))
        writeEvents(of: one)
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
