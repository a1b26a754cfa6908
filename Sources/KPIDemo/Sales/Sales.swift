/// An order to be placed: by a visitor of the shop, after a campaign, for a deal or a contract.
struct Sale {
    var placedAt: Int
    /// Nil for an anonymous sale.
    var account: Int?
    var worker: Int?
    var channel: String
    var campaign: Int?
    /// Cents, where the amount has been agreed on.
    var amount: Int?
    var product: Int?
    /// A deal that was booked before it was ripe; a third of these come back.
    var pulled = false
}

/// A line of an order.
struct SaleLine {
    var kind: String
    var product: Int?
    var quantity: Int?
    /// Cents.
    var net: Int
    var cost: Int?
    var recognisedAt: Int?

    /// The cost as it counts: that of the line, else that of its units.
    var expectedCost: Int {
        if let cost { return cost }
        guard let product, let quantity else { return 0 }
        return quantity * (Products.standardCost(product) ?? 0)
    }

    var counts: Bool { ["product", "service", "discount", "refund"].contains(kind) }
}

/// Places the orders of each day and bills them.
final class SalesDesk {
    let world: World
    private let files: EntityFiles
    private let ledger: Ledger
    private let plan: DayPlan
    private var expected: Agenda<Sale>
    private let billing: Billing

    private static let season = Season(
        months: [1000, 720, 920, 930, 990, 1180, 930, 930, 1000, 1000, 1620, 1420],
        weekdays: [960, 950, 960, 980, 1050, 1080, 1020], growth: 120, noise: .saleDays,
        singlesDay: 2200)

    init(_ world: World, _ files: EntityFiles, _ ledger: Ledger) {
        self.world = world
        self.files = files
        self.ledger = ledger
        plan = world.plan(world.sized(25_000, atLeast: 400), Self.season)
        expected = Agenda(world.timeline)
        billing = Billing(world, files)
    }

    func expect(_ sale: Sale) { expected.put(sale, on: sale.placedAt / secondsPerDay) }

    func begin() { billing.writeCarriedOver() }

    func day(_ day: Int) {
        for index in 0..<plan.count(on: day) {
            var random = world.random(.sales, day, index)
            place(shopSale(day, &random), &random)
        }
        for index in world.accounts.won(on: day) {
            var random = world.random(.sales, -1, index)
            place(firstSale(index, &random), &random)
        }
        for (index, sale) in expected.take(day).enumerated() {
            var random = world.random(.sales, -2 - day, index)
            place(sale, &random)
        }
    }

    private func shopSale(_ day: Int, _ random: inout Random) -> Sale {
        let placedAt = clock(day, Hours.shop, &random)
        guard !random.chance(perMille: 40) else {
            return Sale(placedAt: placedAt, channel: "store")
        }
        let account = world.accounts.active(on: day, &random)
        return sale(to: account, at: placedAt, &random)
    }

    /// Two thirds of the orders of consumers, and a fifth of the others, need no salesperson.
    private func sale(to account: Int, at second: Int, _ random: inout Random) -> Sale {
        let segment = world.accounts.all[account].segment
        let alone = random.chance(perMille: segment.isBusiness ? 200 : 660)
        let channels = alone ? ["web", "web", "app", "marketplace"] : ["phone", "store", "direct"]
        let worker =
            alone ? nil : world.owner(of: account, on: second / secondsPerDay)
        return Sale(
            placedAt: second, account: account, worker: worker, channel: random.element(channels))
    }

    /// What a customer is won with: a deal for a business, an order of the shop for a consumer.
    private func firstSale(_ index: Int, _ random: inout Random) -> Sale {
        let account = world.accounts.all[index]
        var sale = sale(to: index, at: account.becameAt, &random)
        if account.segment.isBusiness {
            let deal = Acquisition(index, world)
            sale.worker = world.owner(of: index, on: account.becameOn)
            (sale.amount, sale.product, sale.channel) = (deal.amount, deal.product, "direct")
        }
        return sale
    }

    /// Writes an order with its lines, invoice and payments.
    private func place(_ sale: Sale, _ random: inout Random) {
        let id = files.count(.orders)
        let cancelled =
            sale.amount == nil && random.chance(perMille: 30)
            ? sale.placedAt + random.between(600, 90_000) : nil
        let region = sale.account.map { world.accounts.all[$0].region.id }
        let known = !random.chance(perMille: 20)
        files.add(
            .orders, .order(id),
            .customer(sale.account.map { world.accounts.recorded($0, &random) }),
            .at(sale.placedAt), .at(cancelled), .text(sale.channel),
            known ? .words(region) : .empty, .worker(sale.worker, world),
            .campaign(sale.campaign, world))
        var lines = lines(of: sale, &random)
        if cancelled != nil {
            for place in lines.indices { lines[place].recognisedAt = nil }
        } else {
            ledger.countOrder(at: sale.placedAt)
            if let refund = refund(of: sale, lines, &random) { lines.append(refund) }
        }
        for line in lines {
            write(line, of: id)
            if line.counts, cancelled == nil { ledger.book(line, of: sale) }
        }
        billing.bill(sale, lines, order: id, cancelledAt: cancelled, &random)
    }

