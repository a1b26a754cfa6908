import ArgumentParser
import KPICore
import KPIModel
import KPIReport
import KPIService

enum FactFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
}

struct QualityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality",
        abstract: "Shows how fresh, complete and valid the data behind KPIs are.",
        discussion: """
            Ends with 1 where an expectation that refuses loads fails, or data are older than expected. The \
            columns stand in docs/reference/quality.md.
            """)

    @OptionGroup var options: WorkspaceOptions
    @OptionGroup var clock: ClockOptions

    @Argument(help: "KPIs by id or label; none means all, with all datasets.")
    var kpis: [String] = []

    @Option(help: "Periods of what the assessed collected: month, quarter, half, year, total.")
    var grain = "quarter"

    @Option(help: "table, csv or json.")
    var format = FactFormat.table

    func run() async throws {
        let company = try await Company.open(options.workspace)
        guard let grain = Grain(rawValue: grain), grain != .hour else {
            throw Diagnostics(.unknownGrain(grain))
        }
        let quality = try await company.quality(
            kpis, grain: grain, now: try clock.instant(company))
        let report = QualityReport(quality)
        switch format {
        case .csv: Terminal.write(report.csv)
        case .json: Terminal.write(report.json)
        case .table: Terminal.write(report.table(company.workspace.locale))
        }
        if quality.hasFindings { throw ExitCode(1) }
    }
}
