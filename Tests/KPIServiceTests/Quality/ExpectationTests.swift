import KPICore
import KPIIngest
import KPIService
import Testing

/// Every rule, where it holds and where it fails.
struct ExpectationTests {
    private static let orders = [
        "O1,C1,2025-03-01T08:00,2025-03-02,10.00,paid",
        "O2,C2,2025-03-01T09:00,2025-03-03,20.00,paid",
        "O2,C9,2025-03-02T10:00,,30.00,open",
        "O4,,2025-03-04T11:00,2025-03-04,-5.00,lost",
        "O5,C1,2025-03-05T12:00,2025-03-01,,void",
    ]

    /// Checked, failed and examples of one expectation.
    private func check(
        _ expectation: String, now: Instant = QualityWorkspace.noon
    ) async throws -> (checked: Int, failed: Int, examples: [String]) {
        let workspace = try QualityWorkspace([expectation], orders: Self.orders)
        let found = try await workspace.findings(now: now)
        let finding = try #require(found.values.first)
        return (finding.checked, finding.failed, finding.examples)
    }

    @Test("A value may stand once: every record of a repeated one is counted")
    func unique() async throws {
        #expect(
            try await check("{unique: order_id}")
                == (5, 2, ["orders.csv:3 O2", "orders.csv:4 O2"]))
        #expect(try await check("{unique: [order_id, customer]}") == (4, 0, []))
    }

    @Test("A missing value is reported with its file and line")
    func present() async throws {
        #expect(try await check("{present: amount}") == (5, 1, ["orders.csv:6"]))
        #expect(try await check("{present: order_id}") == (5, 0, []))
    }

    @Test("Bounds are included; missing values are no matter of a range")
    func range() async throws {
        #expect(
            try await check("{range: amount, from: 0, to: 30}") == (4, 1, ["orders.csv:5 -5.00"]))
        #expect(try await check("{range: amount, from: -5, to: 30}") == (4, 0, []))
        #expect(try await check("{range: amount, to: 29.99}") == (4, 1, ["orders.csv:4 30.00"]))
        #expect(
            try await check("{range: shipped_on, from: 2025-03-02}")
                == (4, 1, ["orders.csv:6 2025-03-01"]))
        #expect(
            try await check("{range: placed_at, from: 2025-03-01T08:00, to: 2025-03-05T11:59}")
                == (5, 1, ["orders.csv:6 2025-03-05 12:00:00"]))
    }

    @Test("Beyond a number of records files are no way to bring them")
    func filesUntil() async throws {
        #expect(try await check("{files_until: 5}") == (5, 0, []))
        #expect(try await check("{files_until: 3}") == (5, 2, ["sources: orders"]))
    }

    @Test("A value outside the list is reported")
    func oneOf() async throws {
        #expect(
            try await check("{one_of: stage, values: [paid, open, lost]}")
                == (5, 1, ["orders.csv:6 void"]))
        #expect(try await check("{one_of: stage, values: [paid, open, lost, void]}") == (5, 0, []))
    }

    @Test("A reference that has a value finds a record; an empty one is not looked at")
    func refers() async throws {
        #expect(try await check("{refers: customer}") == (4, 1, ["orders.csv:4 C9"]))
        let workspace = try QualityWorkspace(
            ["{refers: customer}"], orders: Self.orders, customers: ["C1", "C2", "C9"])
        #expect(try await workspace.findings().values.map(\.failed) == [0])
    }

    @Test("A condition must be true; one that cannot be told is not")
    func condition() async throws {
        #expect(
            try await check("{condition: date(placed_at) <= shipped_on}")
                == (
                    5, 2,
                    [
                        "orders.csv:4 2025-03-02 10:00:00/(missing)",
                        "orders.csv:6 2025-03-05 12:00:00/2025-03-01",
                    ]
                ))
        #expect(
            try await check(
                "{condition: shipped_on is missing or shipped_on >= placed_at - days(9)}")
                == (5, 0, []))
        // Through references too.
        let path = "{condition: customer.tier = \"A\"}"
        #expect(
            try await check(path) == (5, 2, ["orders.csv:4 ", "orders.csv:5 "].map { $0.trimmed }))
    }

    @Test("Records may be as old as is said, by the clock of the load")
    func fresh() async throws {
        // The latest recorded time is 5 March, 12:00.
        let watermark = "2025-03-05T12:00:00.000001+08:00"
        #expect(try await check("{fresh: 5 days}") == (1, 0, []))
        #expect(try await check("{fresh: 4 days}") == (1, 1, [watermark]))
        let later = QualityWorkspace.noon + microsecondsPerDay
        #expect(try await check("{fresh: 5 days}", now: later) == (1, 1, [watermark]))
        #expect(try await check("{fresh: 144 hours}", now: later) == (1, 0, []))
        let empty = try QualityWorkspace(["{fresh: 5 days}"], orders: [])
        #expect(try await empty.findings().values.map(\.failed) == [1])
    }

    @Test("Whole covered periods have so many records, those without any too")
    func rows() async throws {
        // 1 to 4 March are whole; the 3rd has none, the 5th is not over.
        #expect(
            try await check("{rows: {per: day, from: 1}}") == (4, 1, ["2025-03-03: 0"]))
        #expect(try await check("{rows: {per: day, to: 1}}") == (4, 1, ["2025-03-01: 2"]))
        #expect(try await check("{rows: {per: day, from: 0, to: 2}}") == (4, 0, []))
        // By the day of shipping: from 1 March to the watermark.
        #expect(
            try await check("{rows: {per: day, from: 1, time: shipped_on}}")
                == (4, 0, []))
    }
}

