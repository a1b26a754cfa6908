import ArgumentParser
import KPICore
import KPIIngest
import KPIModel
import KPIReport
import KPIService

struct SignOffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-off",
        abstract: "Verifies records kept by hand: without it they do not count.",
        discussion: """
            A source that says ‘sign_off: {collector: WHO}’ holds records kept by hand. Its files are loaded once \
            somebody else has signed off their content; a file that changed waits again, and what was signed \
            off before counts until then. Without a source the waiting files are listed.
            """)

    @OptionGroup var options: WorkspaceOptions
    @OptionGroup var data: DataOptions

    @Argument(help: "Id of the source.")
    var source: String?

    @Option(name: .customLong("by"), help: "Who verified the records; not who keeps them.")
    var verifier: String?

    @Option(help: "What was checked.")
    var note = ""

    func validate() throws {
        if source != nil, verifier == nil {
            throw ValidationError("--by says who verified the records")
        }
    }

    func run() async throws {
        let company = try await Company.open(options.workspace)
        let folder = try data.folder(options.workspace, stated: company.workspace.dataPath)
        let loader = Loader(warehouse: company.warehouse, dataFolder: folder)
        guard let source, let verifier else { return list(try company.pendingFiles(loader)) }
        let files = try company.signOff(source, by: verifier, note: note, loader)
        for file in files {
            Terminal.write(
                Terminal.say(
                    "\(file.file)：已由 \(verifier) 签核",
                    "\(file.file): signed off by \(verifier)"))
        }
        Terminal.write(Terminal.say("接下来：plumb load", "next: plumb load"))
    }

    private func list(_ files: [PendingFile]) {
        guard !files.isEmpty else {
            return Terminal.write(Terminal.say("没有等待签核的文件", "no file awaits a sign-off"))
        }
        let headers = [
            Terminal.say("来源", "source"), Terminal.say("文件", "file"),
            Terminal.say("记录人", "kept by"), Terminal.say("记录数", "records"),
        ]
        let rows = files.map {
            [$0.source, $0.file, $0.keeper, $0.rows > 0 ? "\($0.rows)" : ""]
        }
        let alignment: [TextTable.Alignment] = [.left, .left, .left, .right]
        Terminal.write(TextTable(headers: headers, rows: rows, alignment: alignment).text())
    }
}
