import ArgumentParser
import KPICore
import KPIService

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Makes a small company, loads it and prints its KPIs.")

    @Argument(help: "Folder for the company.")
    var folder = "demo"

    func run() async throws {}
}
