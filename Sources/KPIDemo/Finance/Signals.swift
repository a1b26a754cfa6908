import KPICore

/// Writes what models foresee and what raises an alert.
struct SignalFiles {
    let world: World
    let files: EntityFiles
    let ledger: Ledger

    private static let watched = [
        "customer-satisfaction-score", "sla-attainment-rate", "average-resolution-time",
        "customer-churn-rate", "sales-target-attainment-rate", "complaint-rate",
    ]

    func month(_ month: Int) {
        scoreCustomers(month)
        for index in 0..<world.sized(12, atLeast: 5) { warn(month, index) }
    }

    /// Half of the active customers get a probability of leaving, on the fifth at night.
    private func scoreCustomers(_ month: Int) {
        let day = world.firstDay(ofMonth: month) + 4
        for index in 0..<world.accounts.count(before: day) where (index + month) % 2 == 0 {
            let account = world.accounts.all[index]
            guard account.isActive(on: day) else { continue }
            var random = world.random(.scores, month, index)
            let leaves = Int(account.lostOn) - day
            let isNear = (0...90).contains(leaves) && random.chance(perMille: 620)
            let base = isNear ? 620 : 130
            let value = min(990, max(5, base + random.normal(deviation: 140)))
            files.add(
                .predictions, .row("PR", files.count(.predictions)), "churn_probability",
                .customer(index), nil, nil, nil, nil, nil, .at(day * secondsPerDay + 7200),
                .decimal(value, places: 3), "churn-4")
        }
    }

    private func warn(_ month: Int, _ index: Int) {
        var random = world.random(.warnings, month, index)
        let day = world.firstDay(ofMonth: month) + random.between(0, 26)
        let at = clock(day, Hours.service, &random)
        let unit = random.element(OrgUnit.teams.filter { world.roster.exists($0, on: day) })
        let delay = random.logNormal(median: 5400, sigma: 900)
        let answered = random.chance(perMille: 930)
        let closed = random.chance(perMille: 860)
        let number = files.count(.alerts)
        let repeats = number > 5 && random.chance(perMille: 70)
        files.add(
            .alerts, .row("AL", number, width: 5), .text(random.element(Self.watched)),
            random.chance(perMille: 850) ? .unit(unit) : nil,
            .worker(world.roster.manager(of: unit, on: day), world), .at(at),
            .at(answered ? at + 120 + delay : nil),
            .at(answered && closed ? at + 7200 + delay * 3 : nil),
            repeats ? .row("AL", number - random.between(1, 5), width: 5) : nil)
    }

    /// What a model made of each month's figures, a few days before the month began.
    func writeForecasts() {
        let figures: [(kpi: String, values: [Int], places: Int)] = [
            ("sales-revenue", ledger.revenue, 2), ("order-count", ledger.orders, 0),
            ("lead-count", ledger.leads, 0), ("ticket-volume", ledger.handled, 0),
        ]
        for month in 0..<Ledger.months {
            for (place, figure) in figures.enumerated() {
                var random = world.random(.forecasts, month, place)
                let at = (world.firstDay(ofMonth: month) - 4) * secondsPerDay + 10_800
                let value = figure.values[month] * (1000 + random.normal(deviation: 70)) / 1000
                files.add(
                    .predictions, .row("PR", files.count(.predictions)), "kpi_value", nil, nil,
                    nil, .text(figure.kpi), .due(on: world.firstDay(ofMonth: month)),
                    .due(on: world.firstDay(ofMonth: month + 1)), .at(at),
                    .decimal(value, places: figure.places), "forecast-2")
            }
        }
    }
}
