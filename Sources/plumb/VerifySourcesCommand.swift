import ArgumentParser
import KPICore
import KPIModel
import KPIReport
import KPIService

struct VerifySourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-sources",
        abstract: "Compares figures of two sources that should agree, for every period.",
        discussion: """
            The verifications stand in verifications/*.yaml. Ends with 1 where the sides of one differ by more \
            than its tolerance, or change against what it says. The columns stand in docs/reference/quality.md.
            """)

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "Ids of verifications; none means all.")
    var ids: [String] = []

    @Option(help: "First period or day of the range, included.")
    var from: String?

    @Option(help: "Last period or day of the range, included.")
    var to: String?

    @Option(help: "The instant the question is asked for; a period means its end.")
    var asOf: String?

    @Flag(help: "Lists the records behind both sides of what does not agree.")
    var records = false

    @Option(help: "Records shown of each measure; all with 0.")
    var limit = 5

    @Option(help: "table, csv or json.")
    var format = FactFormat.table

    func validate() throws {
        if records, format != .table {
            throw ValidationError("--records goes with --format table")
        }
    }

    func run() async throws {
        let company = try await Company.open(options.workspace)
        try await ComputeCommand.noteOutdated(company)
        var words = VerifyText()
        (words.ids, words.from, words.to, words.asOf) = (ids, from, to, asOf)
        let comparisons = try await company.verifySources(words)
        let report = VerificationReport(comparisons)
        switch format {
        case .csv: Terminal.write(report.csv)
        case .json: Terminal.write(report.json)
        case .table where comparisons.isEmpty:
            Terminal.write(
                Terminal.say(
                    "没有定义核对；请写 verifications/名称.yaml",
                    "no verification is defined; write verifications/NAME.yaml"))
        case .table:
            Terminal.write(report.table(company.workspace.locale))
            if records { try await writeRecords(company, comparisons) }
        }
        if comparisons.contains(where: { !$0.findings.isEmpty }) { throw ExitCode(1) }
    }

    private func writeRecords(
        _ company: Company, _ comparisons: [SourceComparison]
    ) async throws {
        let language = company.workspace.locale
        for comparison in comparisons {
            for row in comparison.findings {
                let group = row.dimension.isEmpty ? "" : " \(row.dimension)=\(row.member)"
                Terminal.write("\n── \(comparison.id) \(row.period)\(group) ──")
                let sides = try await company.records(
                    behind: row, of: comparison.id, asOf: asOf, limit: limit == 0 ? .max : limit)
                for side in sides where !side.records.isEmpty {
                    Terminal.write(side.side[language])
                    Terminal.write(ExplanationText.lines(side.records, language))
                }
            }
        }
    }
}
