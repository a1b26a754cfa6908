import KPICore
import KPIModel
import KPIReport
import KPIService
import Testing

/// A worked example of `compute.md`: the command and the rows below it.
struct WorkedExample: Sendable, CustomTestStringConvertible {
    let command: String
    let rows: [String]

    var testDescription: String { command }

    static let all: [WorkedExample] =
        ((try? MarkdownPage("docs/reference/compute.md"))?.blocks("console") ?? []).map {
            WorkedExample(command: $0[0], rows: Array($0.dropFirst()))
        }

    var question: QuestionText { ConsoleCommand(command).question }
}

extension WorkedExample {
    /// Those of an example's README.
    static func of(_ example: Example) throws -> [WorkedExample] {
        try MarkdownPage("examples/\(example.name)/README.md").blocks("console").map {
            WorkedExample(command: $0[0], rows: Array($0.dropFirst()))
        }
    }
}

struct ReferenceTests {
    @Test("Worked rows of compute.md stand as they are written", arguments: WorkedExample.all)
    func rows(_ example: WorkedExample) async throws {
        let company = try await LoadedWorkspace.reference.value.company
        let question = try QuestionReader(company.workspace).question(example.question)
        let answer = try await company.compute(question)
        let lines = CSVReport.text(answer).split(separator: "\n")
        let header = lines[0].split(separator: ",")
        let rows = lines.map { Self.withoutVersion($0, header) }
        #expect(rows == example.rows)
    }

    /// The columns without version and watermark; no field of the examples holds a comma.
    private static func withoutVersion(_ row: Substring, _ header: [Substring]) -> String {
        let fields = row.split(separator: ",", omittingEmptySubsequences: false)
        let kept = zip(header, fields).filter { $0.0 != "version" && $0.0 != "watermark" }
        return kept.map(\.1).joined(separator: ",")
    }

    @Test("compute.md has worked rows")
    func isRead() { #expect(WorkedExample.all.count >= 14) }
}

/// A row of the table of typed examples in `formula.md`.
struct TypedExample: Sendable, CustomTestStringConvertible {
    let formula: String
    let outcome: String
    /// The formula of the row above.
    let before: String?

    var testDescription: String { formula }

    static let all: [TypedExample] = {
        let page = try? MarkdownPage("docs/reference/formula.md")
        let rows = page?.table(under: "### Typed examples") ?? []
        let formulas = rows.map { $0[0].replacing("`", with: "") }
        return rows.indices.map { index in
            TypedExample(
                formula: formulas[index], outcome: rows[index][1],
                before: index == 0 ? nil : formulas[index - 1])
        }
    }()

    /// The code that the table names.
    var code: String? {
        outcome.firstRange(of: "`KPI").map { String(outcome[$0.upperBound...].prefix(4)) }
            .map { "KPI" + $0 }
    }

    /// Where the table places the error: at a text of the formula, or at its end.
    var column: Int? {
        if outcome.contains("at the end") { return formula.count + 1 }
        guard let mark = outcome.firstRange(of: "at the `") else { return nil }
        let text = outcome[mark.upperBound...].prefix { $0 != "`" }
        return formula.firstRange(of: text).map {
            formula.distance(from: formula.startIndex, to: $0.lowerBound) + 1
        }
    }
}

struct TypedExampleTests {
    private func read(_ formula: String) throws -> (Workspace?, [Diagnostic]) {
        let scratch = try ScratchWorkspace(copyOf: "Tests/Reference")
        let quoted = formula.replacing("'", with: "''")
        let lines = ["kpis:", "  - id: probe", "    label: probe", "    formula:"]
        let text = (lines + ["      '\(quoted)'", ""]).joined(separator: "\n")
        try scratch.write(text, to: "kpis/probe.yaml")
        return WorkspaceReader.read(scratch.folder)
    }

    @Test(
        "Formulas of formula.md have the unit or the error that is named",
        arguments: TypedExample.all)
    func formula(_ example: TypedExample) throws {
        let (workspace, findings) = try read(example.formula)
        if let code = example.code {
            #expect(findings.map(\.code) == [code], "\(findings)")
            if let column = example.column {
                // The formula stands after six blanks and a quote.
                #expect(findings.first?.place?.column == column + 7)
            }
            return
        }
        #expect(findings.isEmpty, "\(findings)")
        let card = try #require(workspace?.card("probe"))
        if example.outcome.hasPrefix("the same tree") {
            let twin = try read(try #require(example.before)).0
            let other = try #require(twin)
            let version = Company.version(of: card, in: try #require(workspace))
            #expect(version == Company.version(of: try #require(other.card("probe")), in: other))
            return
        }
        let unit = example.outcome.prefix { $0 != "," }
        #expect(card.formula.unit.description == unit)
        #expect(card.formula.isPercent == example.outcome.contains("shown as percent"))
    }

    @Test("formula.md has typed examples")
    func isRead() { #expect(TypedExample.all.count >= 20) }
}
