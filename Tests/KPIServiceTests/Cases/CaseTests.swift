import Foundation
import KPICore
import KPIEngine
import KPIQuery
import KPIReport
import KPIService
import Testing

/// The corpus of cases, on the embedded engine.
@Suite(.serialized)
struct CaseTests {
    @Test("Files of cases can be read", arguments: CaseGroup.files)
    func readable(_ file: String) throws {
        #expect(try !CaseGroup.groups(file).isEmpty)
    }

    @Test("There are at least 150 cases, each with a name of its own")
    func count() {
        let names = CaseGroup.all.flatMap { $0.cases.map(\.name) }
        #expect(names.count >= 150)
        #expect(Set(names).count == names.count)
    }

    @Test(
        "The answer is what was expected, and so is that of the witness", arguments: CaseGroup.all)
    func answers(_ group: CaseGroup) async throws {
        let run = try CaseRun(group.workspace)
        for item in group.cases {
            var problems = try await run.witnessProblems(item)
            problems += try await run.answerProblems(item)
            #expect(problems.isEmpty, "\(item.name): \(problems.prefix(6))")
        }
    }
}

/// One workspace of cases, loaded once for those without steps.
private final class CaseRun {
    private let workspace: CaseWorkspace
    private let scratch: ScratchWorkspace
    private var loaded: Result<Company, Diagnostics>?

    init(_ workspace: CaseWorkspace) throws {
        self.workspace = workspace
        scratch = try ScratchWorkspace()
        try workspace.write(to: scratch)
    }

    // MARK: The program

    func answerProblems(_ item: QuestionCase) async throws -> [String] {
        let text: String
        do {
            text = try await answer(item)
        } catch let error as Diagnostics {
            let words = error.items.map { $0.text(.en) }.joined(separator: "\n")
            guard case .refusal(let code, let says) = item.outcome else {
                return ["refused: \(words)"]
            }
            let isSaid = error.items.contains { $0.code == code } && words.contains(says)
            return isSaid ? [] : ["refused otherwise than \(code) ‘\(says)’: \(words)"]
        }
        guard case .rows(let expected) = item.outcome else { return ["not refused: \(text)"] }
        return CaseRows(expected).problems(text, allColumns: true, "program")
    }

    private func answer(_ item: QuestionCase) async throws -> String {
        var company = try await loadedOnce()
        for step in item.steps {
            switch step {
            case .load(let tables):
                for (name, text) in tables { try scratch.write(text, to: "data/\(name).csv") }
                company = try await scratch.loaded()
                try await company.refresh()
            case .keep(let words):
                _ = try await company.keep(Self.question(words), name: "kept")
            case .publish(let words): try await CasePublishing.publish(words, company)
            }
        }
        if item.asksRestatements {
            return try await CasePublishing.restatements(item.words, company)
        }
        let question = try QuestionReader(company.workspace).question(Self.question(item.words))
        return CSVReport.text(try await company.compute(question))
    }

    private func loadedOnce() async throws -> Company {
        if let loaded { return try loaded.get() }
        do {
            let company = try await scratch.loaded()
            loaded = .success(company)
            return company
        } catch let error as Diagnostics {
            loaded = .failure(error)
            throw error
        }
    }

    private static func question(_ words: String) -> QuestionText {
        ConsoleCommand("plumb compute " + words).question
    }

    // MARK: The witness

    func witnessProblems(_ item: QuestionCase) async throws -> [String] {
        let witness = try await Database.inMemory().connect()
        try await witness.execute("SET TimeZone = 'UTC'")
        for (name, text) in item.lastTables {
            let path = "\(scratch.folder)/witness/\(name).csv"
            try scratch.write(text, to: "witness/\(name).csv")
            try await witness.execute(
                """
                CREATE TABLE "\(name)" AS SELECT * FROM read_csv('\(path)', header = true, delim = ',', \
                nullstr = '', sample_size = -1)
                """)
        }
        let found = try await witness.query(item.witness)
        guard case .rows(let expected) = item.outcome else {
            return found.rowCount == 0 ? ["the witness of a refusal has no row"] : []
        }
        return CaseRows(expected).problems(Self.csv(found), allColumns: false, "witness")
    }

    private static func csv(_ table: Table) -> String {
        func quoted(_ text: String) -> String {
            text.contains(",") || text.contains("\n") ? "\"\(text)\"" : text
        }
        let header = table.columns.map(\.name)
        let rows = (0..<table.rowCount).map { row in
            table.columns.map { quoted(Self.text($0[row])) }
        }
        return ([header] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n")
    }

    private static func text(_ value: Scalar) -> String {
        switch value {
        case .null: ""
        case .text(let text): text
        case .bool(let value): value ? "true" : "false"
        case .date(let day): CivilDate(day: Int(day)).description
        case .double(let number): "\(number)"
        default: value.exact.map { "\($0)" } ?? "\(value)"
        }
    }
}

/// The rows that a case expects.
private struct CaseRows {
    let columns: [String]
    let records: [[String: String]]

    private static let figures = ["value", "numerator", "denominator", "n", "open", "low", "high"]
    private static let numbers = Set(
        figures + ["was", "is"] + figures.flatMap { ["was_" + $0, "is_" + $0] })
    private static let others: Set = [
        "unit", "status", "reason", "version", "watermark", "was_status", "is_status", "was_reason",
        "is_reason", "was_version", "is_version", "why", "published_at",
    ]

    init(_ text: String) { (columns, records) = CSVText.records(text) }

    /// - Parameter allColumns: the answer has every expected column, and rows without value too.
    func problems(_ text: String, allColumns: Bool, _ who: String) -> [String] {
        let (found, rows) = CSVText.records(text)
        let missing = columns.filter { !found.contains($0) }
        if allColumns, !missing.isEmpty { return ["\(who): no columns \(missing)"] }
        let compared = columns.filter(found.contains)
        let keys = compared.filter { !Self.numbers.contains($0) && !Self.others.contains($0) }
        func key(_ row: [String: String]) -> [String] { keys.map { row[$0] ?? "" } }
        var problems: [String] = []
        if !allColumns {
            problems += found.filter { !columns.contains($0) }.map {
                "\(who): unexpected column \($0)"
            }
            if !compared.contains(where: Self.numbers.contains) {
                problems.append("\(who): no value")
            }
        }
        var left = Dictionary(grouping: rows, by: key)
        for record in records {
            guard let row = left.removeValue(forKey: key(record)) else {
                let isNone = !allColumns && (record["value"] ?? record["is"] ?? "").isEmpty
                if !isNone { problems.append("\(who): no row \(key(record))") }
                continue
            }
            if row.count > 1 { problems.append("\(who): \(row.count) rows \(key(record))") }
            for column in compared where !Self.isSame(record[column], row[0][column], column) {
                problems.append(
                    "\(who): \(key(record)) \(column) is \(row[0][column] ?? "missing"), expected \(record[column] ?? "")"
                )
            }
        }
        return problems + left.keys.map { "\(who): row \($0) beyond what was expected" }
    }

    private static func isSame(_ a: String?, _ b: String?, _ column: String) -> Bool {
        guard numbers.contains(column), let x = a.flatMap(Double.init),
            let y = b.flatMap(Double.init)
        else { return a == b }
        return x == y || abs(x - y) <= max(1e-9 * max(abs(x), abs(y)), 1e-12)
    }
}
