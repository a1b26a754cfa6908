import Foundation
import KPICore
import KPIEngine
import KPIModel
import KPIService

/// The folder with the published data that the examples read.
enum ExampleData {
    private static func environment(_ name: String) -> String? {
        let value = ProcessInfo.processInfo.environment[name] ?? ""
        return value.isEmpty ? nil : value
    }

    /// `PLUMB_DATA`, else `../shared/data` beside the package.
    static let folder: String = {
        let url =
            environment("PLUMB_DATA").map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: packageFolder + "/../shared/data")
        return url.standardizedFileURL.path
    }()

    static let isPresent = FileManager.default.fileExists(atPath: folder)

    /// Continuous integration must have the data; elsewhere the tests are listed as skipped.
    static let isExpected = isPresent || environment("CI") == "true"

    static let comment = "the folder of published data (PLUMB_DATA) is missing"
}

/// An example workspace with the question that the witness answers too.
struct Example: Sendable, Hashable, CustomStringConvertible {
    let name: String
    let breakdowns: [String]
    /// On the standard model, with cards of the library: each has breakdowns of its own.
    var isStandard = false

    var description: String { name }

    static let crm = Example(
        name: "crm",
        breakdowns: ["sales_agent", "manager", "regional_office", "product", "sector"])
    static let serviceDesk = Example(
        name: "service-desk",
        breakdowns: [
            "priority", "assignment_group", "contact_type", "category", "department", "team",
        ])
    static let retail = Example(name: "retail", breakdowns: ["country"])
    static let own = [crm, serviceDesk, retail]
    static let crmStandard = onModel("crm-standard", ["product", "segment", "department", "team"])
    static let olist = onModel("olist", ["channel", "segment", "product_line", "payment_type"])
    static let ads = onModel("ads", ["campaign", "age", "gender"])
    static let city = onModel("city-311", ["channel", "department"])
    static let bank = onModel("bank-nps", ["customer_region"])
    static let telco = onModel("telco", ["segment"])
    static let standard = [crmStandard, olist, ads, city, bank, telco]
    static let all = own + standard

    private static func onModel(_ name: String, _ breakdowns: [String]) -> Example {
        Example(name: name, breakdowns: breakdowns, isStandard: true)
    }

    /// The KPI with a table of cohorts: it is broken down by their age too.
    static let cohortKPI = "cohort-retention-rate"

    var witnessFolder: String { "\(packageFolder)/Tests/Witness/\(name)" }

    /// The KPIs that have a definition in SQL.
    var witnesses: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: witnessFolder)) ?? []
        return names.filter { $0.hasSuffix(".sql") && !$0.hasPrefix("_") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    func sql(_ name: String) throws -> String {
        try String(contentsOfFile: "\(witnessFolder)/\(name).sql", encoding: .utf8)
            .replacing("{data}", with: ExampleData.folder)
            .replacing("{workspace}", with: "\(packageFolder)/examples/\(self.name)")
    }
}

/// An example loaded, its whole answer, and the witness's tables beside it.
struct ExampleRun: Sendable {
    let loaded: LoadedWorkspace
    private(set) var answer: Answer
    let witness: Connection

    init(_ example: Example) async throws {
        loaded = try await LoadedWorkspace(
            "examples/\(example.name)", dataFolder: ExampleData.folder)
        witness = try await Database.inMemory().connect()
        for statement in try example.sql("_prelude").components(separatedBy: ";\n") {
            let isEmpty = statement.allSatisfy(\.isWhitespace)
            if !isEmpty { try await witness.execute(statement) }
        }
        var words = QuestionText()
        words.grains = ["month", "quarter", "total"]
        answer = Answer(dimensions: example.breakdowns, blocks: [])
        if example.isStandard {
            for kpi in example.witnesses {
                words.kpis = [kpi]
                words.groupings = [""] + (try await witnessBreakdowns(example, kpi))
                answer.blocks += try await blocks(words)
            }
            return
        }
        words.groupings = [""] + example.breakdowns
        answer.blocks = try await blocks(words)
        if example == .retail {
            words.groupings = [Cohort.ageDimension]
            words.kpis = [Example.cohortKPI]
            answer.blocks += try await blocks(words)
        }
    }

    private func blocks(_ words: QuestionText) async throws -> [CellBlock] {
        let company = loaded.company
        let question = try QuestionReader(company.workspace).question(words)
        return try await company.compute(question).blocks
    }

    /// The breakdowns that the definition in SQL has.
    private func witnessBreakdowns(_ example: Example, _ kpi: String) async throws -> [String] {
        let keys = try await witnessCells(example, kpi).keys
        return Set(keys.flatMap { Array($0.members.keys) }).sorted()
    }

    private static let crm = Task { try await ExampleRun(.crm) }
    private static let serviceDesk = Task { try await ExampleRun(.serviceDesk) }
    private static let retail = Task { try await ExampleRun(.retail) }
    private static let standard = Dictionary(
        uniqueKeysWithValues: Example.standard.map { example in
            (example, Task { try await ExampleRun(example) })
        })

    /// Made once for all tests.
    static func of(_ example: Example) async throws -> ExampleRun {
        switch example {
        case .crm: try await crm.value
        case .serviceDesk: try await serviceDesk.value
        case .retail: try await retail.value
        default: try await standard[example]!.value
        }
    }

    /// The cells of one KPI.
    func cells(_ kpi: String) -> [CellKey: CellValue] {
        answer.blocks.filter { $0.kpi.id == kpi }
            .reduce(into: [:]) { $0.merge($1.cells) { first, _ in first } }
    }

    /// The rows of one KPI's definition in SQL.
    func witnessCells(_ example: Example, _ kpi: String) async throws -> [CellKey: CellValue] {
        let table = try await witness.query(try example.sql(kpi))
        var cells: [CellKey: CellValue] = [:]
        for row in 0..<table.rowCount {
            func text(_ name: String) -> String {
                if case .text(let text)? = table[name]?[row] { text } else { "" }
            }
            func number(_ name: String) -> Scalar { table[name]?[row] ?? .null }
            let dimension = text("dim")
            let key = CellKey(
                kpi: kpi, grain: text("grain"), period: text("period"),
                members: dimension == "*" ? [:] : [dimension: text("member")])
            cells[key] = CellValue(
                value: number("value"), numerator: number("numerator"),
                denominator: number("denominator"), n: number("n"), open: number("open"),
                state: .final)
        }
        return cells
    }
}
