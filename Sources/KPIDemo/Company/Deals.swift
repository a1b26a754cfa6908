import KPICore

/// An opportunity with its outcome, which may still be unknown on the last day.
struct Deal {
    let customer: Int
    let employee: Int
    let line: Int
    let createdOn: Int
    let closesOn: Int
    let won: Bool
    let amount: Int
    /// Booked before it was ripe.
    let pulled: Bool
    let random: Random

    static let columns = [
        "deal", "customer", "employee", "product_line", "created_on", "closed_on", "stage",
        "amount",
    ]
    /// Cents.
    static let medians = [2_600_000, 900_000, 1_900_000, 1_100_000]
    static let lineWeights = Weights([340, 160, 320, 180])
    static let season = Season(
        months: [950, 750, 1050, 1000, 1000, 1050, 950, 950, 1050, 1050, 1150, 1050],
        weekdays: [1200, 1150, 1100, 1050, 950, 0, 0], growth: 100, noise: .dealDays)
}

/// Makes opportunities day by day.
struct Pipeline {
    /// Days before the data from which deals are made, so that the first month closes as many as
    /// later ones. The longest deal takes as long.
    static let lead = 180

    let company: Company
    let plan: DayPlan
    private let puller: Int

    init(company: Company, total: Int) {
        self.company = company
        puller = company.puller
        plan = DayPlan(
            total, Deal.season, company.timeline, seed: company.seed, lead: Self.lead)
    }

    /// The deals created on a day that were still open when the data begin, or later.
    func deals(on day: Int) -> [Deal] {
        (0..<plan.count(on: day)).map { deal(day, $0) }
            .filter { $0.closesOn >= company.timeline.firstDay }
    }

    private func deal(_ day: Int, _ index: Int) -> Deal {
        var random = Random(seed: company.seed, stream: .deals, day, index)
        let number = company.someCustomer(on: day, &random)
        let customer = company.customer(number)
        let line = random.pick(Deal.lineWeights)
        let won = random.chance(perMille: 360)
        let cycle = random.logNormal(median: won ? 36 : 44, sigma: 550)
        let ripe = Self.workday(from: day + min(Self.lead - 3, max(3, cycle)))
        let quarterEnd = Story.lastQuarterEnd(before: ripe)
        let early = Self.workday(to: quarterEnd - random.below(3))
        let size = [100, 160, 340][customer.segment]
        let amount = random.logNormal(median: Deal.medians[line] * size / 100, sigma: 700)
        let pulled =
            won && customer.owner == puller && day < early
            && ripe - quarterEnd <= Story.pulledDays
        return Deal(
            customer: number, employee: customer.owner, line: line, createdOn: day,
            closesOn: pulled ? early : ripe, won: won,
            amount: pulled ? amount * 88 / 100 : amount, pulled: pulled, random: random.branch())
    }

    /// The same day, or the Monday after a weekend.
    private static func workday(from day: Int) -> Int { day + [0, 2, 1][weekendDay(day)] }

    /// The same day, or the Friday before a weekend.
    private static func workday(to day: Int) -> Int { day - weekendDay(day) }

    /// 1 for Saturday, 2 for Sunday, else 0.
    private static func weekendDay(_ day: Int) -> Int { max(0, CivilDate(day: day).weekday - 5) }
}
