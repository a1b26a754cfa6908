import Foundation
import KPICore
import KPIDemo
import KPIIngest
import KPIModel
import KPIQuery
import KPIService
import Testing

/// A folder of standard CSV files with everything computed from it, by the product and by the witness.
private actor StandardRun {
    static let edges = StandardRun("edge cases") { _ in StandardWitness.folder + "/data" }
    static let company = StandardRun("demonstration company") { scratch in
        try DemoCompany(scale: 0.1).write(to: scratch.folder + "/csv")
        return scratch.folder + "/csv"
    }

    struct Result: Sendable {
        var product: [StandardWitness.Key: StandardWitness.Cell]
        var witness: [StandardWitness.Key: StandardWitness.Cell]
        var company: Company
        var scratch: ScratchWorkspace
    }

    private let name: String
    private let data: @Sendable (ScratchWorkspace) throws -> String
    private var task: Task<Result, any Error>?

    init(_ name: String, data: @escaping @Sendable (ScratchWorkspace) throws -> String) {
        self.name = name
        self.data = data
    }

    func result() async throws -> Result {
        if let task { return try await task.value }
        let data = data
        let task = Task { try await Self.make(data) }
        self.task = task
        return try await task.value
    }

    private static func make(
        _ data: @Sendable (ScratchWorkspace) throws -> String
    ) async throws -> Result {
        let scratch = try ScratchWorkspace()
        let folder = try data(scratch)
        let workspace = scratch.folder + "/workspace"
        _ = try StandardWorkspace.write(to: workspace, data: folder)
        let settings = try scratch.read("workspace/plumbline.yaml")
        try scratch.write(settings + "library: true\n", to: "workspace/plumbline.yaml")
        try scratch.write(variants, to: "workspace/kpis/variants.yaml")
        let company = try await Company.open(workspace)
        let loader = Loader(warehouse: company.warehouse, dataFolder: folder)
        _ = try await loader.load()
        var product: [StandardWitness.Key: StandardWitness.Cell] = [:]
        for groupings in [[], ["team"]] {
            var text = QuestionText()
            text.groupings = groupings
            (text.from, text.to) = ("2025-01", "2026-10")
            let question = try QuestionReader(company.workspace).question(text)
            product.merge(try await company.compute(question).witnessCells()) { first, _ in first }
        }
        let witness = try await StandardWitness(data: folder, from: (2025, 1), to: (2026, 10))
        var cells: [StandardWitness.Key: StandardWitness.Cell] = [:]
        for kpi in StandardWitness.kpis + StandardWitness.variants {
            cells.merge(try await witness.cells(kpi)) { first, _ in first }
        }
        return Result(product: product, witness: cells, company: company, scratch: scratch)
    }

    /// A card for every variant that has a witness, beside the cards themselves. A reading of other records
    /// may not know every dimension by which its card is split.
    private static var variants: String {
        let cards = StandardWitness.variants.map { name -> String in
            let parts = name.split(separator: "~")
            let choice = "extends: \(parts[0]), variant: \(parts[1]), breakdowns: []"
            return "  - {id: \(StandardWitness.card(name)), label: \(name), \(choice)}\n"
        }
        return "kpis:\n" + cards.joined()
    }
}

/// Every card of the library, and every variant of one, equals an independent computation, at month by
/// company and by team.
@Suite("The library against its witness")
struct StandardWitnessTests {
    private func same(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b)) || max(abs(a), abs(b)) < 1e-12
    }

    private func agree(_ a: StandardWitness.Cell, _ b: StandardWitness.Cell) -> Bool {
        if a.reason != b.reason { return false }
        if a.reason == "no_data" || a.reason == "withheld" { return true }
        // The product leaves n empty where a formula has several parts.
        return same(a.value, b.value) && same(a.numerator, b.numerator)
            && same(a.denominator, b.denominator) && (a.n == nil || same(a.n, b.n))
    }

    private func compare(_ kpi: String, _ run: StandardRun) async throws {
        let result = try await run.result()
        let card = StandardWitness.card(kpi)
        let expected = result.witness.filter { $0.key.kpi == card }
        #expect(!expected.isEmpty)
        var differences: [String] = []
        for (key, cell) in expected.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let own = result.product[key] else {
                if cell.reason != "no_data" { differences.append("\(key): missing, \(cell)") }
                continue
            }
            if !agree(own, cell) { differences.append("\(key): \(own), witness \(cell)") }
        }
        #expect(differences.isEmpty, "\(differences.prefix(5).joined(separator: "\n"))")
    }

    @Test("Edge cases of every rule", arguments: StandardWitness.kpis)
    func edges(kpi: String) async throws { try await compare(kpi, .edges) }

    @Test("The demonstration company", arguments: StandardWitness.kpis)
    func company(kpi: String) async throws { try await compare(kpi, .company) }

    @Test("Edge cases of every variant", arguments: StandardWitness.variants)
    func variantEdges(variant: String) async throws { try await compare(variant, .edges) }

    @Test("Every variant in the demonstration company", arguments: StandardWitness.variants)
    func variantCompany(variant: String) async throws { try await compare(variant, .company) }

    @Test("Every variant that can be computed has a witness")
    func variantsAreWitnessed() throws {
        let variants = try Library.workspace().cards.flatMap { card in
            card.variants.filter { $0.awaits == nil }.map { "\(card.id)~\($0.id ?? "")" }
        }
        #expect(!variants.isEmpty)
        #expect(Set(variants) == Set(StandardWitness.variants))
    }

    @Test("Every KPI that can be computed has a value in the last full month")
    func values() async throws {
        let result = try await StandardRun.company.result()
        for card in result.company.workspace.cards
        where card.awaits == nil && card.variant == nil {
            let key = StandardWitness.Key(kpi: card.id, period: "2026-10", unit: "*")
            #expect(result.product[key]?.value != nil, "\(card.id)")
        }
    }

    @Test(
        "What complements each other makes up the whole",
        arguments: [
            ("customer-retention-rate", "customer-churn-rate"),
            ("new-customer-revenue-share", "existing-customer-revenue-share"),
        ])
    func complements(one: String, other: String) async throws {
        let cells = try await StandardRun.company.result().product
        let months = cells.filter { $0.key.kpi == one && $0.value.value != nil }
        #expect(months.count > 20)
        for (key, cell) in months {
            let rest = cells[.init(kpi: other, period: key.period, unit: key.unit)]?.value
            #expect(abs((cell.value ?? 0) + (rest ?? 0) - 1) < 1e-9, "\(key)")
        }
    }
}
