import KPICore

/// Writes the customers and what they were when.
struct CustomerFiles {
    let world: World
    let files: EntityFiles

    private var accounts: Accounts { world.accounts }

    func write() {
        for index in 0..<accounts.wonCount { write(index) }
        for index in accounts.prospects { writeCustomer(index, nil) }
        for (place, twin) in accounts.merged.enumerated() { writeMerged(place, twin) }
    }

    private func write(_ index: Int) {
        let account = accounts.all[index]
        writeCustomer(index, account.becameOn)
        for range in Standing.ranges(of: account, world) {
            files.add(
                .customerStatusHistory,
                .row("S", files.count(.customerStatusHistory)), .customer(index),
                .text(range.standing.status), .text(Account.tiers[range.standing.tier]),
                .flag(range.standing.isKeyAccount), .worker(range.standing.owner, world),
                .at(range.from), .at(range.to))
        }
    }

    private func writeCustomer(_ index: Int, _ day: Int?) {
        let account = accounts.all[index]
        var random = world.random(.history, index)
        let seller = day.flatMap { day in
            account.desk < 0 ? nil : world.owner(ofDesk: account.desk, on: day)
        }
        let named = account.segment.isBusiness
        let known = !random.chance(perMille: 8)
        files.add(
            .customers, .customer(index), named ? .text(Names.business(index)) : .empty,
            known ? .text(account.segment.id) : .empty, .text(account.region.id),
            day == nil ? .empty : .text(Account.channels[Int(account.channel)]),
            .flag(account.isKeyAccount ? true : random.chance(perMille: 500) ? false : nil),
            .on(account.targetSince == Account.never ? nil : Int(account.targetSince)),
            .at(day == nil ? nil : account.becameAt), .worker(seller, world), nil)
    }

    /// A second record of a customer, with a history of its own that counts nowhere.
    private func writeMerged(_ place: Int, _ twin: (segment: Segment, region: Region, into: Int)) {
        let own = accounts.prospects.upperBound + place
        let into = twin.into < 0 ? accounts.prospects.upperBound : twin.into
        let began = accounts.all[max(0, twin.into)].becameAt
        files.add(
            .customers, .customer(own), .text("\(Names.business(own)) (重复 duplicate)"),
            .text(twin.segment.id), .text(twin.region.id), nil, nil, nil, .at(began), nil,
            .customer(into))
        files.add(
            .customerStatusHistory, .row("S", files.count(.customerStatusHistory)),
            .customer(own), "active", "C", nil, nil, .at(began), nil)
    }
}

/// What a customer is in a range of time.
struct Standing: Equatable {
    let status: String
    let tier: Int
    let isKeyAccount: Bool?
    let owner: Int?

    /// One day's standing. The state after a loss is first inactive, then churned.
    init(of account: Account, on day: Int, _ world: World) {
        let lost = Int(account.lostOn)
        let isActive = day < lost || Int(account.backOn) <= day
        status = isActive ? "active" : day < lost + 30 && lost % 3 > 0 ? "inactive" : "churned"
        tier = account.tier(on: day)
        let graded = account.gradedOn != Account.never
        isKeyAccount = account.isKeyAccount && graded ? day >= Int(account.gradedOn) : nil
        owner =
            isActive && account.desk >= 0
            ? world.owner(ofDesk: account.desk, on: day) : nil
    }

    /// The ranges of a customer's standing known by now, seconds since 1970; the last is open.
    static func ranges(
        of account: Account, _ world: World
    ) -> [(standing: Standing, from: Int, to: Int?)] {
        let lost = Int(account.lostOn)
        var days = [Int(account.gradedOn), lost, lost + 30, Int(account.backOn)]
        if account.desk >= 0 { days += world.roster.changes(at: Int(account.desk)) }
        let known = (account.becameOn + 1)...max(account.becameOn + 1, world.timeline.lastDay)
        var ranges: [(standing: Standing, from: Int, to: Int?)] = [
            (Standing(of: account, on: account.becameOn, world), account.becameAt, nil)
        ]
        for day in days.sorted() where known.contains(day) {
            let next = Standing(of: account, on: day, world)
            guard next != ranges[ranges.count - 1].standing else { continue }
            ranges[ranges.count - 1].to = day * secondsPerDay
            ranges.append((next, day * secondsPerDay, nil))
        }
        return ranges
    }
}

extension World {
    /// Who owns the customers of a desk: the manager of its department while it is vacant.
    func owner(ofDesk desk: Int32, on day: Int) -> Int {
        roster.holder(of: Int(desk), on: day)
            ?? roster.manager(of: roster.unit(ofDesk: Int(desk)), on: day)
    }

    /// The owner of a customer on a day, if it has one.
    func owner(of index: Int, on day: Int) -> Int? {
        let desk = accounts.all[index].desk
        return desk < 0 ? nil : owner(ofDesk: desk, on: day)
    }
}
