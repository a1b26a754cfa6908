import KPICore
import KPIIngest
import KPIService
import Testing

/// Cells that depend on other days than those of their period, and on time itself.
@Suite("Restatements of stocks, cohorts, waiting times and the organisation")
struct WideWindowTests {
    private static let files = [
        "plumbline.yaml": "name: wide\ntime_zone: Asia/Shanghai\ncurrency: CNY\n",
        "organization.yaml": """
        company: Us
        people: postings
        person: employee
        levels: {team: team}
        """,
        "datasets/postings.yaml": """
        dataset: postings
        key: posting
        valid: [since, until]
        columns: {posting: text, employee: text, team: text, since: date, until: date}
        """,
        "datasets/orders.yaml": """
        dataset: orders
        key: id
        time: ordered_on
        coverage: {from: 2026-01-01, to: 2026-04-01}
        columns: {id: text, customer: text, seller: text, ordered_on: date, returned_on: date}
        references: {by: {to: postings, on: seller, key: employee, at: ordered_on}}
        person: by
        measures:
          orders: {aggregate: count()}
          joined: {per: customer, cohort: min(ordered_on), aggregate: count()}
          kept: {aggregate: count(), window: 20 days, where: returned_on is missing}
        """,
        "datasets/contracts.yaml": """
        dataset: contracts
        key: id
        valid: [since, until]
        coverage: {from: 2026-01-01, to: 2026-04-01}
        columns: {id: text, since: date, until: date}
        measures: {in_force: {aggregate: count(), stock: closing}}
        """,
        "kpis/all.yaml": """
        kpis:
          - {id: order-count, label: O, formula: orders}
          - {id: joiners, label: J, formula: joined}
          - {id: kept-orders, label: K, formula: kept}
          - {id: contract-count, label: C, formula: in_force}
        """,
        "data/postings.csv": """
        posting,employee,team,since,until
        p1,Ann,Red,2025-01-01,
        p2,Bob,Blue,2025-01-01,
        """,
        "data/orders.csv": """
        id,customer,seller,ordered_on,returned_on
        1,X,Ann,2026-01-10,
        2,X,Ann,2026-02-10,
        3,Y,Bob,2026-02-11,
        4,Z,Bob,2026-03-20,
        """,
        "data/contracts.csv": """
        id,since,until
        1,2026-01-05,
        2,2026-02-05,2026-03-01
        """,
    ]

    private let scratch = try! ScratchWorkspace()

    init() async throws {
        for (path, text) in Self.files { try scratch.write(text + "\n", to: path) }
        for name in ["postings", "orders", "contracts"] {
            let header = Self.files["data/\(name).csv"]!.split(separator: "\n")[0]
            let columns = header.split(separator: ",").map { "  \($0): \($0)\n" }.joined()
            try scratch.write(
                "source: \(name)\ndataset: \(name)\nfiles: \(name).csv\ncolumns:\n" + columns,
                to: "sources/\(name).yaml")
        }
        try await load()
    }

    private func load() async throws {
        let company = try await Company.open(scratch.folder)
        _ = try await Loader(warehouse: company.warehouse, dataFolder: scratch.folder + "/data")
            .load()
    }

    private func change(_ path: String, _ old: String, _ new: String) async throws {
        let text = try scratch.read(path)
        try #require(text.contains(old))
        try scratch.write(text.replacing(old, with: new), to: path)
        try await load()
    }

    private func publish(_ kpi: String, _ period: String, unfinished: Bool = false) async throws {
        var words = PublishText(period: period, by: "Ann")
        words.kpis = [kpi]
        words.allowsUnfinished = unfinished
        _ = try await Company.open(scratch.folder).publish(words)
    }

    private func restated() async throws -> [Restated] {
        try await Company.open(scratch.folder).restatements().items.map(Restated.init)
    }

    @Test("A stock depends on every day before its instant, and on none after it")
    func stock() async throws {
        try await publish("contract-count", "2026-01")
        try await publish("contract-count", "2026-03")
        try await change("data/contracts.csv", "2,2026-02-05", "3,2026-02-20,\n2,2026-02-05")
        #expect(
            try await restated() == [
                Restated("contract-count 2026-03", "1", "2", "late records")
            ])
    }

    @Test("A cohort depends on records of every day: an earlier order moves a customer")
    func cohort() async throws {
        try await publish("joiners", "2026-02")
        try await change("data/orders.csv", "1,X", "5,Y,Bob,2026-01-02,\n1,X")
        #expect(
            try await restated() == [
                Restated("joiners 2026-02", "1", "0", "late records"),
                Restated("joiners 2026-02 team=Blue", "1", "0", "late records"),
            ])
    }

    @Test("Provisional cells are refused; allowed, they are restated when their time has passed")
    func provisional() async throws {
        #expect(try await code { try await publish("kept-orders", "2026-03") } == "KPI0423")
        try await publish("kept-orders", "2026-03", unfinished: true)
        try await change("datasets/orders.yaml", "to: 2026-04-01", "to: 2026-05-01")
        let items = try await Company.open(scratch.folder).restatements().items
        // The company, and both teams: Red has postings and no order.
        #expect(items.map(\.was?.state) == [.provisional, .provisional, .provisional])
        #expect(items.map(\.now?.state) == [.final, .final, .final])
        #expect(items.allSatisfy { $0.reasons == [.timePassed] })
    }

    @Test("A posting that is corrected moves the orders of its time to another team")
    func posting() async throws {
        try await publish("order-count", "2026-02")
        try await change("data/postings.csv", "p2,Bob,Blue", "p2,Bob,Red")
        #expect(
            try await restated() == [
                Restated("order-count 2026-02 team=Blue", "1", "absent", "referenced records"),
                Restated("order-count 2026-02 team=Red", "1", "2", "referenced records"),
            ])
    }
}
