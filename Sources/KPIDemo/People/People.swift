import KPICore

/// Writes work records, trainings, assessments, shared knowledge and the surveys of the staff.
struct PeopleFiles {
    let world: World
    let files: EntityFiles

    private var roster: Roster { world.roster }

    /// A record for each person on the roster, and for those who solved something on a day off.
    func day(_ day: Int, solved: [Int32]) {
        var output: [Int: Int] = [:]
        for worker in solved { output[Int(worker), default: 0] += 1 }
        for unit in OrgUnit.allCases where unit != .company {
            for worker in roster.people(of: unit, on: day) {
                writeWork(of: worker, day, output[worker] ?? 0)
            }
        }
    }

    private func writeWork(of worker: Int, _ day: Int, _ solved: Int) {
        let rostered = roster.isRostered(worker, on: day)
        guard rostered || solved > 0 else { return }
        var random = world.random(.workdays, day, worker)
        let present = roster.isAtWork(worker, on: day)
        let halves = !present ? (solved > 0 ? 4 : 0) : random.chance(perMille: 60) ? 8 : 16
        let isAgent = roster.workers[worker].role == .serviceAgent
        let measured = isAgent || random.chance(perMille: 700)
        let output = isAgent ? solved : random.between(1, 8) * halves / 16
        files.add(
            .workRecords, .row("W", files.count(.workRecords), width: 8),
            .worker(worker, world), .on(day), .decimal(halves * 5, places: 1),
            .count(measured && halves > 0 ? output : nil))
    }

    /// Everybody employed on a day, by unit.
    private func staff(on day: Int) -> [(worker: Int, unit: OrgUnit)] {
        OrgUnit.allCases.flatMap { unit in
            roster.people(of: unit, on: day).map { (worker: $0, unit: unit) }
        }
    }

    func month(_ month: Int) {
        let first = world.firstDay(ofMonth: month)
        let staff = staff(on: first)
        for (worker, unit) in staff {
            train(worker, unit, month, first)
            assess(worker, unit, month, first)
            ask(worker, unit, month, first, staff)
        }
        rateDepartments(month, first)
        share(staff, month, first)
    }

    private func isThere(_ worker: Int, _ day: Int) -> Bool {
        roster.unit(of: worker, on: day) != nil
    }

    private static let courses = [
        "服务礼仪 Courtesy", "产品知识 Product knowledge", "数据安全 Data safety",
        "谈判 Negotiation", "报表 Reporting",
    ]

    /// Half of the people are enrolled each month; one in five is late, some never come.
    private func train(_ worker: Int, _ unit: OrgUnit, _ month: Int, _ first: Int) {
        var random = world.random(.courses, month, worker)
        guard random.chance(perMille: 500) else { return }
        let planned = workday(from: first + random.between(1, 25))
        guard isThere(worker, planned) else { return }
        let fate = random.pick(Weights([760, 120, 60, 40, 20]))
        let done = planned + (fate == 1 ? random.between(3, 28) : 0)
        let cancelled: Int? =
            fate == 3
            ? (planned - 3) * secondsPerDay : fate == 4 ? planned * secondsPerDay + 50_000 : nil
        files.add(
            .trainings, .row("TR", files.count(.trainings), width: 6), .worker(worker, world),
            .text(random.element(Self.courses)), .due(on: planned),
            fate < 2 && isThere(worker, done) ? .on(done) : .empty,
            cancelled != nil ? .flag(true) : random.chance(perMille: 500) ? .flag(false) : .empty,
            .at(cancelled))
    }

    /// A fifth of the people take an assessment, a second time when they fail.
    private func assess(_ worker: Int, _ unit: OrgUnit, _ month: Int, _ first: Int) {
        var random = world.random(.skills, month, worker)
        guard random.chance(perMille: 220) else { return }
        let skills = ["产品 Product", "沟通 Communication", "系统 Systems"]
        let skill = random.element(skills)
        var day = workday(from: first + random.between(1, 16))
        for _ in 0..<2 where isThere(worker, day) {
            let score = min(100, max(20, 76 + random.normal(deviation: 13)))
            let judged = random.chance(perMille: 960)
            files.add(
                .skillAssessments, .row("SK", files.count(.skillAssessments), width: 6),
                .worker(worker, world), .text(skill), .at(officeTime(day, &random)),
                .flag(judged ? score >= 65 : nil), .count(judged ? score : nil))
            guard judged, score < 65 else { return }
            day = workday(from: day + 5)
        }
    }

