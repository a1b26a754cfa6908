/// What a customer says about a resolved ticket.
struct Rating {
    let ticket: Int
    let ratedAt: Int
    /// 1 … 5
    let score: Int
    /// 0 … 10, where the second question was answered.
    let recommendation: Int?

    static let columns = ["rating", "ticket", "rated_at", "score", "nps"]
}

extension Ticket {
    /// About a third of the resolved tickets are rated, mostly within hours.
    func rating(number: Int) -> Rating? {
        var random = opened.random.branch()
        guard let resolvedAt, random.chance(perMille: 330) else { return nil }
        let delay = random.logNormal(median: 3 * 3600, sigma: 1100)
        let pleased = satisfaction + random.normal(deviation: 150)
        let score = 1 + [300, 430, 570, 760].count { pleased >= $0 }
        let recommendation = (pleased + random.normal(deviation: 60)) / 85
        let answered = random.chance(perMille: 600)
        return Rating(
            ticket: number, ratedAt: resolvedAt + 60 + min(14 * secondsPerDay, delay),
            score: score, recommendation: answered ? min(10, max(0, recommendation)) : nil)
    }

    /// Waiting, lateness, hand-overs and reopening take from what the customer started with.
    private var satisfaction: Int {
        var points = 880
        if let firstRepliedAt {
            let usual = TicketTable.replySeconds[opened.channel]
            points -= min(1200, (firstRepliedAt - opened.openedAt) * 100 / usual) / 4
        }
        if let resolvedAt, resolvedAt > dueAt { points -= 140 }
        points -= 60 * reassignmentCount + 130 * reopenCount
        return opened.isReturning ? points - 120 : points
    }
}

/// Writes `tickets.csv` and `ratings.csv` side by side.
struct ServiceFiles {
    let company: Company
    private var desk: TicketDesk
    private var rated: Agenda<Rating>
    private var ticketCount = 0
    private var ratingCount = 0

    init(company: Company, scale: Double) {
        self.company = company
        desk = TicketDesk(company: company, total: scaled(37_400, scale, atLeast: 40))
        rated = Agenda(company.timeline)
    }

    mutating func write(to folder: String, progress: (String, Int, Int) -> Void) throws {
        let tickets = try CSVWriter(
            folder: folder, file: "tickets.csv", columns: TicketTable.columns)
        let ratings = try CSVWriter(folder: folder, file: "ratings.csv", columns: Rating.columns)
        let files = ["tickets.csv", "ratings.csv"]
        let timeline = company.timeline
        try timeline.eachDay(of: files, progress) { day in
            for ticket in desk.tickets(on: day) { try write(ticket, to: tickets) }
            try writeRatings(of: day, to: ratings)
        }
        try tickets.close()
        try ratings.close()
    }

    private mutating func write(_ ticket: Ticket, to writer: CSVWriter) throws {
        writer.ticket(ticketCount)
        writer.customer(ticket.opened.customer)
        writer.employee(ticket.employee)
        writer.text(TicketTable.channels[ticket.opened.channel])
        writer.text(TicketTable.categories[ticket.opened.category])
        writer.text(TicketTable.priorities[ticket.priority])
        writer.time(ticket.opened.openedAt)
        writer.time(ticket.firstRepliedAt)
        writer.time(ticket.resolvedAt)
        writer.number(ticket.reopenCount)
        writer.number(ticket.reassignmentCount)
        writer.time(ticket.dueAt)
        try writer.endRow()
        if let rating = ticket.rating(number: ticketCount) {
            rated.put(rating, on: rating.ratedAt / secondsPerDay)
        }
        ticketCount += 1
    }

    private mutating func writeRatings(of day: Int, to writer: CSVWriter) throws {
        let today = rated.take(day).sorted { ($0.ratedAt, $0.ticket) < ($1.ratedAt, $1.ticket) }
        for rating in today {
            writer.id("R", ratingCount, width: 7)
            writer.ticket(rating.ticket)
            writer.time(rating.ratedAt)
            writer.number(rating.score)
            if let nps = rating.recommendation { writer.number(nps) } else { writer.empty() }
            try writer.endRow()
            ratingCount += 1
        }
    }
}
