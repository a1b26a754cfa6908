import KPICore
import KPIEngine
import KPIIngest
import KPIQuery
import TestSupport
import Testing

@testable import KPIService

/// What a question costs grows with the records and not with their square.
struct JoinTests {
    @Test("No scan of the library compares every pair of records of two tables")
    func noPairs() async throws {
        let scratch = try ScratchWorkspace()
        defer { withExtendedLifetime(scratch) {} }
        let workspace = scratch.folder + "/workspace"
        let data = StandardWitness.folder + "/data"
        _ = try StandardWorkspace.write(to: workspace, data: data)
        let company = try await Company.open(workspace)
        _ = try await Loader(warehouse: company.warehouse, dataFolder: data).load()
        var words = QuestionText()
        words.grains = ["month", "quarter"]
        words.groupings = ["team"]
        let question = try QuestionReader(company.workspace).question(words)
        let (plan, _, connection) = try await company.answer(question)
        #expect(plan.scans.count > 50)
        for scan in plan.scans {
            let table = try await connection.query(
                "EXPLAIN " + scan.statement.text, scan.statement.parameters)
            let steps = (0..<table.rowCount).map { "\(table[$0, 1])" }.joined()
            #expect(steps.contains("SCAN"))
            #expect(
                !steps.contains("BLOCKWISE_NL_JOIN"), "\(scan.key): \(scan.statement.indented)")
        }
    }
}
