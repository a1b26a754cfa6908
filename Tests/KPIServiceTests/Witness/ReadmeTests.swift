import Foundation
import KPICore
import KPIModel
import KPIReport
import KPIService
import Testing

/// The excerpts in the READMEs of the examples are what the program writes.
@Suite(.enabled(if: ExampleData.isExpected, "\(ExampleData.comment)"))
struct ReadmeTests {
    @Test("Tables of a README stand as they are written", arguments: Example.all)
    func tables(_ example: Example) async throws {
        let company = try await ExampleRun.of(example).loaded.company
        let excerpts = try WorkedExample.of(example)
        #expect(!excerpts.isEmpty)
        for excerpt in excerpts {
            let question = try QuestionReader(company.workspace).question(excerpt.question)
            let report = TableReport(language: company.workspace.locale, isTerminal: false)
            let rows = report.text(try await company.compute(question))
                .trimmingCharacters(in: .newlines).components(separatedBy: "\n")
                .map { String($0.reversed().drop { $0 == " " }.reversed()) }
            #expect(rows == excerpt.rows, "\(excerpt.command)")
        }
    }
}
