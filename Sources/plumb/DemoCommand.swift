import ArgumentParser
import Foundation
import KPICore
import KPIDemo
import KPIIngest
import KPIModel
import KPIReport
import KPIService

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Makes a company on the standard model, loads it and prints its KPIs of the last full month."
    )

    @Argument(help: "Folder for the company; made when it is missing.")
    var folder = "demo"

    @Option(help: "Size: 1 is about 60 employees, 3,000 customers and 20,000 tickets a year.")
    var scale = 1.0

    @Option(help: "Another seed makes another company of the same kind.")
    var seed: UInt64 = 1

    func validate() throws {
        guard scale > 0, scale <= 1000 else {
            throw ValidationError("--scale lies above 0 and at most at 1000")
        }
    }

    func run() async throws {
        try write()
        let company = try await Company.open(folder)
        var loader = Loader(warehouse: company.warehouse, dataFolder: dataFolder)
        loader.progress = Terminal.progress
        let loaded = try await loader.load()
        Terminal.endProgress()
        let records = ValueFormat.number(
            .integer(Int64(loaded.rowCounts.reduce(0) { $0 + $1.rows })))
        Terminal.write(
            Terminal.say(
                "已装入 \(records) 条记录，\(company.workspace.cards.count) 个指标。",
                "\(records) records loaded, \(company.workspace.cards.count) KPIs defined."))
        Terminal.write("")
        let report = DepartmentReport(company: company, language: Terminal.language)
        Terminal.progress(Terminal.say("计算指标", "computing KPIs"))
        let text = try await report.text()
        Terminal.endProgress()
        Terminal.write(text + "\n")
        Terminal.write(advice)
    }

    private static let marker = ".plumb-demo"

    private var dataFolder: String {
        URL(fileURLWithPath: folder + "/data").standardizedFileURL.path
    }

    /// Writes data and definitions; a folder that is something else is left alone, and so is what the user
    /// changed in the definitions.
    private func write() throws {
        let manager = FileManager.default
        let existing = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
        guard existing.isEmpty || existing.contains(Self.marker) else {
            throw Diagnostics(.folderExists(folder))
        }
        try manager.createDirectory(atPath: dataFolder, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(folder)/\(Self.marker)"))
        try DemoCompany(seed: seed, scale: scale).write(to: dataFolder) { file, done, total in
            Terminal.progress(done, total, file)
        }
        Terminal.endProgress()
        if !existing.contains("plumbline.yaml") {
            _ = try StandardWorkspace.write(to: folder, data: dataFolder)
        }
    }

    /// As this program was started, from the current folder where it lies below it.
    private var program: String {
        let path = CommandLine.arguments[0]
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    private var advice: String {
        let commands = [
            "compute first-contact-resolution-rate --workspace \(folder) --grain quarter --by team",
            "compute customer-churn-rate --workspace \(folder) --grain quarter --by segment --from 2026-Q1",
            "explain \(Terminal.say("客户满意率", "customer-satisfaction-rate")) --workspace \(folder) --period 2026-03",
            "library show net-promoter-score",
            "keep --workspace \(folder) --name months --grain month --by team",
            "publish --workspace \(folder) --period 2026-06 --by-whom demo",
            "check --workspace \(folder)",
        ].map { "  \(program) \($0)" }
        let title = Terminal.say(
            "接下来可以试试（在 \(folder) 中的文件可随意修改）：",
            "What to try next (change the files in \(folder) at will):")
        return ([title] + commands).joined(separator: "\n")
    }
}
