import KPICore

/// Writes the ledger month by month and, at the end, statements, plans and market sizes.
struct FinanceFiles {
    let world: World
    let files: EntityFiles
    let ledger: Ledger

    /// What one person costs a month, in cents. Teams have two people at least; where that is
    /// more than the scale asks for they work less, so that a small company need not lose money.
    private var wage: Int {
        let people = OrgUnit.allCases.reduce(0) { $0 + $1.facts.desks }
        let desks = world.roster.desks.reduce(0) { $0 + $1.count }
        let share = min(1, Double(people) * world.scale / Double(desks))
        return Int((1_150_000 * share).rounded())
    }

    func month(_ month: Int) {
        let first = world.firstDay(ofMonth: month)
        let last = world.firstDay(ofMonth: month + 1) - 1
        for unit in OrgUnit.allCases {
            var random = world.random(.ledger, month, unit.rawValue)
            payPeople(of: unit, on: last, &random)
            payOverheads(of: unit, first, last, &random)
        }
        payCampaigns(first, last)
        payCustomers(month, first)
    }

    private func post(
        _ kind: String, _ cents: Int, on day: Int, _ unit: OrgUnit? = nil, campaign: Int? = nil,
        customer: Int? = nil
    ) {
        files.add(
            .expenses, .row("X", files.count(.expenses)), .text(kind), .on(day), .money(cents),
            .unit(unit), .campaign(campaign, world), .customer(customer))
        ledger.spend(cents, on: day, service: kind.hasPrefix("service"))
    }

    /// The class wages of a department are booked in.
    private static func laborClass(of unit: OrgUnit) -> String {
        switch unit.department {
        case .service: "service_labor"
        case .sales, .success: "selling"
        case .marketing: "marketing"
        default: "operating_fixed"
        }
    }

    private func payPeople(of unit: OrgUnit, on day: Int, _ random: inout Random) {
        let people = world.roster.people(of: unit, on: day).count
        guard people > 0 else { return }
        let pay = wage * people * random.between(970, 1030) / 1000
        post(Self.laborClass(of: unit), pay, on: day, unit)
        guard random.chance(perMille: 60) else { return }
        post(Self.laborClass(of: unit), -pay * random.between(5, 20) / 1000, on: day, unit)
    }

    private func payOverheads(
        of unit: OrgUnit, _ first: Int, _ last: Int, _ random: inout Random
    ) {
        func some(_ low: Int, _ high: Int) -> Int {
            Int((Double(random.between(low, high)) * world.scale).rounded())
        }
        let day = first + 9
        switch unit {
        case .company:
            post("operating_fixed", some(7_000_000, 7_200_000), on: first + 4)
            post("operating_variable", some(2_500_000, 4_500_000), on: last)
            post("other", some(200_000, 900_000), on: last)
        case .service:
            post("service_system", some(2_000_000, 2_600_000), on: day, unit)
            post("service_other", some(600_000, 1_400_000), on: last, unit)
        case .sales:
            post("selling", some(1_200_000, 2_400_000), on: last, unit)
            post("market_development", some(1_500_000, 3_500_000), on: day, unit)
        case .salesNorth, .salesEast, .salesSouth:
            post("selling", some(400_000, 900_000), on: last, unit)
        case .marketing:
            post("marketing", some(400_000, 800_000), on: last, unit)
        default: break
        }
    }

    /// What campaigns spent in the month, each on its own; shows and events on their first day.
    private func payCampaigns(_ first: Int, _ last: Int) {
        for (index, campaign) in world.campaigns.all.enumerated() where campaign.isHeld {
            guard campaign.startsOn <= last, first <= campaign.endsOn else { continue }
            if campaign.isEvent {
                guard first <= campaign.startsOn else { continue }
                post("marketing", campaign.spend, on: campaign.startsOn, .brand, campaign: index)
            } else {
                let spend = (first...last).reduce(0) {
                    $0 + world.campaigns.spend(of: index, on: $1, seed: world.seed)
                }
                post("marketing", spend, on: last, .growth, campaign: index)
            }
        }
    }

    /// Travel and gifts for single customers.
    private func payCustomers(_ month: Int, _ first: Int) {
        for index in 0..<world.sized(60, atLeast: 6) {
            var random = world.random(.ledger, -1 - month, index)
            let day = first + random.between(0, 26)
            let customer = world.accounts.activeBusiness(on: day, &random)
            let unit = world.accounts.all[customer].region.salesTeam
            post("selling", random.between(8_000, 90_000), on: day, unit, customer: customer)
        }
    }
}

/// Writes what is drawn up after the fact, from the sums of the ledger.
struct ClosingFiles {
    let world: World
    let files: EntityFiles
    let ledger: Ledger

    func write() {
        writeStatements()
        writePlans()
        writeMarkets()
    }

    private func bounds(_ month: Int) -> (Cell, Cell) {
        (.due(on: world.firstDay(ofMonth: month)), .due(on: world.firstDay(ofMonth: month + 1)))
    }

    /// A month's revenue and profits, and the balance at its end; one balance before the first.
    private func writeStatements() {
        var assets = world.sized(1_600_000_000, atLeast: 400_000_000)
        state("total_assets", -1, assets)
        for month in 0..<Ledger.months {
            let profit = ledger.revenue[month] - ledger.costOfSales[month] - ledger.expenses[month]
            let net = profit > 0 ? profit * 80 / 100 : profit
            assets += net * 60 / 100
            state("operating_revenue", month, ledger.revenue[month])
            state("operating_profit", month, profit)
            state("net_profit", month, net)
            state("total_assets", month, assets)
        }
    }

