import ArgumentParser
import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIService

struct MapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Proposes how the columns of a file map to a dataset, and says what is a guess.")

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "A CSV, XLSX, Parquet or JSON lines file.")
    var file: String

    @Option(help: "The dataset, of the workspace or of the standard model.")
    var to: String

    @Flag(help: "Write sources/DATASET.yaml into the workspace instead of printing it.")
    var write = false

    func run() async throws {
        let hasWorkspace = FileManager.default.fileExists(
            atPath: options.workspace + "/plumbline.yaml")
        let workspace = hasWorkspace ? try Company.read(options.workspace) : nil
        let library = try Library.workspace()
        guard let dataset = workspace?.dataset(to) ?? library.dataset(to) else {
            let known = (workspace?.datasets ?? []).map(\.id) + library.datasets.map(\.id)
            throw Diagnostics(
                .unknownDataset(to, closest: NearMatch.closest(to: to, among: Set(known))))
        }
        let name = (file as NSString).lastPathComponent
        let proposal = try await MappingProposal.of(
            file, named: name, to: dataset, zone: (workspace ?? library).calendar.zone)
        let text = proposal.yaml(Terminal.language)
        let certain = proposal.matches.count { $0.isCertain }
        let summary = Terminal.say(
            "\(certain) 列确定，\(proposal.matches.count - certain) 列是推测，\(proposal.unused.count) 列未使用；缺 \(proposal.missing.count) 个必填列",
            "\(certain) columns certain, \(proposal.matches.count - certain) guessed, \(proposal.unused.count) not used; \(proposal.missing.count) required columns missing"
        )
        guard write else {
            Terminal.write(text)
            return Terminal.write(summary, toError: true)
        }
        guard hasWorkspace else { throw Diagnostics(.noWorkspace(options.workspace)) }
        let target = "\(options.workspace)/sources/\(dataset.id).yaml"
        guard !FileManager.default.fileExists(atPath: target) else {
            throw Diagnostics(
                .duplicate(kind: "source", id: dataset.id, first: "sources/\(dataset.id).yaml"))
        }
        try FileManager.default.createDirectory(
            atPath: options.workspace + "/sources", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: target))
        Terminal.write("sources/\(dataset.id).yaml: \(summary)")
    }
}
