import KPICore

/// Someone who works or worked for the company; days since 1970.
struct Worker {
    let id: String
    let name: String
    let role: Role
    let hiredOn: Int
    /// The first day no longer employed.
    let leftOn: Int?
    let onboardingEnd: Int?
}

/// Someone's time in a unit, the last day excluded.
struct Posting {
    let worker: Int
    let unit: OrgUnit
    let from: Int
    let to: Int?

    func contains(_ day: Int) -> Bool { from <= day && day < to ?? .max }
}

/// The people and where they work. O(employees) of memory.
///
/// A desk is a place in a team; those who leave it are followed by someone newly hired.
struct Roster {
    let seed: UInt64
    let firstDay: Int
    /// In order of hiring.
    private(set) var workers: [Worker] = []
    private(set) var postings: [Posting] = []
    /// The desks of each unit, and who sits at each desk, in order of time.
    private(set) var desks: [[Int]] = OrgUnit.allCases.map { _ in [] }
    private let units: [OrgUnit]
    private var holders: [[Posting]]
    private var members: [[Posting]] = OrgUnit.allCases.map { _ in [] }
    private var careers: [[Posting]] = []

    /// The day the team Renewals is made out of Accounts.
    let renewalsFounded: Int
    /// The day the team Night becomes a part of Hotline.
    let nightMerged: Int

    init(seed: UInt64, scale: Double, timeline: Timeline) {
        self.seed = seed
        firstDay = timeline.firstDay
        renewalsFounded = CivilDate.firstDay(ofMonthIndex: timeline.firstMonth + 8).day
        nightMerged = CivilDate.firstDay(ofMonthIndex: timeline.firstMonth + 5).day
        let plan = Hiring(seed: seed, scale: scale, timeline: timeline)
        desks = plan.desks
        units = plan.units
        let stays = plan.stays.sorted { ($0.hired, $0.desk) < ($1.hired, $1.desk) }
        holders = Array(repeating: [], count: plan.units.count)
        for (worker, stay) in stays.enumerated() {
            let unit = plan.units[stay.desk]
            workers.append(stay.worker(named: worker, role: unit.facts.role))
            var career: [Posting] = []
            for (place, desk, from, to) in plan.stations(
                of: stay, founded: renewalsFounded, merged: nightMerged)
            {
                let posting = Posting(worker: worker, unit: place, from: from, to: to)
                if let desk { holders[desk].append(posting) }
                members[place.rawValue].append(posting)
                career.append(posting)
            }
            careers.append(career)
            postings += career
        }
    }

    func exists(_ unit: OrgUnit, on day: Int) -> Bool {
        switch unit {
        case .renewals: day >= renewalsFounded
        case .night: day < nightMerged
        default: true
        }
    }

    func unit(ofDesk desk: Int) -> OrgUnit { units[desk] }

    /// Who sits at a desk; nil while it is vacant.
    func holder(of desk: Int, on day: Int) -> Int? {
        holders[desk].first { $0.contains(day) }?.worker
    }

    /// Days after which someone else sits at a desk, in order.
    func changes(at desk: Int) -> [Int] {
        holders[desk].flatMap { [$0.from, $0.to ?? .max] }.filter { $0 < .max }.sorted()
    }

    func unit(of worker: Int, on day: Int) -> OrgUnit? {
        careers[worker].first { $0.contains(day) }?.unit
    }

    func manager(of unit: OrgUnit, on day: Int) -> Int {
        let desk = desks[(unit == .company ? .sales : unit.department).rawValue][0]
        return holder(of: desk, on: day) ?? 0
    }

    /// Someone of a unit, at work on that day where that can be had; the manager of an empty one.
    func member(of unit: OrgUnit, on day: Int, _ random: inout Random) -> Int {
        let postings = members[unit.rawValue]
        var found: Int?
        for _ in 0..<16 {
            let posting = postings[random.below(postings.count)]
            guard posting.contains(day) else { continue }
            found = posting.worker
            if isAtWork(posting.worker, on: day) { return posting.worker }
        }
        return found ?? postings.first { $0.contains(day) }?.worker ?? manager(of: unit, on: day)
    }

