import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIService

/// Orders and their customers: a workspace for what is expected of records.
struct QualityWorkspace {
    let scratch: ScratchWorkspace

    /// - Parameters:
    ///   - expectations: lines of the list, each `{…}`.
    ///   - orders: lines of `order_id,customer,placed_at,shipped_on,amount,stage`.
    init(
        _ expectations: [String], orders: [String], customers: [String] = ["C1", "C2"],
        settings: String = "", more: String = "", source: String = ""
    ) throws {
        scratch = try ScratchWorkspace()
        try scratch.write(
            "name: Test\ntime_zone: Asia/Shanghai\ncurrency: CNY\n" + settings, to: "plumbline.yaml"
        )
        try write(expectations, more: more)
        try scratch.write(
            "dataset: customers\nkey: id\ncolumns: {id: text, tier: text}\n",
            to: "datasets/customers.yaml")
        let columns = Self.columns.map { "  \($0): \($0)\n" }.joined()
        try scratch.write(
            "source: orders\ndataset: orders\nfiles: orders.csv\n\(source)columns:\n\(columns)",
            to: "sources/orders.yaml")
        try scratch.write(
            "source: customers\ndataset: customers\nfiles: customers.csv\nmode: snapshot\n"
                + "columns: {id: id, tier: tier}\n", to: "sources/customers.yaml")
        try scratch.write(
            """
            kpis:
              - {id: revenue, label: revenue, formula: revenue}
              - {id: mean-amount, label: mean, formula: mean_amount}
              - {id: top-revenue, label: top, formula: top_revenue}

            """, to: "kpis/all.yaml")
        try self.orders(orders)
        try self.customers(customers)
    }

    static let columns = ["order_id", "customer", "placed_at", "shipped_on", "amount", "stage"]

    func write(_ expectations: [String], more: String = "") throws {
        let list = expectations.map { "  - \($0)\n" }.joined()
        try scratch.write(
            """
            dataset: orders
            time: [placed_at, shipped_on]
            provenance: system
            columns:
              order_id: text
              customer: text
              placed_at: timestamp
              shipped_on: date
              amount: money
              stage: text
            references: {customer: {to: customers, on: customer}}
            measures:
              revenue: {aggregate: sum(amount), where: stage = "paid", label: Revenue}
              mean_amount: {aggregate: mean(amount), label: Mean amount}
              top_revenue: {aggregate: sum(amount), where: stage = "paid" and customer.tier = "A", label: Top}

            """ + more + (list.isEmpty ? "" : "expectations:\n" + list),
            to: "datasets/orders.yaml")
    }

    func orders(_ lines: [String]) throws {
        let header = Self.columns.joined(separator: ",")
        try scratch.write(
            ([header] + lines).joined(separator: "\n") + "\n", to: "data/orders.csv")
    }

    func customers(_ ids: [String]) throws {
        try scratch.write(
            (["id,tier"] + ids.map { "\($0),A" }).joined(separator: "\n") + "\n",
            to: "data/customers.csv")
    }

    var company: Company { get async throws { try await Company.open(scratch.folder) } }

    /// The clock of the tests: noon of 10 March 2025 in Shanghai.
    static let noon = Zone.named("Asia/Shanghai")!.instant(LocalClock.parse("2025-03-10T12:00")!)

    @discardableResult
    func load(_ sources: [String] = [], now: Instant = noon, again: Bool = false) async throws
        -> LoadReport
    {
        let company = try await company
        var loader = Loader(warehouse: company.warehouse, dataFolder: scratch.folder + "/data")
        loader.now = now
        loader.again = again
        return try await loader.load(sources)
    }

    /// What a load finds, by the text of the expectation.
    func findings(now: Instant = noon) async throws -> [String: ExpectationFinding] {
        let report = try await load(now: now)
        return Dictionary(
            uniqueKeysWithValues: report.expectations.map { ($0.finding.expectation, $0.finding) })
    }

    func query(_ sql: String) async throws -> Table {
        try await company.warehouse.database.connect().query(sql)
    }
}

extension Table {
    /// Rows as texts, in the order of the statement.
    var texts: [[String]] {
        (0..<rowCount).map { row in
            columns.map { column in
                switch column[row] {
                case .text(let text): text
                case .integer(let number): String(number)
                default: "\(column[row])"
                }
            }
        }
    }
}
