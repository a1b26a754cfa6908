/// Sums of the records written so far, for the statements, plans and forecasts at the end.
///
/// Cents, by month of the data. O(months × (employees + products)) of memory.
final class Ledger {
    static let months = 24
    private static let zero = Array(repeating: 0, count: months)

    private(set) var revenue = zero
    private(set) var costOfSales = zero
    private(set) var expenses = zero
    private(set) var serviceCost = zero
    private(set) var unitRevenue = OrgUnit.allCases.map { _ in zero }
    private(set) var productRevenue = Products.all.map { _ in zero }
    private(set) var workerRevenue: [[Int]]
    /// By segment, product line and region, the last fastest.
    private(set) var marketRevenue: [[Int]]
    private(set) var orders = zero
    private(set) var leads = zero
    private(set) var tickets = zero
    private(set) var handled = zero
    private let world: World

    init(world: World) {
        self.world = world
        workerRevenue = world.roster.workers.map { _ in [] }
        marketRevenue = Array(repeating: Self.zero, count: 3 * 4 * 4)
    }

    /// The month of a second, nil where it is not one of the data.
    private func month(_ second: Int) -> Int? {
        let day = second / secondsPerDay
        guard world.timeline.fullDays.contains(day) else { return nil }
        return world.month(of: day)
    }

    /// A line of an order that counts as revenue, recognised at a second.
    func book(_ line: SaleLine, of sale: Sale) {
        guard let at = line.recognisedAt, let month = month(at) else { return }
        revenue[month] += line.net
        costOfSales[month] += line.expectedCost
        if let worker = sale.worker {
            let unit = world.roster.unit(of: worker, on: sale.placedAt / secondsPerDay)
            if let unit { unitRevenue[unit.rawValue][month] += line.net }
            if workerRevenue[worker].isEmpty { workerRevenue[worker] = Self.zero }
            workerRevenue[worker][month] += line.net
        }
        guard let product = line.product else { return }
        productRevenue[product][month] += line.net
        guard let index = sale.account else { return }
        let account = world.accounts.all[index]
        let place = account.segment.rawValue * 4 + Products.all[product].line
        marketRevenue[place * 4 + account.region.rawValue][month] += line.net
    }

    func spend(_ cents: Int, on day: Int, service: Bool) {
        guard let month = month(day * secondsPerDay) else { return }
        expenses[month] += cents
        if service { serviceCost[month] += cents }
    }

    func countOrder(at second: Int) { month(second).map { orders[$0] += 1 } }
    func countLead(at second: Int) { month(second).map { leads[$0] += 1 } }
    func countTicket(at second: Int) { month(second).map { tickets[$0] += 1 } }
    func countHandled(at second: Int?) {
        if let second, let month = month(second) { handled[month] += 1 }
    }
}