    /// All people of a unit itself on a day.
    func people(of unit: OrgUnit, on day: Int) -> [Int] {
        members[unit.rawValue].filter { $0.contains(day) }.map(\.worker)
    }

    /// Agents work five days out of seven, others from Monday to Friday. One day in 25 is missed.
    func isAtWork(_ worker: Int, on day: Int) -> Bool {
        isRostered(worker, on: day) && !isAbsent(worker, on: day)
    }

    func isRostered(_ worker: Int, on day: Int) -> Bool {
        workers[worker].role == .serviceAgent
            ? (day + worker * 3) % 7 < 5 : isWeekday(day)
    }

    private func isAbsent(_ worker: Int, on day: Int) -> Bool {
        var random = Random(seed: seed, stream: .absence, worker, day)
        return random.chance(perMille: 40)
    }

    /// The desk of the salesperson who pulls deals into the quarter.
    var pullingDesk: Int { desks[Story.pullingUnit.rawValue][Story.pullingPlace] }
}

/// Who is hired when, before anyone has a name.
private struct Hiring {
    struct Stay {
        let desk: Int
        let hired: Int
        var left: Int?
        var onboardingEnd: Int?
        /// The agent of the story, with the day of the move.
        var movesOn: Int?
    }

    /// The unit of each desk.
    private(set) var units: [OrgUnit] = []
    private(set) var desks: [[Int]] = OrgUnit.allCases.map { _ in [] }
    private(set) var stays: [Stay] = []
    private let horizon: Int
    private let firstDay: Int

    init(seed: UInt64, scale: Double, timeline: Timeline) {
        horizon = timeline.lastDay + 1
        firstDay = timeline.firstDay
        for unit in OrgUnit.allCases where unit.facts.desks > 0 {
            let count = unit.isTeam ? scaled(unit.facts.desks, scale, atLeast: 2) : 1
            for _ in 0..<count {
                desks[unit.rawValue].append(units.count)
                units.append(unit)
            }
        }
        var current = units.indices.map { desk in
            var random = Random(seed: seed, stream: .workers, desk)
            let days = units[desk].isTeam ? random.between(200, 2000) : random.between(2100, 2500)
            return Stay(desk: desk, hired: firstDay - days)
        }
        moveOne(&current, timeline)
        for month in -1...25 {
            for index in 0..<max(1, Int((1.1 * scale).rounded())) {
                var random = Random(seed: seed, stream: .turnover, month, index)
                replaceSomeone(&current, timeline.firstMonth + month, &random)
            }
        }
        stays += current.filter { $0.hired < horizon }
    }

    /// The agent of the story leaves the desk for another team; a new one follows.
    private mutating func moveOne(_ current: inout [Stay], _ timeline: Timeline) {
        let desk = desks[OrgUnit.online.rawValue][0]
        let month = CivilDate.firstDay(ofMonthIndex: timeline.firstMonth + Story.moveMonth).day
        current[desk].movesOn = month + Story.moveDay
        stays.append(current[desk])
        let hired = month + Story.moveDay + 12
        current[desk] = Stay(desk: desk, hired: hired, onboardingEnd: hired + 28)
    }

    /// Someone leaves; a successor is released to independent work in the given month.
    private mutating func replaceSomeone(
        _ current: inout [Stay], _ month: Int, _ random: inout Random
    ) {
        let end = CivilDate.firstDay(ofMonthIndex: month).day + random.between(1, 27)
        let hired = end - random.between(18, 40)
        let left = hired - random.between(4, 25)
        for _ in 0..<8 {
            let desk = random.below(units.count)
            guard !isFixed(desk), current[desk].hired < left - 150 else { continue }
            current[desk].left = left < horizon ? left : nil
            stays.append(current[desk])
            current[desk] = Stay(desk: desk, hired: hired, onboardingEnd: end)
            return
        }
    }

