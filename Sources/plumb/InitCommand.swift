import ArgumentParser
import Foundation
import KPICore
import KPIService

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Makes a commented workspace to start from.")

    @Argument(help: "Folder of the new workspace.")
    var folder = "."

    @Flag(help: "On the standard model, with the whole library of KPIs.")
    var standard = false

    @Option(
        help:
            "With --standard: a folder of CSV files in the shape of the standard model, one ENTITY.csv each; coverage.csv says from when to when they are complete. Again for a workspace made before: adds sources for files and columns that came since."
    )
    var data: String?

    func validate() throws {
        if data != nil, !standard {
            throw ValidationError("--data belongs to --standard")
        }
    }

    func run() throws {
        if standard { return try makeStandard() }
        let files = try StarterWorkspace.write(to: folder)
        for file in files { Terminal.write(file) }
        Terminal.write(
            Terminal.say(
                "接下来：plumb check --workspace \(folder)，plumb load --workspace \(folder)，plumb compute --workspace \(folder)",
                "next: plumb check --workspace \(folder), plumb load --workspace \(folder), plumb compute --workspace \(folder)"
            ))
    }

    private func makeStandard() throws {
        let isThere = FileManager.default.fileExists(atPath: folder + "/plumbline.yaml")
        let report = try StandardWorkspace.write(to: folder, data: data)
        if isThere {
            for file in report.files { Terminal.write(file) }
            if report.files.isEmpty {
                Terminal.write(Terminal.say("没有新增内容", "nothing to add"))
            }
        } else {
            Terminal.write(
                Terminal.say(
                    "已写入 \(report.files.count) 个文件：标准模型、全部指标和数据源",
                    "\(report.files.count) files written: the standard model, all KPIs, the sources"
                ))
        }
        for (file, headers) in report.unmapped {
            let list = headers.joined(separator: ", ")
            Terminal.write(
                Terminal.say(
                    "\(file)：数据源改过，这些列还没有映射：\(list)",
                    "\(file): not mapped yet by its source, which was changed: \(list)"))
        }
        for (file, headers) in report.ignored {
            let list = headers.joined(separator: ", ")
            Terminal.write(
                Terminal.say(
                    "\(file)：标准模型没有这些列，已忽略：\(list)",
                    "\(file): not in the standard model, left out: \(list)"))
        }
        if !report.absent.isEmpty {
            let list = report.absent.joined(separator: ", ")
            Terminal.write(
                Terminal.say(
                    "没有文件的实体：\(list)", "entities without a file: \(list)"))
        }
        Terminal.write(
            Terminal.say(
                "接下来：plumb load --workspace \(folder)，plumb compute --by team --workspace \(folder)，plumb library --available --workspace \(folder)",
                "next: plumb load --workspace \(folder), plumb compute --by team --workspace \(folder), plumb library --available --workspace \(folder)"
            ))
    }
}
