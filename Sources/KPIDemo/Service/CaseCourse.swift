/// Takes a case from its first message to its solution.
struct CaseCourse {
    let world: World
    let mood: CaseMood
    let partners: PartnerFiles

    /// Sets the times of reply and solution and the events in between. Some cases stay without.
    func run(_ one: inout ServiceCase, _ random: inout Random) {
        let openedAt = one.opened.openedAt
        one.events.append(CaseEvent(kind: "customer_message", at: openedAt))
        if !one.opened.channel.isLive, random.chance(perMille: 300) {
            one.events.append(CaseEvent(kind: "bot_reply", at: openedAt + 3))
        }
        assign(&one, one.assignee, one.unit, at: openedAt + 1)
        guard !random.chance(perMille: 15) else {
            one.first = nil
            return
        }
        let repliedAt = openedAt + wait(one.opened, &random)
        one.firstResponseAt = repliedAt
        keepAssigned(&one, at: repliedAt, &random)
        one.first = one.assignee
        reply(&one, at: repliedAt)
        one.contacts =
            random.chance(perMille: mood.oneContact) ? 1 : 2 + random.pick(Weights([700, 230, 70]))
        let category = ServiceCase.categories[one.opened.category]
        var length = solving(one, &random)
        if one.unit == .afterSales, category == "fault", random.chance(perMille: 600) {
            let done = partners.ask(
                Partner.some(&random), for: one.opened.account, at: repliedAt, &random)
            length = max(length, done + 1800 - repliedAt)
        }
        if random.chance(perMille: mood.handedOver) {
            handOver(&one, at: repliedAt + length / 3, &random)
        }
        guard !random.chance(perMille: mood.unresolved) else { return }
        resolve(&one, at: repliedAt + length, &random)
    }

    /// Seconds to the first reply; slower at night but for calls.
    private func wait(_ opened: OpenedCase, _ random: inout Random) -> Int {
        let atNight = !(8..<22).contains(opened.openedAt % secondsPerDay / 3600)
        let usual = opened.channel.replySeconds * (atNight && !opened.channel.isLive ? 4 : 1)
        let wait = random.logNormal(median: usual * mood.replyPace / 1000, sigma: 800)
        return min(5 * secondsPerDay, max(2, wait))
    }

    /// Seconds from the first reply to the solution; more contacts prolong it, and partners.
    private func solving(_ one: ServiceCase, _ random: inout Random) -> Int {
        let usual =
            ServiceCase.solvingMinutes[one.opened.category] * 60
            * ServiceCase.priorityPace[one.priority] / 1000
        let length = random.logNormal(median: usual * mood.solvingPace / 1000, sigma: 900)
        return min(40 * secondsPerDay, max(60 * one.contacts, length * (2 + one.contacts) / 3))
    }

    private func assign(_ one: inout ServiceCase, _ worker: Int, _ unit: OrgUnit, at: Int) {
        (one.assignee, one.unit) = (worker, unit)
        one.events.append(CaseEvent(kind: "assigned", at: at, worker: worker, unit: unit))
    }

    private func reply(_ one: inout ServiceCase, at second: Int) {
        one.events.append(CaseEvent(kind: "agent_reply", at: second, worker: one.assignee))
    }

    /// Another team takes over.
    private func handOver(_ one: inout ServiceCase, at second: Int, _ random: inout Random) {
        let others: [OrgUnit] = one.unit == .afterSales ? [.hotline, .online] : [.afterSales]
        let unit = random.element(others)
        let day = min(second / secondsPerDay, world.timeline.lastDay)
        one.handOvers += 1
        keepAssigned(&one, at: second, &random)
        one.events.append(CaseEvent(kind: "internal_note", at: second, worker: one.assignee))
        assign(&one, world.roster.member(of: unit, on: day, &random), unit, at: second + 1)
    }

    /// A colleague takes over from someone who is no longer in the team when it matters.
    private func keepAssigned(_ one: inout ServiceCase, at second: Int, _ random: inout Random) {
        let day = min(second / secondsPerDay, world.timeline.lastDay)
        guard world.roster.unit(of: one.assignee, on: day) == nil else { return }
        let worker = world.roster.member(of: one.unit, on: day, &random)
        assign(&one, worker, one.unit, at: second - 5)
    }

    /// The further contacts, the solution, perhaps a thank-you, reopening, and the close.
    private func resolve(_ one: inout ServiceCase, at planned: Int, _ random: inout Random) {
        contactAgain(&one, until: planned, &random)
        keepAssigned(&one, at: planned, &random)
        one.firstResolvedAt = planned
        one.resolvedAt = planned
        one.events.append(CaseEvent(kind: "resolved", at: planned, worker: one.assignee))
        if random.chance(perMille: 20) { postpone(&one) }
        if random.chance(perMille: 160) {
            one.events.append(
                CaseEvent(kind: "customer_message", at: planned + 120, needsReply: false))
        }
        if random.chance(perMille: mood.reopened) { reopen(&one, &random) }
        guard let resolvedAt = one.resolvedAt else { return }
        one.events.append(CaseEvent(kind: "closed", at: resolvedAt + 3 * secondsPerDay))
    }

    /// The customer asks again, evenly up to the solution, and is answered by who has the case.
    private func contactAgain(
        _ one: inout ServiceCase, until planned: Int, _ random: inout Random
    ) {
        let start = one.firstResponseAt ?? planned
        let pace = (planned - start) / one.contacts
        for contact in 1..<max(1, one.contacts) {
            let asked = start + pace * contact
            one.events.append(CaseEvent(kind: "customer_message", at: asked))
            let pause =
                one.opened.channel.isLive
                ? random.logNormal(median: 8, sigma: 800) : random.between(120, 5400)
            let answered = asked + max(2, min(pace - 6, pause))
            keepAssigned(&one, at: answered, &random)
            let worker = holder(of: one, at: answered)
            one.events.append(CaseEvent(kind: "agent_reply", at: answered, worker: worker))
        }
    }

    /// Who has a case at a second: hand-overs may lie later.
    private func holder(of one: ServiceCase, at second: Int) -> Int {
        one.events.last { $0.kind == "assigned" && $0.at <= second }?.worker ?? one.assignee
    }

    /// The promise for the solution is put off by two days; the ticket keeps the first one.
    private func postpone(_ one: inout ServiceCase) {
        guard let due = one.dueAt, let resolvedAt = one.firstResolvedAt else { return }
        let at = min(resolvedAt - 10, due - 60)
        guard at > one.opened.openedAt else { return }
        one.events.append(CaseEvent(kind: "due_changed", at: at, newDueAt: due + 172_800))
    }

    /// Most come back before the case is closed; one in ten is never resolved again.
    private func reopen(_ one: inout ServiceCase, _ random: inout Random) {
        guard let resolvedAt = one.firstResolvedAt else { return }
        let at = resolvedAt + random.between(3600, 60 * 3600)
        one.reopenedAt = at
        one.reopenCount = 1
        one.resolvedAt = nil
        one.events.append(CaseEvent(kind: "reopened", at: at))
        one.events.append(CaseEvent(kind: "customer_message", at: at + 1))
        let repliedAt = at + random.between(300, 7200)
        keepAssigned(&one, at: repliedAt, &random)
        reply(&one, at: repliedAt)
        guard !random.chance(perMille: 100) else { return }
        let again = at + 7300 + random.logNormal(median: 16 * 3600, sigma: 600)
        keepAssigned(&one, at: again, &random)
        one.resolvedAt = again
        one.events.append(CaseEvent(kind: "resolved", at: again, worker: one.assignee))
    }
}