    /// Managers and those a story or a reorganisation is about stay.
    private func isFixed(_ desk: Int) -> Bool {
        let puller = desks[Story.pullingUnit.rawValue][Story.pullingPlace]
        let isPartOfStory = desk == puller || desk == desks[OrgUnit.online.rawValue][0]
        return !units[desk].isTeam || units[desk] == .renewals || isPartOfStory || isNight(desk)
    }

    /// The first two desks of the hotline are those of the night shift.
    private func isNight(_ desk: Int) -> Bool {
        desks[OrgUnit.hotline.rawValue][..<2].contains(desk)
    }

    /// Unit, desk, first day and first day no longer there.
    func stations(
        of stay: Stay, founded: Int, merged: Int
    ) -> [(OrgUnit, Int?, Int, Int?)] {
        let unit = units[stay.desk]
        if let day = stay.movesOn {
            return [(unit, stay.desk, stay.hired, day), (.hotline, nil, day, stay.left)]
        }
        if isNight(stay.desk), stay.hired < merged {
            return [(.night, nil, stay.hired, merged), (unit, stay.desk, merged, stay.left)]
        }
        guard unit == .renewals, stay.hired < founded else {
            return [(unit, stay.desk, stay.hired, stay.left)]
        }
        return [(.accounts, nil, stay.hired, founded), (unit, stay.desk, founded, stay.left)]
    }
}

extension Hiring.Stay {
    fileprivate func worker(named index: Int, role: Role) -> Worker {
        let (id, name) = Names.person(index)
        return Worker(
            id: id, name: name, role: role, hiredOn: hired, leftOn: left,
            onboardingEnd: onboardingEnd)
    }
}

extension Cell {
    /// An employee of the world's roster.
    static func worker(_ index: Int?, _ world: World) -> Cell {
        words(index.map { world.roster.workers[$0].id })
    }
}

/// Writes units, people and postings.
struct OrganisationFiles {
    let world: World
    let files: EntityFiles

    func write() {
        writeUnits()
        writeWorkers()
        writePostings()
    }

    private func writeUnits() {
        for unit in OrgUnit.allCases {
            let start = unit == .company ? 2016 : unit.isDepartment ? 2017 : 2018
            let founded = CivilDate(year: start, month: 1, dayOfMonth: 1).day
            files.add(
                .orgUnits, .unit(unit), .text(unit.facts.name), .unit(unit.facts.parent),
                .text(unit.kind), .on(unit == .renewals ? world.roster.renewalsFounded : founded),
                .on(unit == .night ? world.roster.nightMerged : nil))
        }
    }

    private func writeWorkers() {
        let reasons = ["resigned", "resigned", "resigned", "dismissed", "retired", "other"]
        for (index, worker) in world.roster.workers.enumerated() {
            var random = world.random(.stays, index)
            let start = worker.onboardingEnd.map { _ in worker.hiredOn }
            files.add(
                .employees, .text(worker.id), .text(worker.name), .text(worker.role.rawValue),
                .on(worker.hiredOn), .on(worker.leftOn),
                .words(worker.leftOn.map { _ in random.element(reasons) }), .on(start),
                .on(worker.onboardingEnd))
        }
    }

    /// Every posting is the primary one; some say so. One in fifteen people helps another team.
    private func writePostings() {
        let horizon = world.timeline.lastDay + 1
        for posting in world.roster.postings where posting.from < horizon {
            var random = world.random(.stays, -1, posting.worker)
            files.add(
                .assignments, .row("A", files.count(.assignments), width: 4),
                .worker(posting.worker, world), .unit(posting.unit),
                .flag(random.chance(perMille: 600) ? true : nil), .on(posting.from),
                .on(posting.to))
            guard random.chance(perMille: 65), posting.unit.isTeam else { continue }
            files.add(
                .assignments, .row("A", files.count(.assignments), width: 4),
                .worker(posting.worker, world), .unit(.people), .flag(false),
                .on(posting.from + 30), .on(posting.to))
        }
    }
}
