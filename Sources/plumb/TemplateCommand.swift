import ArgumentParser
import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIReport
import KPIService

struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Writes an empty file for records kept by hand, such as market sizes or audits.")

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "A dataset of the workspace or of the standard model, such as market_sizes.")
    var entity: String

    @Option(
        name: .customLong("out"),
        help: "The file to write, .csv or .xlsx. Default: ENTITY.csv in the current folder.")
    var out: String?

    func run() async throws {
        let hasWorkspace = FileManager.default.fileExists(
            atPath: options.workspace + "/plumbline.yaml")
        let workspace = hasWorkspace ? try Company.read(options.workspace) : nil
        let library = try Library.workspace()
        guard let dataset = workspace?.dataset(entity) ?? library.dataset(entity) else {
            let known = (workspace?.datasets ?? []).map(\.id) + library.datasets.map(\.id)
            throw Diagnostics(
                .unknownDataset(entity, closest: NearMatch.closest(to: entity, among: Set(known))))
        }
        let target = out ?? entity + ".csv"
        guard !FileManager.default.fileExists(atPath: target) else {
            throw Diagnostics(.folderExists(target))
        }
        let columns = dataset.columns.filter { $0.computed == nil }
        try await EmptyFile.write(columns.map(\.name), to: target)
        let language = Terminal.language
        let rows = columns.map { column in
            [
                column.name, column.label?[language] ?? "", "\(column.type)",
                column.isRequired || dataset.key.contains(column.name)
                    ? Terminal.say("必填", "required") : "",
            ]
        }
        let headers = [
            Terminal.say("列", "column"), Terminal.say("名称", "name"), Terminal.say("类型", "type"), "",
        ]
        Terminal.write(TextTable(headers: headers, rows: rows).text())
        Terminal.write(
            Terminal.say(
                "已写入 \(target)。来源中写明‘sign_off: {collector: 记录人}’，由他人以 plumb sign-off 签核后计入。",
                "\(target) written. Say ‘sign_off: {collector: WHO}’ in its source; it counts once somebody else ran plumb sign-off."
            ))
    }
}
