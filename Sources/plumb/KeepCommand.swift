import ArgumentParser
import Foundation
import KPICore
import KPIQuery
import KPIReport
import KPIService

struct KeepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "Keeps the cells of a question, so that they are read instead of computed.",
        discussion: """
            Kept cells are brought up to date by every load and by ‘plumb refresh’. ‘plumb compute’ reads \
            them wherever a kept question holds all that is asked. Without a name the kept questions are \
            listed.
            """)

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "KPIs by id or label; none means all that can be broken down as asked.")
    var kpis: [String] = []

    @Option(help: "Name of the kept question.")
    var name: String?

    @Option(
        help: "Grains, separated by commas: total, hour, day, week, month, quarter, half, year.")
    var grain: [String] = []

    @Option(help: "One grouping: dimensions separated by commas. May be given several times.")
    var by: [String] = []

    @Option(
        name: .customLong("where"),
        help: "Row expression that every record must satisfy.")
    var filter: String?

    @Flag(help: "Forgets the question of this name.")
    var drop = false

    func validate() throws {
        if name == nil, drop || !kpis.isEmpty || !grain.isEmpty || !by.isEmpty {
            throw ValidationError("--name NAME says which kept question is meant")
        }
        if drop, !kpis.isEmpty || !grain.isEmpty || !by.isEmpty || filter != nil {
            throw ValidationError("--drop forgets the whole question: give --name and nothing else")
        }
    }

    func run() async throws {
        let company = try await Company.open(options.workspace)
        guard let name else { return try await list(company) }
        if drop {
            guard try await company.drop(name) else {
                Terminal.write(
                    Terminal.say("没有名为‘\(name)’的保留问题", "no question is kept as ‘\(name)’"),
                    toError: true)
                throw ExitCode(2)
            }
            return Terminal.write(Terminal.say("已不再保留 \(name)", "\(name) is no longer kept"))
        }
        var words = QuestionText()
        words.kpis = kpis
        words.grains = grain
        words.groupings = by
        words.filter = filter
        RefreshCommand.write([try await company.keep(words, name: name)])
    }

    private func list(_ company: Company) async throws {
        let kept = try await company.keptQuestions()
        guard !kept.isEmpty else {
            return Terminal.write(
                Terminal.say(
                    "还没有保留的问题；plumb keep --name 名称 指标… --grain month --by 维度",
                    "no question is kept yet; plumb keep --name NAME KPI… --grain month --by DIMENSION"
                ))
        }
        let headers =
            Terminal.language == .zh
            ? ["名称", "指标", "粒度", "拆分", "条件"]
            : ["name", "KPIs", "grains", "by", "where"]
        let rows = kept.map { question in
            [
                question.name, question.words.kpis.joined(separator: " "),
                question.words.grains.joined(separator: ","),
                question.words.groupings.joined(separator: " · "), question.words.filter ?? "",
            ]
        }
        Terminal.write(TextTable(headers: headers, rows: rows).text())
    }
}

struct RefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Brings the kept cells up to date: only what changed is computed again.")

    @OptionGroup var options: WorkspaceOptions

    func run() async throws {
        let company = try await Company.open(options.workspace)
        let reports = try await company.refresh()
        if reports.isEmpty {
            Terminal.write(Terminal.say("没有保留的问题", "no question is kept"))
        }
        try Self.finish(reports)
    }

    /// Says what was done; a question that cannot be kept up to date is a finding.
    static func finish(_ reports: [RefreshReport]) throws {
        write(reports)
        if reports.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }

    static func write(_ reports: [RefreshReport]) {
        func number(_ value: Int) -> String { ValueFormat.number(.integer(Int64(value))) }
        for report in reports {
            if let failure = report.failure {
                Terminal.write("\(report.name):", toError: true)
                Terminal.report(failure)
                continue
            }
            if report.isNew {
                Terminal.write(
                    Terminal.say(
                        "\(report.name)：保留了 \(number(report.periods)) 个周期（\(number(report.cells)) 格）",
                        "\(report.name): \(number(report.periods)) periods kept (\(number(report.cells)) cells)"
                    ))
                continue
            }
            if !report.redefined.isEmpty {
                let names = report.redefined.joined(separator: ", ")
                Terminal.write(
                    Terminal.say(
                        "\(report.name)：只重算改过定义的指标 \(names)（\(number(report.cells)) 格）",
                        "\(report.name): only what is defined otherwise computed again: \(names) (\(number(report.cells)) cells)"
                    ))
                continue
            }
            let (renewed, periods) = (number(report.renewed), number(report.periods))
            Terminal.write(
                Terminal.say(
                    "\(report.name)：重算 \(periods) 个周期中的 \(renewed) 个（\(number(report.cells)) 格）",
                    "\(report.name): \(renewed) of \(periods) periods computed again (\(number(report.cells)) cells)"
                ))
        }
    }
}
