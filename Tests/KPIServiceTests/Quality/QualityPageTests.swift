import KPICore
import KPIReport
import KPIService
import Testing

/// The worked rows of `quality.md`, run as they stand on `Tests/Quality`.
@Suite("Worked examples of quality.md")
struct QualityPageTests {
    static let all: [WorkedExample] =
        ((try? MarkdownPage("docs/reference/quality.md"))?.blocks("console") ?? []).map {
            WorkedExample(command: $0[0], rows: Array($0.dropFirst()))
        }

    private static let workspace = Task { try await LoadedWorkspace("Tests/Quality") }

    @Test("Rows stand as they are written", arguments: all)
    func rows(_ example: WorkedExample) async throws {
        let company = try await Self.workspace.value.company
        let command = ConsoleCommand(example.command)
        #expect(try await answer(command, company) == example.rows)
    }

    private func answer(_ command: ConsoleCommand, _ company: Company) async throws -> [String] {
        let text: String
        if command.words[1] == "quality" {
            let now = try QuestionReader(company.workspace).instant(command.options("now")[0])
            let grain = try #require(Grain(rawValue: command.options("grain").first ?? "quarter"))
            let quality = try await company.quality(command.arguments, grain: grain, now: now)
            text = QualityReport(quality).csv
        } else {
            var words = VerifyText()
            words.ids = command.arguments
            (words.from, words.to) = (command.options("from").first, command.options("to").first)
            text = VerificationReport(try await company.verifySources(words)).csv
        }
        return text.split(separator: "\n").map(String.init)
    }

    @Test("The page has worked rows and every column")
    func isComplete() throws {
        #expect(Self.all.count >= 4)
        let page = try MarkdownPage("docs/reference/quality.md").lines.joined(separator: "\n")
        for column in QualityReport.columns + VerificationReport.columns {
            #expect(page.contains("`\(column)`"), "\(column)")
        }
    }
}