    /// How content people are, without their names, and what they think of a colleague.
    private func ask(
        _ worker: Int, _ unit: OrgUnit, _ month: Int, _ first: Int,
        _ staff: [(worker: Int, unit: OrgUnit)]
    ) {
        var random = world.random(.staffSurveys, month, worker)
        let sent = (first + 14) * secondsPerDay + 36_000
        let answers = random.chance(perMille: 720)
        let slow = unit.department == .service && Story.dip.contains(month)
        var form = AnswerForm(
            kind: "employee", sentAt: sent,
            answeredAt: answers ? sent + random.between(600, 700_000) : nil)
        form.score =
            1 + random.pick(Weights(slow ? [120, 230, 340, 240, 70] : [30, 90, 250, 410, 220]))
        form.unit = unit
        form.collectedBy = "third_party"
        // In order of chance, so that the row does not tell whose it is.
        let mark = String(random.next() & 0xFFFF_FFFF, radix: 16)
        form.write(to: files, world, invitation: .text("staff-\(month + 1)-\(mark)"))
        let colleague = staff[random.below(staff.count)].worker
        guard colleague != worker else { return }
        var peer = AnswerForm(
            kind: "peer", sentAt: sent,
            answeredAt: random.chance(perMille: 780) ? sent + random.between(600, 700_000) : nil)
        peer.score = 1 + random.pick(Weights([10, 50, 220, 450, 270]))
        peer.worker = colleague
        peer.collectedBy = "system"
        peer.write(to: files, world, invitation: .text("peer-\(month + 1)-\(mark)"))
    }

    /// Each department is rated by some people of each other one.
    private func rateDepartments(_ month: Int, _ first: Int) {
        let sent = (first + 19) * secondsPerDay + 36_000
        for rated in OrgUnit.departments {
            for rater in OrgUnit.departments where rater != rated {
                for index in 0..<2 {
                    var random = world.random(
                        .staffSurveys, -1 - month, rated.rawValue * 100 + rater.rawValue * 4 + index
                    )
                    let answers = random.chance(perMille: 850)
                    var form = AnswerForm(
                        kind: "collaboration", sentAt: sent,
                        answeredAt: answers ? sent + random.between(600, 600_000) : nil)
                    form.score = min(100, max(20, 82 + random.normal(deviation: 10)))
                    form.scale = 0...100
                    (form.unit, form.respondent) = (rated, rater)
                    form.collectedBy = "system"
                    let number = files.count(.surveyAnswers)
                    form.write(to: files, world, invitation: .row("V", number, width: 8))
                }
            }
        }
    }

    private func share(
        _ staff: [(worker: Int, unit: OrgUnit)], _ month: Int, _ first: Int
    ) {
        for (worker, _) in staff {
            var random = world.random(.sharing, month, worker)
            let isSeller = roster.workers[worker].role == .salesRep
            guard random.chance(perMille: isSeller ? 620 : 90) else { continue }
            let at = officeTime(first + random.between(0, 25), &random)
            let isPractice = random.chance(perMille: 80)
            write(isPractice ? "best_practice" : "share", worker, at, &random)
        }
        var random = world.random(.sharing, month, -1)
        let author = staff[random.below(staff.count)].worker
        write("best_practice", author, officeTime(first + 5, &random), &random)
    }

    private func write(_ kind: String, _ worker: Int, _ at: Int, _ random: inout Random) {
        guard isThere(worker, at / secondsPerDay) else { return }
        let adopts = kind == "best_practice" && random.chance(perMille: 580)
        let retires = random.chance(perMille: 120)
        files.add(
            .knowledgeShares, .row("KS", files.count(.knowledgeShares), width: 6), .text(kind),
            .worker(worker, world), .at(at),
            .at(adopts ? at + random.between(5, 90) * secondsPerDay : nil),
            .at(retires ? at + random.between(100, 500) * secondsPerDay : nil))
    }
}
