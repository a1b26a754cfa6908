/// Writes what salespeople and account managers do with customers.
struct ActivityFiles {
    let world: World
    let files: EntityFiles

    private static let kinds = ["visit", "call", "meeting", "demo", "email"]
    private static let weights = Weights([300, 280, 180, 100, 140])

    /// One or two activities on a working day of each person.
    func day(_ day: Int) {
        guard isWeekday(day) else { return }
        for unit in OrgUnit.salesTeams + [.accounts, .renewals] {
            for desk in world.roster.desks[unit.rawValue] {
                guard let worker = world.roster.holder(of: desk, on: day) else { continue }
                for index in 0..<2 {
                    var random = world.random(.activities, day, desk * 2 + index)
                    guard random.chance(perMille: 620) else { continue }
                    write(day, worker, desk, unit, &random)
                }
            }
        }
    }

    private func write(
        _ day: Int, _ worker: Int, _ desk: Int, _ unit: OrgUnit, _ random: inout Random
    ) {
        let at = officeTime(day, &random)
        let fate = random.pick(Weights([720, 90, 60, 70, 60]))
        let done =
            at + (fate == 1 ? random.between(1, 6) * secondsPerDay : random.between(600, 9000))
        let isPlanned = !random.chance(perMille: 150)
        // 0 done, 1 done late, 2 taken off in time, 3 not done, 4 taken off too late or nobody knows
        let isThere = world.roster.unit(of: worker, on: done / secondsPerDay) != nil
        let isDone = isThere && (fate < 2 || !isPlanned)
        let isOff = isPlanned && (fate == 2 || fate == 4)
        let prospect = random.chance(perMille: 100)
        let customer =
            prospect
            ? world.accounts.prospects.lowerBound + random.below(world.accounts.prospects.count)
            : world.accounts.owned(by: desk, on: day, &random)
                ?? world.accounts.activeBusiness(on: day, &random)
        let cancelled: Int? =
            fate == 2
            ? at - random.between(1, 4) * secondsPerDay
            : random.chance(perMille: 500) ? at + 7200 : nil
        files.add(
            .salesActivities, .row("SA", files.count(.salesActivities)),
            .text(Self.kinds[random.pick(Self.weights)]), .worker(worker, world),
            .customer(customer), .product(random.below(Products.all.count)),
            .due(at: isPlanned ? at : nil), .at(isDone ? done : nil),
            .flag(isOff ? true : random.chance(perMille: 300) ? false : nil),
            .at(isOff ? cancelled : nil))
    }
}
