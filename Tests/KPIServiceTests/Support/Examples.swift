import Foundation
import KPICore
import KPIEngine
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

    var description: String { name }

    static let crm = Example(
        name: "crm",
        breakdowns: ["sales_agent", "manager", "regional_office", "product", "sector"])
    static let serviceDesk = Example(
        name: "service-desk",
        breakdowns: ["priority", "assignment_group", "contact_type", "category"])
    static let retail = Example(name: "retail", breakdowns: ["country"])
    static let all = [crm, serviceDesk, retail]

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
            .replacing("{workspace}", with: "\(packageFolder)/examples/\(name)")
    }
}

/// An example loaded, its whole answer, and the witness's tables beside it.
struct ExampleRun: Sendable {
    let loaded: LoadedWorkspace
    let answer: Answer
    let witness: Connection

    init(_ example: Example) async throws {
        loaded = try await LoadedWorkspace(
            "examples/\(example.name)", dataFolder: ExampleData.folder)
        var words = QuestionText()
        words.grains = ["month", "quarter", "total"]
        words.groupings = [""] + example.breakdowns
        let question = try QuestionReader(loaded.company.workspace).question(words)
        answer = try await loaded.company.compute(question)
        witness = try await Database.inMemory().connect()
        for statement in try example.sql("_prelude").components(separatedBy: ";\n") {
            let isEmpty = statement.allSatisfy(\.isWhitespace)
            if !isEmpty { try await witness.execute(statement) }
        }
    }

    private static let crm = Task { try await ExampleRun(.crm) }
    private static let serviceDesk = Task { try await ExampleRun(.serviceDesk) }
    private static let retail = Task { try await ExampleRun(.retail) }

    /// Made once for all tests.
    static func of(_ example: Example) async throws -> ExampleRun {
        switch example {
        case .crm: try await crm.value
        case .serviceDesk: try await serviceDesk.value
        default: try await retail.value
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