    private func state(_ item: String, _ month: Int, _ cents: Int) {
        let (start, end) = bounds(month)
        files.add(
            .financialStatements, .row("FS", files.count(.financialStatements), width: 4),
            .text(item), start, end, .money(cents))
    }

    /// A figure that goes with the mean of three months, as someone would have set it before.
    private func target(_ values: [Int], _ month: Int, _ random: inout Random) -> Int {
        let near = values[max(0, month - 1)...min(values.count - 1, month + 1)]
        let mean = (near.reduce(0, +) + values[month]) / (near.count + 1)
        return max(100_000, mean * random.between(880, 1130) / 1000 / 10_000 * 10_000)
    }

    private func plan(
        _ item: String, _ month: Int, _ cents: Int?, _ unit: OrgUnit? = nil, worker: Int? = nil,
        product: Int? = nil
    ) {
        let (start, end) = bounds(month)
        files.add(
            .plans, .row("PL", files.count(.plans), width: 5), .text(item), .unit(unit),
            .worker(worker, world), .product(product), nil, start, end, .money(cents), nil, nil)
    }

    private func writePlans() {
        var sales = Array(repeating: 0, count: Ledger.months)
        for unit in OrgUnit.allCases where unit.department == .sales {
            for month in sales.indices { sales[month] += ledger.unitRevenue[unit.rawValue][month] }
        }
        for month in 0..<Ledger.months {
            var random = world.random(.targets, month)
            plan("sales_revenue", month, target(ledger.revenue, month, &random), .company)
            plan("sales_revenue", month, target(sales, month, &random), .sales)
            for unit in OrgUnit.salesTeams {
                let value = target(ledger.unitRevenue[unit.rawValue], month, &random)
                plan("sales_revenue", month, value, unit)
            }
            for product in Products.all.indices {
                let value = target(ledger.productRevenue[product], month, &random)
                plan("sales_revenue", month, value, .company, product: product)
            }
            plan(
                "baseline_service_cost", month,
                target(ledger.serviceCost, month, &random) * 104 / 100, .company)
            writePersonalPlans(month)
            writeGoals(month)
        }
    }

    private func writePersonalPlans(_ month: Int) {
        let first = world.firstDay(ofMonth: month)
        for unit in OrgUnit.salesTeams {
            for worker in world.roster.people(of: unit, on: first) {
                var random = world.random(.targets, -1 - month, worker)
                let values = ledger.workerRevenue[worker]
                guard !values.isEmpty else { continue }
                plan("sales_revenue", month, target(values, month, &random), worker: worker)
            }
        }
    }

    private static let goals = [
        "缩短响应时间 Answer faster", "整理知识库 Tidy the knowledge base",
        "拜访重点客户 Visit key accounts", "完成培训 Finish trainings",
    ]

    /// A goal for each team and month, and one for each department and quarter.
    private func writeGoals(_ month: Int) {
        let quarter = (world.timeline.firstMonth + month) % 3 == 0 && month + 3 <= Ledger.months
        for unit in OrgUnit.teams + (quarter ? OrgUnit.departments : []) {
            var random = world.random(.targets, month, 1000 + unit.rawValue)
            let end = month + (unit.isTeam ? 1 : 3)
            guard world.roster.exists(unit, on: world.firstDay(ofMonth: month)) else { continue }
            let last = world.firstDay(ofMonth: end)
            let fate = random.pick(Weights([680, 200, 70, 50]))
            let achieved = fate == 0 ? last - random.between(1, 12) : fate == 2 ? last + 5 : nil
            files.add(
                .plans, .row("PL", files.count(.plans), width: 5), "team_goal", .unit(unit), nil,
                nil,
                .text(random.element(Self.goals)), .due(on: world.firstDay(ofMonth: month)),
                .due(on: last), nil, .on(achieved),
                fate == 3 ? .flag(true) : random.chance(perMille: 300) ? .flag(false) : .empty)
        }
    }

    /// Each segment, product line and region of each month; consumers are no target.
    private func writeMarkets() {
        for month in 0..<Ledger.months {
            let (start, end) = bounds(month)
            for segment in Segment.allCases {
                for line in Products.lines.indices {
                    for region in Region.allCases {
                        let place = (segment.rawValue * 4 + line) * 4 + region.rawValue
                        var random = world.random(.markets, place)
                        let share = random.between(50, 130)
                        files.add(
                            .marketSizes, .row("MS", files.count(.marketSizes), width: 5),
                            .text(segment.id), .text(Products.lines[line]), .text(region.id),
                            start, end, .money(size(place, month, share)),
                            .flag(segment.isBusiness ? true : nil), "行业协会 Trade association")
                    }
                }
            }
        }
    }

    /// Market value of which the own sales of two years are `share` per mille; grows and sways.
    private func size(_ place: Int, _ month: Int, _ share: Int) -> Int {
        var random = world.random(.markets, place, month)
        let own = max(
            world.sized(20_000_000, atLeast: 2_000_000), ledger.marketRevenue[place].reduce(0, +))
        let mean = own / Ledger.months * 1000 / share
        let season = [1050, 1050, 950, 850, 980, 980, 1000, 1060, 970, 970, 1000, 1000][month % 12]
        return mean * season / 1000 * (960 + month * 3) / 1000 * random.between(960, 1040) / 1000
    }
}
