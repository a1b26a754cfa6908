import ArgumentParser
import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIReport
import KPIService

/// Where the files of sources lie.
struct DataOptions: ParsableArguments {
    @Option(
        help:
            "Folder that the files of sources are relative to. Default: PLUMB_DATA, else what ‘data’ in plumbline.yaml names, else data/ in the workspace, else ../shared/data."
    )
    var data: String?

    /// - Parameter stated: what the workspace names.
    func folder(_ workspace: String, stated named: String?) throws -> String {
        if let stated = data ?? Terminal.environment("PLUMB_DATA"), !stated.isEmpty {
            return absolute(stated)
        }
        if let named { return absolute(named) }
        var candidates = [workspace + "/data", "../shared/data"]
        // An example inside the product's own folder finds the data beside that folder.
        candidates.append(workspace + "/../../../shared/data")
        for candidate in candidates where FileManager.default.fileExists(atPath: candidate) {
            return absolute(candidate)
        }
        return absolute(workspace)
    }

    private func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}

/// The wall clock, or another instant in its place.
struct ClockOptions: ParsableArguments {
    @Option(help: "The instant that ages are measured from; by default the clock of the machine.")
    var now: String?

    func instant(_ company: Company) throws -> Instant {
        guard let now else { return WallClock.now }
        return try QuestionReader(company.workspace).instant(now)
    }
}

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads records from the sources: files all or none, databases batch by batch.")

    @OptionGroup var options: WorkspaceOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var clock: ClockOptions

    @Argument(help: "Ids of sources; none means all.")
    var sources: [String] = []

    @Flag(
        help:
            "Load files again that are already loaded, read databases from the beginning, and make tables anew whose definition changed."
    )
    var again = false

    func run() async throws {
        let company = try await Company.open(options.workspace)
        var loader = Loader(
            warehouse: company.warehouse,
            dataFolder: try data.folder(options.workspace, stated: company.workspace.dataPath))
        loader.again = again
        loader.isSignedOff = try company.signOffs()
        loader.now = try clock.instant(company)
        loader.progress = Terminal.progress
        let started = Date()
        let report: LoadReport
        do {
            report = try await loader.load(sources)
        } catch {
            Terminal.endProgress()
            throw error
        }
        Terminal.endProgress()
        LoadSummary(report: report, company: company).write(
            seconds: Date().timeIntervalSince(started))
        for finding in try await company.holidayFindings() {
            Terminal.write(finding.text(Terminal.language), toError: true)
        }
        try RefreshCommand.finish(try await company.refresh())
    }
}

/// What a load did, as tables.
struct LoadSummary {
    let report: LoadReport
    let company: Company

    func write(seconds: Double) {
        let language = Terminal.language
        let rows = report.files.map { file in
            [
                file.source, file.name, outcome(file.outcome), number(file.rows),
                number(file.loaded), number(file.collapsed),
                number(file.rejectedCount + file.orphanCount),
            ]
        }
        let headers =
            language == .zh
            ? ["来源", "文件", "结果", "记录", "装入", "合并", "拒收"]
            : ["source", "file", "result", "records", "loaded", "collapsed", "rejected"]
        let table = TextTable(
            headers: headers, rows: rows,
            alignment: [.left, .left, .left, .right, .right, .right, .right])
        Terminal.write(table.text())
        writeSetAside()
        for diagnostic in report.dangling + report.unread {
            Terminal.write(diagnostic.text(language), toError: true)
        }
        for outcome in report.expectations where !outcome.finding.holds {
            let diagnostic = Diagnostic(.expectationFailed(outcome.finding))
            Terminal.write(diagnostic.text(language), toError: true)
        }
        writeCoverage()
        let text = "\((seconds * 10).rounded() / 10) s"
        Terminal.write(Terminal.say("用时 \(text)", "done in \(text)"))
    }

    /// The first of the records that were set aside, under a line that says how many there are.
    private func writeSetAside() {
        let rejected = report.files.map(\.rejectedCount).reduce(0, +)
        let count = rejected + report.orphans.count
        guard count > 0 else { return }
        let shown = report.files.flatMap(\.rejected).prefix(20) + report.orphans.prefix(20)
        Terminal.write(
            Terminal.say(
                "搁置了 \(number(count)) 条记录，其中包括：",
                "\(number(count)) records were set aside, among them:"), toError: true)
        for diagnostic in shown {
            Terminal.write(
                "  " + diagnostic.problem.wording.reason[Terminal.language], toError: true)
        }
    }

    private func outcome(_ outcome: LoadReport.Outcome) -> String {
        switch outcome {
        case .loaded: Terminal.say("已装入", "loaded")
        case .unchanged: Terminal.say("未变", "unchanged")
        case .awaitsSignOff: Terminal.say("待签核，不计入", "awaits sign-off")
        case .sameContent(let name): Terminal.say("内容同 \(name)", "same content as \(name)")
        }
    }

    private func number(_ value: Int) -> String { ValueFormat.number(.integer(Int64(value))) }

    private func writeCoverage() {
        guard !report.coverage.isEmpty else { return }
        let zone = company.workspace.calendar.zone
        let rows = report.coverage.map { entry in
            [
                entry.dataset, entry.column,
                number(report.rowCounts.first { $0.dataset == entry.dataset }?.rows ?? 0),
                LocalClock.text(zone.local(entry.window.start)),
                LocalClock.text(zone.local(entry.window.end)),
            ]
        }
        let headers =
            Terminal.language == .zh
            ? ["数据集", "时间列", "记录", "覆盖自", "至（不含）"]
            : ["dataset", "time column", "records", "covered from", "to (excluded)"]
        Terminal.write("")
        Terminal.write(
            TextTable(
                headers: headers, rows: rows, alignment: [.left, .left, .right, .left, .left]
            ).text())
    }
}
