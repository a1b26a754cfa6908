/// A dealer, supplier or platform that does a part of the service.
struct Partner {
    let id: String
    let kind: String

    static let all = [
        Partner(id: "北方维修 North Repair", kind: "dealer"),
        Partner(id: "江南服务 Jiangnan Service", kind: "dealer"),
        Partner(id: "海湾经销 Bay Dealers", kind: "dealer"),
        Partner(id: "快递联运 Parcel Union", kind: "supplier"),
        Partner(id: "商城平台 Mall Platform", kind: "platform"),
    ]

    static func some(_ random: inout Random) -> Int {
        random.pick(Weights([220, 220, 340, 140, 80]))
    }
}

/// Writes requests to partners. Cases that need one wait until it is done.
struct PartnerFiles {
    let world: World
    let files: EntityFiles

    private struct Request {
        let requestedAt: Int
        let respondedAt: Int
        let completedAt: Int
        let dueAt: Int
    }

    /// The slow partner takes some days, the others some hours.
    private func request(_ partner: Int, at second: Int, _ random: inout Random) -> Request {
        let month = world.month(of: second / secondsPerDay)
        let isSlow = partner == Story.slowPartner && month >= Story.slowSince
        let wait = random.logNormal(median: (isSlow ? 38 : 4) * 3600, sigma: 600)
        let work = random.logNormal(median: (isSlow ? 14 : 10) * 3600, sigma: 500)
        let respondedAt = second + max(300, wait)
        return Request(
            requestedAt: second, respondedAt: respondedAt, completedAt: respondedAt + work,
            dueAt: second + 36 * 3600)
    }

    /// Asks a partner for a case that was answered at a second; gives when its work is done.
    func ask(
        _ partner: Int, for account: Int, at second: Int, _ random: inout Random
    ) -> Int {
        let request = request(partner, at: second + 600, &random)
        write(request, partner, account, &random)
        return request.completedAt
    }

    private func write(
        _ request: Request, _ partner: Int, _ account: Int, _ random: inout Random
    ) {
        guard world.timeline.known(request.requestedAt) != nil else { return }
        let withdrawn = random.chance(perMille: 20)
        let silent = random.chance(perMille: 15)
        let promised = random.chance(perMille: 930)
        files.add(
            .partnerServices, .row("PS", files.count(.partnerServices), width: 6),
            .text(Partner.all[partner].id), .text(Partner.all[partner].kind), .customer(account),
            .at(request.requestedAt), .at(silent ? nil : request.respondedAt),
            .due(at: promised ? request.dueAt : nil),
            .at(silent || withdrawn ? nil : request.completedAt),
            withdrawn ? .flag(true) : random.chance(perMille: 400) ? .flag(false) : .empty)
    }

    /// Requests that belong to no case, one for about 25 cases.
    func writeOthers(on day: Int, cases: Int) {
        for index in 0..<((cases + day % 25) / 25) {
            var random = world.random(.partners, day, index)
            let at = officeTime(day, &random)
            let partner = Partner.some(&random)
            let account = world.accounts.active(on: day, &random)
            write(request(partner, at: at, &random), partner, account, &random)
        }
    }
}
