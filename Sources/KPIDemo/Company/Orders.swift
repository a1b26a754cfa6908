/// A sale, or goods that come back.
struct Order {
    var orderedAt: Int
    let customer: Int
    let employee: Int
    let product: Int
    var amount: Int
    var isReturn: Bool
    let campaign: Int?
    /// Tells apart orders of the same second.
    let tie: UInt64

    static let columns = [
        "order_id", "customer", "employee", "product", "product_line", "ordered_at", "amount",
        "kind", "campaign",
    ]
    static let season = Season(
        months: [1000, 720, 920, 930, 990, 1180, 930, 930, 1000, 1000, 1620, 1420],
        weekdays: [960, 950, 960, 980, 1050, 1080, 1020], growth: 120, noise: .orderDays,
        singlesDay: 2200)
    static let hours = Weights([
        18, 9, 5, 3, 3, 4, 10, 22, 42, 62, 74, 70, 60, 58, 62, 62, 60, 58, 56, 66, 78, 82, 62, 36,
    ])
    static let officeHours = Weights([
        0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 18, 12, 2, 6, 16, 18, 20, 16, 4, 0, 0, 0, 0, 0,
    ])
}

/// Makes orders day by day: those of the shop, those of won deals, and what is sent back.
struct OrderBook {
    let company: Company
    let campaigns: Campaigns
    private let plan: DayPlan
    private var expected: Agenda<Order>

    init(company: Company, campaigns: Campaigns, total: Int) {
        self.company = company
        self.campaigns = campaigns
        plan = DayPlan(total, Order.season, company.timeline, seed: company.seed)
        expected = Agenda(company.timeline)
    }

    /// A won deal becomes an order on the day it closes.
    mutating func expect(_ deal: Deal) {
        guard deal.won else { return }
        var random = Random(
            seed: company.seed, stream: .dealOrders,
            Int(truncatingIfNeeded: deal.random.state))
        let order = Order(
            orderedAt: clock(deal.closesOn, Order.officeHours, &random), customer: deal.customer,
            employee: deal.employee, product: Products.some(ofLine: deal.line, &random),
            amount: deal.amount, isReturn: false, campaign: nil, tie: random.next())
        expected.put(order, on: deal.closesOn)
        expectReturn(of: order, perMille: deal.pulled ? 350 : 30, &random)
    }

    /// The orders of a day, in order of time.
    mutating func orders(on day: Int) -> [Order] {
        var orders = expected.take(day)
        for index in 0..<plan.count(on: day) { orders.append(shopOrder(day, index)) }
        return orders.sorted { ($0.orderedAt, $0.tie) < ($1.orderedAt, $1.tie) }
    }

    private mutating func shopOrder(_ day: Int, _ index: Int) -> Order {
        var random = Random(seed: company.seed, stream: .orders, day, index)
        let customer = company.someCustomer(on: day, &random)
        let product = Products.some(ofLine: random.pick(Products.lineWeights), &random)
        let pieces = 1 + (random.chance(perMille: 300) ? random.between(1, 4) : 0)
        let discount = [0, 0, 0, 5, 10][random.below(5)]
        let order = Order(
            orderedAt: clock(day, Order.hours, &random), customer: customer,
            employee: company.customer(customer).owner, product: product,
            amount: Products.all[product].price * pieces * (100 - discount) / 100,
            isReturn: false, campaign: campaigns.source(on: day, &random), tie: random.next())
        expectReturn(of: order, perMille: 45, &random)
        return order
    }

    /// Some goods come back after some days, whole or in part.
    private mutating func expectReturn(
        of order: Order, perMille: Int, _ random: inout Random
    ) {
        guard random.chance(perMille: perMille) else { return }
        let day = order.orderedAt / secondsPerDay + random.between(3, 30)
        var back = order
        back.orderedAt = clock(day, Order.officeHours, &random)
        back.isReturn = true
        if random.chance(perMille: 250) { back.amount /= 2 }
        expected.put(back, on: day)
    }
}

/// Writes `opportunities.csv` and `orders.csv` side by side.
struct SalesFiles {
    let company: Company
    private let pipeline: Pipeline
    private var book: OrderBook
    private var dealCount = 0
    private var orderCount = 0

    init(company: Company, campaigns: Campaigns, scale: Double) {
        self.company = company
        pipeline = Pipeline(company: company, total: scaled(4000, scale, atLeast: 20))
        book = OrderBook(
            company: company, campaigns: campaigns, total: scaled(30_000, scale, atLeast: 40))
    }

    mutating func write(to folder: String, progress: (String, Int, Int) -> Void) throws {
        let deals = try CSVWriter(
            folder: folder, file: "opportunities.csv", columns: Deal.columns)
        let orders = try CSVWriter(folder: folder, file: "orders.csv", columns: Order.columns)
        let timeline = company.timeline
        let files = ["opportunities.csv", "orders.csv"]
        try timeline.eachDay(of: files, lead: Pipeline.lead, progress) { day in
            for deal in pipeline.deals(on: day) {
                try write(deal, to: deals)
                book.expect(deal)
            }
            guard day >= timeline.firstDay else { return }
            for order in book.orders(on: day) { try write(order, to: orders) }
        }
        try deals.close()
        try orders.close()
    }

    private mutating func write(_ deal: Deal, to writer: CSVWriter) throws {
        let closed = deal.closesOn <= company.timeline.lastDay
        writer.id("D", dealCount, width: 6)
        writer.customer(deal.customer)
        writer.employee(deal.employee)
        writer.text(Products.lines[deal.line])
        writer.date(deal.createdOn)
        writer.date(closed ? deal.closesOn : nil)
        writer.text(closed ? (deal.won ? "won" : "lost") : "open")
        writer.money(deal.amount)
        try writer.endRow()
        dealCount += 1
    }

    private mutating func write(_ order: Order, to writer: CSVWriter) throws {
        let product = Products.all[order.product]
        writer.id("O", orderCount, width: 7)
        writer.customer(order.customer)
        writer.employee(order.employee)
        writer.text(product.name)
        writer.text(Products.lines[product.line])
        writer.time(order.orderedAt)
        writer.money(order.amount)
        writer.text(order.isReturn ? "return" : "sale")
        writer.campaign(order.campaign)
        try writer.endRow()
        orderCount += 1
    }
}
