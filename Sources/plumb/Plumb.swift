import ArgumentParser
import KPICore
import KPIService

@main
struct Plumb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plumb",
        abstract: "Plumbline (准绳): KPIs that people trust, from records to cells.",
        discussion: """
            A workspace is a folder with plumbline.yaml. Start with ‘plumb init’ for your own data, or \
            with ‘plumb demo’ for a made-up company.
            Exit codes: 0 ok, 1 findings, 2 a command or question that cannot be understood, 3 failure.
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, CheckCommand.self, FormatCommand.self, LoadCommand.self,
            ComputeCommand.self, KeepCommand.self, RefreshCommand.self, ExplainCommand.self,
            PublishCommand.self, PublishedCommand.self, RestatementsCommand.self,
            QualityCommand.self, VerifySourcesCommand.self, MapCommand.self, TemplateCommand.self,
            SignOffCommand.self, LibraryCommand.self,
            DemoCommand.self,
        ])

    /// Runs the command and closes what it opened, however it ended.
    static func main() async {
        let code = await end()
        await Company.closeStores()
        Terminal.exit(code)
    }

    /// What kind of end the command came to.
    private static func end() async -> Int32 {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as Diagnostics {
            Terminal.report(error)
            return Self.exitCode(error)
        } catch let error as ExitCode {
            return error.rawValue
        } catch {
            let code = Self.exitCode(for: error)
            if code == .success || code == .validationFailure || code.rawValue == 64 {
                Terminal.write(fullMessage(for: error), toError: code != .success)
                return code == .success ? 0 : 2
            }
            Terminal.write("error: \(error)", toError: true)
            return 3
        }
    }

    /// 1 for findings in a workspace, 2 for a question that cannot be understood, 3 for the rest.
    private static func exitCode(_ diagnostics: Diagnostics) -> Int32 {
        let codes = diagnostics.items.map(\.code)
        if codes.contains(where: { $0 >= "KPI0500" || $0 == "KPI0201" || $0 == "KPI0214" }) {
            return 3
        }
        if codes.contains(where: { $0 >= "KPI0400" }) { return 2 }
        if codes.contains("KPI0311") || codes.contains("KPI0312") { return 3 }
        let isQuestion = diagnostics.items.allSatisfy { $0.place == nil && $0.code < "KPI0200" }
        return isQuestion ? 2 : 1
    }
}

/// Options of every command that works on a workspace.
struct WorkspaceOptions: ParsableArguments {
    @Option(help: "Folder of the workspace.")
    var workspace = "."
}
