/// A ticket as it is opened, before anyone has looked at it.
struct OpenedTicket {
    let openedAt: Int
    let customer: Int
    let channel: Int
    let category: Int
    /// The customer was here with the same matter a few days ago.
    let isReturning: Bool
    /// What the rest of the ticket is drawn from.
    let random: Random
}

/// A ticket as far as it is known on the last day.
struct Ticket {
    let opened: OpenedTicket
    let team: Team
    let employee: Int
    let priority: Int
    let dueAt: Int
    var firstRepliedAt: Int?
    var resolvedAt: Int?
    var reopenCount = 0
    var reassignmentCount = 0
}

/// The names of `tickets.csv` and what usually holds for each of them.
enum TicketTable {
    static let channels = ["phone", "chat", "wechat", "email", "web"]
    static let channelWeights = Weights([340, 280, 180, 120, 80])
    /// The median time to the first reply, in seconds.
    static let replySeconds = [45, 90, 240, 7200, 5400]
    static let categories = ["delivery", "billing", "fault", "usage", "return", "account"]
    static let categoryWeights = Weights([260, 150, 190, 180, 120, 100])
    /// The median time from the first reply to the solution, in minutes.
    static let solvingMinutes = [210, 150, 420, 60, 540, 45]
    static let priorities = ["urgent", "high", "normal", "low"]
    static let priorityWeights = Weights([60, 190, 550, 200])
    /// In thousandths of the usual time.
    static let priorityPace = [350, 600, 1000, 1600]
    static let dueHours = [4, 8, 24, 72]
    static let columns = [
        "ticket", "customer", "employee", "channel", "category", "priority", "opened_at",
        "first_replied_at", "resolved_at", "reopen_count", "reassignment_count", "due_at",
    ]
    static let season = Season(
        months: [1080, 820, 950, 930, 960, 1060, 970, 950, 980, 960, 1320, 1260],
        weekdays: [1250, 1150, 1080, 1050, 1020, 780, 670], growth: 80, noise: .ticketDays,
        singlesDay: 1400)
    static let hours = Weights([
        8, 5, 4, 3, 3, 6, 14, 32, 66, 92, 98, 84, 62, 74, 88, 86, 80, 68, 56, 52, 50, 42, 28, 15,
    ])
}

/// Makes tickets day by day. The sorting of one day is all it holds.
struct TicketDesk {
    let company: Company
    private let plan: DayPlan
    private var comingBack: Agenda<OpenedTicket>

    /// `total` tickets over the full months; those of returning customers come on top.
    init(company: Company, total: Int) {
        self.company = company
        plan = DayPlan(
            total, TicketTable.season, company.timeline, seed: company.seed)
        comingBack = Agenda(company.timeline)
    }

    /// The tickets opened on a day, in order of time.
    mutating func tickets(on day: Int) -> [Ticket] {
        var opened = (0..<plan.count(on: day)).map { firstVisit(day, $0) }
        opened += comingBack.take(day)
        opened.sort { ($0.openedAt, $0.random.state) < ($1.openedAt, $1.random.state) }
        return opened.map { handle($0) }
    }

    private func firstVisit(_ day: Int, _ index: Int) -> OpenedTicket {
        var random = Random(seed: company.seed, stream: .tickets, day, index)
        let time = clock(day, TicketTable.hours, &random)
        return OpenedTicket(
            openedAt: time, customer: company.someCustomer(on: day, &random),
            channel: random.pick(TicketTable.channelWeights),
            category: random.pick(TicketTable.categoryWeights), isReturning: false, random: random)
    }

    private mutating func handle(_ opened: OpenedTicket) -> Ticket {
        var random = opened.random
        let day = opened.openedAt / secondsPerDay
        let team = team(for: opened, &random)
        let priority = random.pick(TicketTable.priorityWeights)
        var ticket = Ticket(
            opened: opened, team: team, employee: company.member(of: team, on: day, &random),
            priority: priority, dueAt: opened.openedAt + TicketTable.dueHours[priority] * 3600)
        let mood = Mood(team: team, month: company.timeline.month(of: day))
        ticket.reassignmentCount = count(perMille: mood.reassigned, then: 260, &random)
        ticket.reopenCount = count(perMille: mood.reopened, then: 200, &random)
        work(on: &ticket, mood, &random)
        if let resolvedAt = ticket.resolvedAt, random.chance(perMille: mood.comesBack) {
            comeBack(after: opened, resolvedAt: resolvedAt, &random)
        }
        return ticket
    }

