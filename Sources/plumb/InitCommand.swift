import ArgumentParser
import KPICore
import KPIService

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Makes a commented workspace to start from.")

    @Argument(help: "Folder of the new workspace.")
    var folder = "."

    func run() throws {
        let files = try StarterWorkspace.write(to: folder)
        for file in files { Terminal.write(file) }
        Terminal.write(
            Terminal.say(
                "接下来：plumb check --workspace \(folder)，plumb load --workspace \(folder)，plumb compute --workspace \(folder)",
                "next: plumb check --workspace \(folder), plumb load --workspace \(folder), plumb compute --workspace \(folder)"
            ))
    }
}