extension String {
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()).trimmed : self }
}

/// What a load does about what it finds.
struct ExpectationLoadTests {
    private static let good = ["O1,C1,2025-03-01T08:00,2025-03-02,10.00,paid"]
    private static let bad = good + ["O1,C9,2025-03-01T09:00,2025-03-03,20.00,paid"]

    @Test("A load that an expectation refuses leaves everything as it was")
    func refusal() async throws {
        let expectations = [
            "{unique: order_id, severity: refuse}", "{refers: customer, severity: refuse}",
            "{range: amount, to: 15}",
        ]
        let workspace = try QualityWorkspace(expectations, orders: Self.good)
        try await workspace.load()
        let state = "SELECT dataset, expectation, checked, failed FROM plumb.quality ORDER BY 1, 2"
        let before = try await workspace.query(state).texts
        #expect(before.count == 3)
        try workspace.orders(Self.bad)
        let error = await #expect(throws: Diagnostics.self) { try await workspace.load() }
        let items = try #require(error).items
        #expect(items.map(\.code) == ["KPI0340", "KPI0340"])
        #expect(
            items.map { $0.place?.description } == [
                "datasets/orders.yaml:17:5", "datasets/orders.yaml:18:5",
            ])
        let text = try #require(items.first).text()
        #expect(text.contains("2 of 2 records, for instance orders.csv:2 O1, orders.csv:3 O1"))
        #expect(try await workspace.query("SELECT count(*) FROM data.orders").texts == [["1"]])
        #expect(try await workspace.query(state).texts == before)
    }

    @Test("A warning is reported and kept under the load that it is about")
    func warning() async throws {
        let workspace = try QualityWorkspace(["{unique: order_id}"], orders: Self.good)
        #expect(try await workspace.load().expectations.map(\.finding.failed) == [0])
        try workspace.orders(Self.bad)
        #expect(try await workspace.load().expectations.map(\.finding.failed) == [2])
        // The same records again: the same load, checked anew.
        let later = QualityWorkspace.noon + 3600 * microsecondsPerSecond
        try await workspace.load(now: later)
        let kept = try await workspace.query(
            """
            SELECT load, dataset, expectation, checked, failed, replace(examples, chr(10), '|'),
            strftime("at", '%dT%H') FROM plumb.quality ORDER BY load
            """)
        #expect(
            kept.texts == [
                ["1", "orders", "unique order_id", "1", "0", "", "10T04"],
                [
                    "2", "orders", "unique order_id", "2", "2", "orders.csv:2 O1|orders.csv:3 O1",
                    "10T05",
                ],
            ])
    }

    @Test("What a reference leads to decides too: a load of the parents alone is checked")
    func parents() async throws {
        let workspace = try QualityWorkspace(
            ["{refers: customer, severity: refuse}", "{fresh: 1 days, severity: refuse}"],
            orders: Self.good)
        // The clock is 1 March, so the records are fresh.
        let early = QualityWorkspace.noon - 9 * microsecondsPerDay
        try await workspace.load(now: early)
        try workspace.customers(["C2"])
        let error = await #expect(throws: Diagnostics.self) {
            try await workspace.load(["customers"])
        }
        // Not the age of orders, which the load does not touch.
        #expect(error?.items.map(\.code) == ["KPI0340"])
        #expect(try await workspace.query("SELECT count(*) FROM data.customers").texts == [["2"]])
    }

    @Test("A workspace that refuses what the assessed collected refuses the load")
    func collected() async throws {
        let collected = "collected: {by: stage, own: own_department, score: amount}\n"
        let orders = Self.good + ["O2,C1,2025-03-01T09:00,,1.00,own_department"]
        let marked = try QualityWorkspace([], orders: orders, more: collected)
        #expect(try await marked.load().expectations.isEmpty)
        let refusing = try QualityWorkspace(
            [], orders: orders, settings: "provenance: {satisfaction: refuse}\n", more: collected)
        let error = await #expect(throws: Diagnostics.self) { try await refusing.load() }
        #expect(error?.items.map(\.code) == ["KPI0340"])
        try refusing.orders(Self.good)
        try await refusing.load()
    }
}
