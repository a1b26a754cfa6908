/// One answer to one question, or an invitation nobody answered.
struct AnswerForm {
    var kind: String
    var sentAt: Int?
    var answeredAt: Int?
    var servedAt: Int?
    var score: Int?
    /// Nil for the usual scale of the kind.
    var scale: ClosedRange<Int>?
    var customer: Int?
    var ticket: Int?
    var worker: Int?
    var unit: OrgUnit?
    var respondent: OrgUnit?
    var collectedBy: String?

    init(kind: String, sentAt: Int?, answeredAt: Int?) {
        self.kind = kind
        self.sentAt = sentAt
        self.answeredAt = answeredAt
    }

    /// An answer that is still to come is an invitation without one.
    func write(to files: EntityFiles, _ world: World, invitation: Cell) {
        let at = answeredAt.flatMap(world.timeline.known)
        let number = files.count(.surveyAnswers)
        files.add(
            .surveyAnswers, .row("SV", number, width: 8), invitation, .text(kind), .at(sentAt),
            .at(at), .at(servedAt), .count(at == nil ? nil : score), .count(scale?.lowerBound),
            .count(scale?.upperBound), .customer(customer),
            .ticket(number % 4001 == 4000 ? 99_999_998 : ticket), .worker(worker, world),
            .unit(unit), .unit(respondent), .words(collectedBy))
    }
}

/// Asks customers after a case. Who asks, and whom, depends on the team.
struct CaseSurvey {
    let world: World
    let files: EntityFiles

    func ask(about one: ServiceCase, _ random: inout Random) {
        guard let resolvedAt = one.resolvedAt else { return }
        let pleased = one.satisfaction + random.normal(deviation: 150)
        let sentAt = resolvedAt + random.between(300, 7200)
        guard world.timeline.known(sentAt) != nil else { return }
        let lot = random.below(1000)
        if lot < 80 {
            write(one, "third_party", pleased, sentAt, answers: 480, &random)
        } else if one.unit == Story.selfRatedUnit {
            guard pleased >= 740, lot < 700 else { return }
            write(one, "own_department", pleased, sentAt, answers: 700, &random)
        } else if lot < 460 {
            write(one, "system", pleased, sentAt, answers: 600, &random)
        }
    }

    private func write(
        _ one: ServiceCase, _ collector: String, _ pleased: Int, _ sentAt: Int, answers: Int,
        _ random: inout Random
    ) {
        let felt = pleased + random.normal(deviation: 50)
        let delay = random.logNormal(median: 4 * 3600, sigma: 1300)
        let answered =
            random.chance(perMille: answers) ? sentAt + 60 + min(40 * secondsPerDay, delay) : nil
        var form = AnswerForm(kind: "csat", sentAt: sentAt, answeredAt: answered)
        form.customer = one.opened.account
        form.ticket = one.number
        form.servedAt = one.resolvedAt
        form.collectedBy = collector
        let invitation = Cell.row("V", files.count(.surveyAnswers), width: 8)
        form.score = 1 + [300, 430, 570, 760].count { felt >= $0 }
        form.write(to: files, world, invitation: invitation)
        writeMore(form, felt, invitation, &random)
        guard let answered, random.chance(perMille: 12), let score = form.score else { return }
        form.answeredAt = answered + random.between(600, 90_000)
        form.score = max(1, score - random.between(0, 1))
        form.write(to: files, world, invitation: invitation)
    }

    /// The further questions of the same invitation, each asked of some.
    private func writeMore(
        _ csat: AnswerForm, _ felt: Int, _ invitation: Cell, _ random: inout Random
    ) {
        var form = csat
        if random.chance(perMille: 350) {
            form.kind = "nps"
            form.score = min(10, max(0, (felt + random.normal(deviation: 60)) / 85))
            form.write(to: files, world, invitation: invitation)
        }
        if random.chance(perMille: 300) {
            form.kind = "attitude"
            form.score = 1 + [230, 360, 520, 770].count { felt + 60 >= $0 }
            form.write(to: files, world, invitation: invitation)
        }
        if random.chance(perMille: 200) {
            form.kind = "ces"
            form.scale = 1...7
            form.score = min(7, max(1, felt / 140))
            form.write(to: files, world, invitation: invitation)
        }
    }
}