    private func lines(of sale: Sale, _ random: inout Random) -> [SaleLine] {
        let shippedAt = sale.placedAt + random.between(10 * 3600, 5 * secondsPerDay)
        var lines =
            sale.amount.map { agreed($0, sale, shippedAt, &random) }
            ?? basket(sale, shippedAt, &random)
        let sum = lines.reduce(0) { $0 + $1.net }
        let isBusiness = sale.account.map { world.accounts.all[$0].segment.isBusiness } ?? false
        if sale.amount == nil, random.chance(perMille: sale.campaign == nil ? 110 : 420) {
            lines.append(
                SaleLine(
                    kind: "discount", net: -sum * random.between(4, 12) / 100,
                    recognisedAt: shippedAt))
        }
        if !isBusiness, random.chance(perMille: 550) {
            lines.append(SaleLine(kind: "shipping", net: 1200, cost: 900, recognisedAt: shippedAt))
        } else if isBusiness, random.chance(perMille: 60) {
            lines.append(SaleLine(kind: "fee", net: 5000, recognisedAt: shippedAt))
        }
        return lines
    }

    /// One to three products of the shop; businesses take more of each.
    private func basket(
        _ sale: Sale, _ shippedAt: Int, _ random: inout Random
    ) -> [SaleLine] {
        let segment = sale.account.map { world.accounts.all[$0].segment } ?? .consumer
        return (0..<random.between(1, 3)).map { _ in
            let line = random.pick(Products.lineWeights)
            let product = Products.some(ofLine: line, &random)
            let most = [2, 4, 9][segment.rawValue]
            let quantity = random.between(1, most)
            let net = quantity * Products.all[product].price * random.between(93, 100) / 100
            return self.line(product, quantity, net, shippedAt, &random)
        }
    }

    /// The lines of a deal: the product agreed on and, mostly, a second one beside it.
    private func agreed(
        _ amount: Int, _ sale: Sale, _ shippedAt: Int, _ random: inout Random
    ) -> [SaleLine] {
        let product = sale.product ?? 0
        let second = Products.some(ofLine: random.pick(Products.lineWeights), &random)
        let part = random.chance(perMille: 600) ? amount * random.between(60, 90) / 100 : amount
        var lines = [(product, part)]
        if part < amount { lines.append((second, amount - part)) }
        return lines.map { product, net in
            let quantity = max(1, net / max(1, Products.all[product].price * 9 / 10))
            return line(product, quantity, net, shippedAt, &random)
        }
    }

    private func line(
        _ product: Int, _ quantity: Int, _ net: Int, _ shippedAt: Int, _ random: inout Random
    ) -> SaleLine {
        let share = Products.all[product].costShare + random.between(-4, 4)
        let isCosted = random.chance(perMille: product == Products.uncosted ? 900 : 700)
        return SaleLine(
            kind: Products.all[product].isService ? "service" : "product", product: product,
            quantity: quantity, net: net, cost: isCosted ? net * share / 100 : nil,
            recognisedAt: shippedAt)
    }

    /// One line that comes back, in part or whole, one to four weeks after shipment.
    private func refund(
        of sale: Sale, _ lines: [SaleLine], _ random: inout Random
    ) -> SaleLine? {
        let chance = sale.pulled ? 350 : sale.amount == nil ? 42 : 25
        guard random.chance(perMille: chance), let shipped = lines[0].recognisedAt else {
            return nil
        }
        let at = shipped + random.between(5, 28) * secondsPerDay
        let line = lines[0]
        let quantity = line.quantity ?? 1
        let back = sale.pulled ? quantity : random.between(1, quantity)
        return SaleLine(
            kind: "refund", product: line.product, quantity: -back,
            net: -line.net * back / quantity, cost: line.cost.map { -$0 * back / quantity },
            recognisedAt: at)
    }

    /// A refund that is still to come is not known yet.
    private func write(_ line: SaleLine, of order: Int) {
        if line.kind == "refund", let at = line.recognisedAt, world.timeline.known(at) == nil {
            return
        }
        files.add(
            .orderLines, .row("OL", files.count(.orderLines), width: 8), .order(order),
            .product(line.product), .text(line.kind), .count(line.quantity), .money(line.net),
            .money(line.cost), .at(line.recognisedAt))
    }
}

extension Cell {
    static func order(_ index: Int?) -> Cell { row("O", index) }
}
