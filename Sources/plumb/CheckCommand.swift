import ArgumentParser
import KPICore
import KPIIngest
import KPIModel
import KPIService

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads every definition and reports everything wrong at once.")

    @OptionGroup var options: WorkspaceOptions

    func run() async throws {
        let (workspace, findings) = WorkspaceReader.read(options.workspace)
        for finding in findings { Terminal.write(finding.text(Terminal.language)) }
        let errors = findings.count { $0.severity == .error }
        if errors > 0 {
            Terminal.write(
                Terminal.say("\(errors) 个错误", "\(errors) error\(errors == 1 ? "" : "s")"))
            throw ExitCode(workspace == nil ? 3 : 1)
        }
        guard let workspace else { throw ExitCode(3) }
        try await writeHolidayFindings(workspace)
        Terminal.write(
            Terminal.say(
                "没有错误：\(workspace.cards.count) 个指标，\(workspace.datasets.count) 个数据集，\(workspace.sources.count) 个来源",
                "no errors: \(workspace.cards.count) KPIs, \(workspace.datasets.count) datasets, \(workspace.sources.count) sources"
            ))
    }

    /// What only the loaded records show; the store is left alone where nothing can come of it.
    private func writeHolidayFindings(_ workspace: Workspace) async throws {
        guard workspace.calendar.working?.calendars.contains(where: { !$0.lists.isEmpty }) == true,
            Warehouse.exists(workspace)
        else { return }
        do {
            for finding in try await Company.open(options.workspace).holidayFindings() {
                Terminal.write(finding.text(Terminal.language))
            }
        } catch let error as Diagnostics where error.items.allSatisfy({ $0.code == "KPI0502" }) {
            // Definitions can be checked all the same.
            Terminal.write(
                Terminal.say(
                    "另一个进程正在使用数据，未检查节假日是否覆盖其年份",
                    "another process uses the records: whether holidays are known for their years was not checked"
                ))
        }
    }
}

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Rewrites formulas in their canonical spelling; every other byte stays.")

    @OptionGroup var options: WorkspaceOptions

    @Flag(help: "Only say which files would change; exit 1 when there are some.")
    var check = false

    @Option(help: "Write all formulas in one language: zh or en. By default each keeps its own.")
    var language: String?

    func run() throws {
        guard language == nil || Language(rawValue: language!) != nil else {
            throw ValidationError("--language is zh or en")
        }
        let result = try FormulaFormatting(
            folder: options.workspace, language: language.flatMap(Language.init(rawValue:))
        ).run(write: !check)
        for change in result {
            Terminal.write(
                "\(change.path): "
                    + Terminal.say("\(change.count) 个公式", "\(change.count) formulas"))
        }
        if result.isEmpty { Terminal.write(Terminal.say("没有需要改写的公式", "nothing to rewrite")) }
        if check, !result.isEmpty { throw ExitCode(1) }
    }
}
