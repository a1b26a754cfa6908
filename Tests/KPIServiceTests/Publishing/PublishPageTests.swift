import KPICore
import KPIReport
import KPIService
import Testing

/// The worked example of `publish.md`, run as it stands.
@Suite("Worked example of publish.md")
struct PublishPageTests {
    private static let blocks: [[String]] =
        (try? MarkdownPage("docs/reference/publish.md"))?.blocks("console") ?? []

    /// The columns that a header of the page names.
    private func columns(_ header: String, of csv: String) -> [String] {
        let wanted = header.split(separator: ",")
        let lines = csv.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        // No field but the group of two dimensions holds a comma, and there is none here.
        let places = wanted.map { name in lines[0].firstIndex(of: name)! }
        return lines.map { line in places.map { String(line[$0]) }.joined(separator: ",") }
    }

    @Test("Published, corrected, restated, and still frozen")
    func example() async throws {
        let blocks = Self.blocks
        try #require(blocks.count == 3)
        let workspace = try await PublishedWorkspace()
        let published = try await workspace.publish(
            ["revenue", "win-rate"], "2025-02", by: ["owner"])
        let cells = published.reduce(0) { $0 + $1.cells.count }
        #expect(blocks[0][1] == "2025-02: \(cells) cells of 2 KPIs published")

        try await workspace.change(
            "D2,Ann,2025-01-15,2025-02-10,won,250.50",
            "D2,Bob,2025-01-15,2025-02-10,won,200.00\nD7,Ann,2025-01-01,2025-02-12,won,10.00")
        let list = try await workspace.company().restatements()
        #expect(
            columns(blocks[1][1], of: RestatementReport(list.items).csv)
                == Array(blocks[1].dropFirst()))

        var words = QuestionText()
        words.kpis = ["revenue"]
        words.groupings = ["owner"]
        let answer = try await workspace.company().publishedAnswer(words)
        #expect(columns(blocks[2][1], of: CSVReport.text(answer)) == Array(blocks[2].dropFirst()))
    }

    @Test("Every column of the CSV stands in the page")
    func columnsAreDescribed() throws {
        let page = try MarkdownPage("docs/reference/publish.md").lines.joined()
        for column in RestatementReport.columns { #expect(page.contains("`\(column)`")) }
        let reasons: [RestatementReason] = [
            .lateRecords([]), .correctedRecords([]), .referencedRecords([]), .newVersion([]),
            .newGrouping, .coverage, .timePassed, .recordsReloaded([]),
        ]
        for reason in reasons { #expect(page.contains("| `\(reason.code)` |")) }
    }
}
