/// Writes invoices, credit notes and payments. Amounts carry 13 % of tax.
struct Billing {
    private let world: World
    private let files: EntityFiles

    init(_ world: World, _ files: EntityFiles) {
        self.world = world
        self.files = files
    }

    /// An invoice as it is written; days and cents.
    private struct Invoice {
        var customer: Int?
        var order: Int?
        var worker: Int?
        var issuedOn: Int
        var dueOn: Int
        var amount: Int
        var credits: Int?
        var isVoid: Bool?
    }

    static func taxed(_ net: Int) -> Int { net * 113 / 100 }

    /// Bills what is delivered. Anonymous sales are paid at the till and have no invoice.
    func bill(
        _ sale: Sale, _ lines: [SaleLine], order: Int, cancelledAt: Int?, _ random: inout Random
    ) {
        guard let account = sale.account else { return }
        let billed = lines.filter { $0.kind != "refund" }.reduce(0) { $0 + $1.net }
        let isBusiness = world.accounts.all[account].segment.isBusiness
        let placedOn = sale.placedAt / secondsPerDay
        let issued = lines[0].recognisedAt.map { $0 / secondsPerDay } ?? placedOn
        let collector = sale.worker ?? world.roster.member(of: .finance, on: placedOn, &random)
        let terms = isBusiness ? random.element([30, 30, 45]) : 7
        var invoice = Invoice(
            customer: account, order: order, worker: collector, issuedOn: issued,
            dueOn: issued + terms, amount: Self.taxed(billed))
        guard issued <= world.timeline.lastDay else { return }
        if cancelledAt != nil {
            invoice.isVoid = true
            if random.chance(perMille: 350) { _ = write(invoice) }
            return
        }
        invoice.isVoid = random.chance(perMille: 500) ? false : nil
        let number = write(invoice)
        let paidOn = isBusiness ? nil : placedOn
        let isPaid = pay(invoice, number, on: paidOn, &random)
        if let refund = lines.first(where: { $0.kind == "refund" }) {
            credit(refund, invoice, number, isPaid, &random)
        }
    }

    /// The credit note of a refund, and the money that goes back.
    private func credit(
        _ line: SaleLine, _ billed: Invoice, _ number: Int, _ isPaid: Bool,
        _ random: inout Random
    ) {
        guard let at = line.recognisedAt.flatMap(world.timeline.known) else { return }
        var note = billed
        note.issuedOn = at / secondsPerDay
        note.dueOn = note.issuedOn + 14
        note.amount = Self.taxed(line.net)
        note.credits = number
        note.isVoid = nil
        let own = write(note)
        guard isPaid else { return }
        writePayment(own, at + random.between(1, 5) * secondsPerDay, note.amount)
    }

    private func write(_ invoice: Invoice) -> Int {
        let linked = invoice.order
        return files.add(
            .invoices, .row("I", files.count(.invoices)), .customer(invoice.customer),
            .order(linked), .worker(invoice.worker, world), .on(invoice.issuedOn),
            .due(on: invoice.dueOn), .money(invoice.amount), .row("I", invoice.credits),
            .flag(invoice.isVoid))
    }

    /// Payments of an invoice; says whether it will be paid in full. Most pay in time, a few
    /// in two parts, some late, some never; now and then a payment bounces.
    private func pay(
        _ invoice: Invoice, _ number: Int, on day: Int?, _ random: inout Random
    ) -> Bool {
        if let day {
            writePayment(number, day * secondsPerDay + 50_000, invoice.amount)
            return true
        }
        let kind = random.pick(Weights([760, 150, 60, 30]))
        guard kind < 3 else { return false }
        let delay = [random.between(-20, 0), random.between(1, 29), random.between(32, 110)][kind]
        let day = max(invoice.issuedOn + 1, invoice.dueOn + delay)
        let at = officeTime(workday(from: day), &random)
        if random.chance(perMille: 60) {
            let part = invoice.amount * random.between(30, 70) / 100
            writePayment(number, at, part)
            writePayment(number, at + random.between(5, 25) * secondsPerDay, invoice.amount - part)
            return true
        }
        writePayment(number, at, invoice.amount)
        if random.chance(perMille: 8) {
            writePayment(number, at + 2 * secondsPerDay, -invoice.amount)
            writePayment(number, at + 9 * secondsPerDay, invoice.amount)
        }
        return true
    }

    /// One payment in 300 is not matched to its invoice yet.
    private func writePayment(_ invoice: Int, _ at: Int, _ amount: Int) {
        guard world.timeline.known(at) != nil else { return }
        let own = files.count(.payments)
        files.add(
            .payments, .row("PY", own), .row("I", own % 300 == 299 ? nil : invoice), .at(at),
            .money(amount))
    }

    /// Invoices from before the data that fall due in them, with no order at hand.
    func writeCarriedOver() {
        let first = world.timeline.firstDay
        for index in 0..<world.sized(420, atLeast: 12) {
            var random = world.random(.carriedInvoices, index)
            let issued = first - random.between(1, 29)
            let account = world.accounts.activeBusiness(on: issued, &random)
            let invoice = Invoice(
                customer: account, worker: world.roster.member(of: .finance, on: issued, &random),
                issuedOn: issued, dueOn: issued + 30,
                amount: random.logNormal(median: 300_000, sigma: 900))
            _ = pay(invoice, write(invoice), on: nil, &random)
        }
    }
}
