import KPICore

/// Articles of the knowledge base. Their number does not go with scale.
final class Articles {
    private let world: World
    private let files: EntityFiles
    private let first = 80
    private let monthly = 3

    init(_ world: World, _ files: EntityFiles) {
        self.world = world
        self.files = files
    }

    /// Seconds since 1970.
    private func publishedAt(_ index: Int) -> Int {
        var random = world.random(.articles, index)
        guard index >= first else {
            return officeTime(world.timeline.firstDay - random.between(30, 900), &random)
        }
        let month = world.firstDay(ofMonth: (index - first) / monthly)
        return officeTime(month + random.between(1, 20), &random)
    }

    private func retiredAt(_ index: Int) -> Int? {
        var random = world.random(.articles, index, 1)
        guard index % 9 == 4 else { return nil }
        return officeTime(world.timeline.firstDay + random.between(60, 700), &random)
    }

    func begin() {
        let topics = ["安装 Set-up", "排障 Fault finding", "账单 Billing", "退换 Returns", "使用 Use"]
        for index in 0..<(first + monthly * 24) {
            var random = world.random(.articles, index, 2)
            let day = max(world.timeline.firstDay, publishedAt(index) / secondsPerDay)
            let product = index % Products.all.count
            let worker = world.roster.member(of: .online, on: day, &random)
            files.add(
                .knowledgeArticles, .article(index),
                .text("\(topics[index % 5]): \(Products.all[product].id) #\(index / 5 + 1)"),
                index % 6 == 5 ? .empty : .product(product), .worker(worker, world),
                .at(publishedAt(index)), .at(retiredAt(index)))
        }
    }

    /// The article a case is answered with; now and then one that is gone, or was never there.
    func answer(to ticket: Int, _ product: Int, _ random: inout Random) -> Cell {
        if ticket % 499 == 498 { return "K-missing" }
        return .article(random.below(8) * Products.all.count + product)
    }

    /// The updates due and the audits of a month.
    func month(_ month: Int) {
        for index in 0..<9 {
            for kind in ["update", "audit"] {
                var random = world.random(
                    .articleReviews, month * 2 + (kind == "audit" ? 1 : 0), index)
                write(kind, month, &random)
            }
        }
    }

    private func write(_ kind: String, _ month: Int, _ random: inout Random) {
        let day = world.firstDay(ofMonth: month) + random.between(1, 26)
        let live = first + monthly * month
        let article = random.below(live)
        let isUpdate = kind == "update"
        let isLate = random.chance(perMille: 170)
        let at = officeTime(
            isUpdate ? day + (isLate ? random.between(1, 12) : -random.below(6)) : day, &random)
        let done = !isUpdate || random.chance(perMille: 960)
        let result =
            isUpdate ? nil : random.chance(perMille: 40) ? nil : random.chance(perMille: 930)
        let dated = isUpdate && random.chance(perMille: 950)
        let worker = world.roster.member(of: .online, on: day, &random)
        files.add(
            .knowledgeReviews, .row("KR", files.count(.knowledgeReviews), width: 5),
            .article(article), .text(kind), .due(on: dated ? day : nil), .at(done ? at : nil),
            .words(result.map { $0 ? "accurate" : "inaccurate" }), .worker(worker, world))
    }
}
