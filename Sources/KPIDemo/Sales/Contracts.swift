/// Writes the terms of each customer's contracts and puts down the orders they come with.
struct ContractFiles {
    let world: World
    let files: EntityFiles
    let sales: SalesDesk

    /// A term; days since 1970, cents.
    private struct Term {
        var signedOn: Int
        var startsOn: Int
        /// Nil for an open-ended one.
        var expiresOn: Int?
        var value: Int
        var isRecurring: Bool
        var product: Int
        var renews: Int?
    }

    func write() {
        for index in 0..<world.accounts.wonCount { write(of: index) }
    }

    /// Terms of a year each, one after the other while the customer stays and wants to.
    private func write(of index: Int) {
        let account = world.accounts.all[index]
        var random = world.random(.contracts, index)
        let chance = [80, 600, 850][account.segment.rawValue]
        guard random.chance(perMille: chance) else { return }
        let size = [1, 6, 40][account.segment.rawValue]
        var yearly = random.logNormal(median: 60_000 * size, sigma: 500)
        let signed = account.becameOn + random.between(1, 60)
        guard signed < Int(account.lostOn) else { return }
        let kind = random.below(100)
        var term = Term(
            signedOn: signed, startsOn: signed + random.between(1, 20), value: yearly,
            isRecurring: kind >= 10, product: random.between(6, 9))
        term.expiresOn = kind < 95 ? term.startsOn + 364 : nil
        while term.signedOn <= world.timeline.lastDay {
            let number = write(term, of: index, &random)
            guard let expires = term.expiresOn, term.isRecurring else { return }
            let stays = account.isActive(on: expires) && random.chance(perMille: 880)
            let signed = expires + random.between(-30, 36)
            yearly = yearly * random.between(88, 118) / 100
            guard stays, account.isActive(on: signed) else { return }
            term.renews = number
            (term.signedOn, term.startsOn) = (signed, max(signed, expires + 1))
            (term.expiresOn, term.value) = (term.startsOn + 364, yearly)
        }
    }

    private func write(_ term: Term, of index: Int, _ random: inout Random) -> Int {
        let lost = Int(world.accounts.all[index].lostOn)
        let end = term.expiresOn ?? .max
        let terminated = term.startsOn < lost && lost < end && random.chance(perMille: 700)
        let renewing = term.renews != nil
        let worker = responsible(for: index, renewing, on: term.signedOn, &random)
        let hasDelivery = random.chance(perMille: 850)
        let due = term.startsOn + random.between(10, 35)
        let fulfilled =
            due + (random.chance(perMille: 880) ? -random.below(9) : random.between(1, 20))
        let isOpen = terminated && lost < fulfilled
        if term.signedOn >= world.timeline.firstDay {
            sales.expect(
                Sale(
                    placedAt: officeTime(term.signedOn, &random), account: index, worker: worker,
                    channel: "contract", amount: term.value, product: term.product))
        }
        return files.add(
            .contracts, .row("CT", files.count(.contracts), width: 6), .customer(index),
            .product(term.product), .worker(worker, world), .on(term.signedOn),
            .due(on: term.startsOn), .due(on: term.expiresOn), .on(terminated ? lost : nil),
            .money(term.value), .money(term.isRecurring ? term.value : nil),
            .row("CT", term.renews, width: 6), .due(on: hasDelivery ? due : nil),
            .on(hasDelivery && !isOpen ? fulfilled : nil))
    }

    private func responsible(
        for index: Int, _ renewing: Bool, on day: Int, _ random: inout Random
    ) -> Int {
        if renewing, day >= world.roster.renewalsFounded {
            return world.roster.member(of: .renewals, on: day, &random)
        }
        let first = max(day, world.timeline.firstDay)
        return world.owner(of: index, on: day)
            ?? world.roster.member(of: .accounts, on: first, &random)
    }
}
