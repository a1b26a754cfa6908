import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIService
import TestSupport
import Testing

/// A folder of standard CSV files whose values change at random.
private struct ChangingFolder {
    let folder: String
    private var tables: [String: [[String]]] = [:]
    private let files: [String]

    init(copyOf source: String, to folder: String) throws {
        self.folder = folder
        try FileManager.default.copyItem(atPath: source, toPath: folder)
        files = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0 != "coverage.csv" }.sorted()
        for file in files {
            tables[file] = try CSVHeader.records(of: folder + "/" + file)
        }
    }

    /// Gives a value of some record another one that its column has elsewhere.
    mutating func change(_ random: inout SplitMix) throws -> String {
        let file = files[Int.random(in: 0..<files.count, using: &random)]
        var table = tables[file]!
        guard table.count > 2 else { return "" }
        let row = Int.random(in: 1..<table.count, using: &random)
        let other = Int.random(in: 1..<table.count, using: &random)
        let column = Int.random(in: 1..<table[0].count, using: &random)
        guard table[row].count == table[0].count, table[other].count == table[0].count else {
            return ""
        }
        let change =
            "\(file):\(row + 1) \(table[0][column]) \(table[row][column]) → \(table[other][column])"
        table[row][column] = table[other][column]
        tables[file] = table
        let text = table.map { $0.map(Self.quoted).joined(separator: ",") }.joined(separator: "\n")
        try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/" + file))
        return change
    }

    private static func quoted(_ text: String) -> String {
        text.contains { ",\"".contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}

/// Kept cells of the whole library are those computed from the records, whatever changes: also what is
/// computed at load from other records, follows merged customers or is looked up.
@Suite("Kept cells of the library")
struct StandardKeepTests {
    private static func words(_ groupings: [String]) -> QuestionText {
        var words = QuestionText()
        words.grains = ["month", "quarter"]
        words.groupings = groupings
        return words
    }

    @Test("After random changes of any entity", arguments: [11, 12] as [UInt64])
    func changes(seed: UInt64) async throws {
        let scratch = try ScratchWorkspace()
        defer { withExtendedLifetime(scratch) {} }
        var data = try ChangingFolder(
            copyOf: StandardWitness.folder + "/data", to: scratch.folder + "/csv")
        let workspace = scratch.folder + "/workspace"
        _ = try StandardWorkspace.write(to: workspace, data: data.folder)
        let company = try await Company.open(workspace)
        let loader = Loader(warehouse: company.warehouse, dataFolder: data.folder)
        _ = try await loader.load()
        let questions = [Self.words([]), Self.words(["team"])]
        for (index, words) in questions.enumerated() {
            _ = try await company.keep(words, name: "q\(index)")
        }
        var random = SplitMix(seed: seed)
        for round in 1...3 {
            var changes: [String] = []
            for _ in 1...4 { changes.append(try data.change(&random)) }
            do {
                _ = try await loader.load()
            } catch is Diagnostics {
                // Two ranges of one person overlap: nothing was loaded, and the cells stay right.
            }
            _ = try await company.refresh()
            for words in questions {
                let question = try QuestionReader(company.workspace).question(words)
                let fresh = try await company.computeFromRecords(question).cells
                let kept = try await company.keptAnswer(question)
                let cells = try #require(kept, "nothing is kept any more").cells
                let wrong = fresh.filter { cells[$0.key] != $0.value }
                #expect(
                    wrong.isEmpty && cells.count == fresh.count,
                    "seed \(seed), round \(round), \(changes): \(wrong.prefix(3))")
            }
        }
    }
}
