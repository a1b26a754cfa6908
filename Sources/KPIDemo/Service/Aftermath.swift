/// Writes what customers say about the service, internal checks, and points of the journey.
struct AftermathFiles {
    let world: World
    let files: EntityFiles

    func write(for one: ServiceCase, _ random: inout Random) {
        let satisfaction = one.satisfaction
        if random.chance(perMille: satisfaction < 500 ? 90 : 14) {
            complain(about: one, "complaint", &random)
        } else if satisfaction > 800, random.chance(perMille: 12) {
            complain(about: one, "praise", &random)
        }
        guard let resolvedAt = one.resolvedAt else { return }
        if random.chance(perMille: 60) { check(one, resolvedAt, &random) }
        if random.chance(perMille: 150) {
            let met = satisfaction > 560 || random.chance(perMille: 300)
            touch(one.opened.account, "service", "case solved", resolvedAt, met, &random)
        }
    }

    private func complain(about one: ServiceCase, _ kind: String, _ random: inout Random) {
        let at = (one.resolvedAt ?? one.opened.openedAt) + random.between(1800, 200_000)
        writeFeedback(
            kind, at: at, account: one.opened.account, ticket: one.number, worker: one.assignee,
            occurredAt: one.resolvedAt, &random)
    }

    private func writeFeedback(
        _ kind: String, at second: Int, account: Int?, ticket: Int?, worker: Int?,
        occurredAt: Int?, _ random: inout Random
    ) {
        guard world.timeline.known(second) != nil else { return }
        let number = files.count(.feedback)
        let answered = random.chance(perMille: 900)
        let delay = random.logNormal(median: 20 * 3600, sigma: 1000)
        let settled = random.chance(perMille: 860)
        let settledAt = second + delay + random.logNormal(median: 60 * 3600, sigma: 900)
        let repeats = number > 20 && random.chance(perMille: 35)
        files.add(
            .feedback, .row("FB", number, width: 6), .text(kind),
            .text(random.element(["phone", "email", "app", "web", "letter"])), .customer(account),
            number % 251 == 250 ? "SW-99" : .product(random.below(Products.all.count)),
            .ticket(ticket), .worker(worker, world),
            .at(random.chance(perMille: 600) ? occurredAt : nil), .at(second),
            .at(answered ? second + delay : nil), .at(answered && settled ? settledAt : nil),
            random.chance(perMille: 30) ? .flag(true) : .empty,
            repeats ? .row("FB", number - random.between(1, 20), width: 6) : .empty)
    }

    /// Opinions that belong to no case, and contacts of the journey with no case.
    func writeOthers(on day: Int, cases: Int) {
        for index in 0..<((cases + day % 14) / 14) {
            var random = world.random(.opinions, day, index)
            let kinds = ["problem", "opinion", "suggestion", "praise", "complaint"]
            let kind = kinds[random.pick(Weights([260, 240, 260, 180, 60]))]
            let known = random.chance(perMille: 820)
            writeFeedback(
                kind, at: clock(day, Hours.shop, &random),
                account: known ? world.accounts.active(on: day, &random) : nil, ticket: nil,
                worker: nil, occurredAt: nil, &random)
        }
        for index in 0..<(cases / 9 + 1) {
            var random = world.random(.journeys, day, index)
            let (stage, name) = random.element(Self.stations)
            let account = world.accounts.active(on: day, &random)
            let at = clock(day, Hours.shop, &random)
            touch(account, stage, name, at, random.chance(perMille: 880), &random)
        }
    }

    private static let stations = [
        ("awareness", "website visit"), ("purchase", "checkout"), ("purchase", "consultation"),
        ("delivery", "parcel handed over"), ("onboarding", "first login"),
        ("renewal", "renewal call"),
    ]

    private func touch(
        _ account: Int, _ stage: String, _ name: String, _ at: Int, _ met: Bool,
        _ random: inout Random
    ) {
        guard world.timeline.known(at) != nil else { return }
        files.add(
            .touchpoints, .row("TC", files.count(.touchpoints)), .customer(account), .text(stage),
            .text(name), .at(at), .flag(random.chance(perMille: 900) ? met : nil))
    }

    /// A case looked at again by a colleague, on 100 points, at times on 20.
    private func check(_ one: ServiceCase, _ resolvedAt: Int, _ random: inout Random) {
        let at = officeTime(
            workday(from: resolvedAt / secondsPerDay + random.between(1, 6)), &random)
        guard world.timeline.known(at) != nil else { return }
        let points = min(
            100, max(20, 45 + one.satisfaction * 50 / 1000 + random.normal(deviation: 8)))
        let ofTwenty = random.chance(perMille: 150)
        let scored = random.chance(perMille: 970)
        files.add(
            .qualityReviews, .row("QR", files.count(.qualityReviews), width: 6),
            .ticket(one.number), nil, .worker(one.assignee, world),
            random.chance(perMille: 800) ? .at(resolvedAt) : .empty, .at(at),
            scored ? .decimal(ofTwenty ? points * 2 : points * 10, places: 1) : .empty,
            ofTwenty ? 20 : .empty, random.chance(perMille: 950) ? .flag(points >= 78) : .empty)
    }
}