    private func team(for opened: OpenedTicket, _ random: inout Random) -> Team {
        if company.customer(opened.customer).isEnterprise { return .keyAccounts }
        let category = TicketTable.categories[opened.category]
        if category == "return" || category == "fault", random.chance(perMille: 650) {
            return .afterSales
        }
        switch TicketTable.channels[opened.channel] {
        case "phone": return .hotline
        case "chat", "wechat": return .online
        default: return random.chance(perMille: 500) ? .hotline : .online
        }
    }

    /// 0 mostly, else 1, 2 … up to 4.
    private func count(perMille: Int, then: Int, _ random: inout Random) -> Int {
        guard random.chance(perMille: perMille) else { return 0 }
        var count = 1
        while count < 4, random.chance(perMille: then) { count += 1 }
        return count
    }

    /// Sets the times of reply and solution. Some tickets stay without.
    private func work(on ticket: inout Ticket, _ mood: Mood, _ random: inout Random) {
        let opened = ticket.opened
        let atNight = !(8..<22).contains(opened.openedAt % secondsPerDay / 3600)
        let usual = TicketTable.replySeconds[opened.channel] * (atNight ? 4 : 1)
        let wait = random.logNormal(median: usual * mood.replyPace / 1000, sigma: 900)
        let solving = solvingTime(of: ticket, mood, &random)
        let unanswered = random.chance(perMille: 15)
        let unresolved = random.chance(perMille: mood.unresolved)
        guard !unanswered else {
            (ticket.reopenCount, ticket.reassignmentCount) = (0, 0)
            return
        }
        let repliedAt = opened.openedAt + min(5 * secondsPerDay, max(5, wait))
        ticket.firstRepliedAt = company.timeline.known(repliedAt)
        let resolvedAt = repliedAt + min(45 * secondsPerDay, max(30, solving))
        ticket.resolvedAt = unresolved ? nil : company.timeline.known(resolvedAt)
        if ticket.resolvedAt == nil { ticket.reopenCount = 0 }
    }

    /// Seconds from the first reply to the solution; hand-overs and reopening prolong it.
    private func solvingTime(of ticket: Ticket, _ mood: Mood, _ random: inout Random) -> Int {
        let usual =
            TicketTable.solvingMinutes[ticket.opened.category] * 60
            * TicketTable.priorityPace[ticket.priority] / 1000
        var solving = random.logNormal(median: usual * mood.solvingPace / 1000, sigma: 950)
        solving += solving * ticket.reassignmentCount * 45 / 100
        for _ in 0..<ticket.reopenCount {
            solving += random.logNormal(median: 20 * 3600, sigma: 600)
        }
        return solving
    }

    /// The customer calls again with the same matter, one to six days later.
    private mutating func comeBack(
        after opened: OpenedTicket, resolvedAt: Int, _ random: inout Random
    ) {
        let day = resolvedAt / secondsPerDay + random.between(1, 6)
        var own = Random(
            seed: company.seed, stream: .returningTickets, Int(truncatingIfNeeded: random.next()))
        let again = OpenedTicket(
            openedAt: clock(day, TicketTable.hours, &own), customer: opened.customer,
            channel: own.chance(perMille: 500) ? 0 : opened.channel, category: opened.category,
            isReturning: true, random: own)
        comingBack.put(again, on: day)
    }
}

/// How a team works in a month; chances and paces in thousandths.
struct Mood {
    var replyPace = 1000
    var solvingPace = 1000
    var reassigned = 260
    var reopened = 45
    var comesBack = 35
    var unresolved = 25

    init(team: Team, month: Int) {
        if team == .keyAccounts { solvingPace = 700 }
        if Story.dip.contains(month) {
            (replyPace, solvingPace) = (3000, solvingPace * 14 / 10)
            (reassigned, reopened) = (460, 75)
        } else if month >= Story.directRouting {
            (replyPace, reassigned) = (800, 190)
        }
        if team == Story.earlyClosers, month >= Story.earlyClosing {
            (solvingPace, reassigned, unresolved) = (150, 15, 5)
            (reopened, comesBack) = (95, 230)
        }
    }
}

/// A time of a day, its hour drawn by weight.
func clock(_ day: Int, _ hours: Weights, _ random: inout Random) -> Int {
    day * secondsPerDay + random.pick(hours) * 3600 + random.below(3600)
}
