import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIService
import Testing

@Suite struct StarterTests {
    @Test func theStarterChecksLoadsAndComputes() async throws {
        let folder = try Folder()
        let files = try StarterWorkspace.write(to: folder.path)
        #expect(files.contains("plumbline.yaml") && folder.found == [])
        let company = try await Company.open(folder.path)
        let report = try await Loader(
            warehouse: company.warehouse, dataFolder: folder.path + "/data"
        ).load()
        #expect(report.files.map(\.loaded) == [4] && report.rowCounts.map(\.rows) == [4])
        var words = QuestionText()
        words.kpis = ["problem-resolution-rate", "average-resolution-time"]
        words.grains = ["month"]
        let question = try QuestionReader(company.workspace).question(words)
        let answer = try await company.compute(question)
        // Three tickets of October are resolved, of four.
        #expect(answer.blocks[0].periods.first == "2026-10")
        #expect(answer.blocks[0].value[0] == .double(0.75))
        #expect(answer.blocks.count == 2)
    }

    @Test func nothingIsWrittenOverAnotherWorkspace() throws {
        let folder = try Folder(["plumbline.yaml": "name: Mine\n"])
        #expect(throws: Diagnostics.self) { try StarterWorkspace.write(to: folder.path) }
        #expect(try folder.text("plumbline.yaml") == "name: Mine\n")
    }

    @Test func theStarterNeedsNoFormatting() throws {
        let folder = try Folder()
        _ = try StarterWorkspace.write(to: folder.path)
        let changes = try FormulaFormatting(folder: folder.path, language: nil).run(write: false)
        #expect(changes.map(\.path) == [])
    }
}
