import ArgumentParser
import KPICore
import KPIModel
import KPIReport
import KPIService

struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Freezes the cells of a period: what is published never changes.",
        discussion: """
            Later changes of data or definitions are listed by ‘plumb restatements’. The contract is \
            docs/reference/publish.md.
            """)

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "KPIs by id or label; none means every active KPI that applies to the period.")
    var kpis: [String] = []

    @Option(help: "The period, at its own grain: 2026-10, 2026-W44, 2026-Q4, 2026.")
    var period: String

    @Option(
        help: """
            A grouping beside the whole company: dimensions separated by commas. May be given several \
            times; by default each level of the organisation.
            """)
    var by: [String] = []

    @Option(help: "A remark that stays with the publication.")
    var note = ""

    @Option(help: "Who publishes; by default the user of the environment.")
    var byWhom: String?

    @Flag(help: "Publish what is published already once more; the earlier revision stays.")
    var again = false

    @Flag(help: "Publish a period that is not over, and provisional cells, marked as such.")
    var allowUnfinished = false

    func run() async throws {
        let company = try await Company.open(options.workspace)
        try await ComputeCommand.noteOutdated(company)
        let user = byWhom ?? Terminal.environment("USER") ?? Terminal.environment("LOGNAME")
        var words = PublishText(period: period, by: user ?? "unknown")
        words.kpis = kpis
        words.groupings = by
        words.note = note
        words.isAgain = again
        words.allowsUnfinished = allowUnfinished
        let blocks = try await company.publish(words)
        let cells = blocks.reduce(0) { $0 + $1.cells.count }
        let names = Set(blocks.map(\.kpi)).count
        let unfinished = Set(blocks.filter(\.isUnfinished).map(\.kpi)).count
        Terminal.write(
            Terminal.say(
                "\(period)：已发布 \(names) 个指标的 \(cells) 个单元格",
                "\(period): \(cells) cell\(cells == 1 ? "" : "s") of \(names) KPI\(names == 1 ? "" : "s") published"
            ))
        guard unfinished > 0 else { return }
        Terminal.write(
            Terminal.say("其中 \(unfinished) 个指标未完结", "\(unfinished) of the KPIs unfinished"))
    }
}

struct PublishedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "published",
        abstract: "Lists what is published; ‘plumb compute --published’ shows the cells.")

    @OptionGroup var options: WorkspaceOptions

    @Option(help: "Only this period.")
    var period: String?

    func run() async throws {
        let company = try await Company.open(options.workspace)
        let blocks = try company.published(period: period)
        guard !blocks.isEmpty else {
            return Terminal.write(
                Terminal.say(
                    "还没有发布任何内容；plumb publish --period 周期",
                    "nothing is published yet; plumb publish --period PERIOD"))
        }
        let headers =
            Terminal.language == .zh
            ? ["周期", "指标", "拆分", "修订", "单元格", "版本", "状态", "发布于", "发布人", "备注"]
            : [
                "period", "KPI", "by", "revision", "cells", "version", "state", "published",
                "by whom",
                "note",
            ]
        let rows = blocks.map { row($0, company) }
        Terminal.write(
            TextTable(
                headers: headers, rows: rows,
                alignment: [.left, .left, .left, .right, .right]
            ).text())
    }

    private func row(_ block: PublishedBlock, _ company: Company) -> [String] {
        let publication = block.publication!
        let zone = company.workspace.calendar.zone
        let label = block.versionLabel.isEmpty ? "" : " (\(block.versionLabel))"
        let state =
            block.isUnfinished ? Terminal.say("未完结", "unfinished") : Terminal.say("完结", "finished")
        return [
            block.period, block.kpi,
            block.dimensions.isEmpty
                ? Terminal.say("全公司", "company") : block.dimensions.joined(separator: ","),
            String(block.revision), String(block.cells.count), block.version + label, state,
            String(LocalClock.text(zone.local(publication.at)).prefix(19)), publication.by,
            publication.note,
        ]
    }
}

enum RestatementFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
}

struct RestatementsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restatements",
        abstract: "Lists published cells that would be others today: was, is, why.",
        discussion: """
            Every published cell is computed again with the definitions and records of now. The exit code \
            is 0 with and without restatements. The columns stand in docs/reference/publish.md.
            """)

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "KPIs by id or label; none means all.")
    var kpis: [String] = []

    @Option(help: "Only this period.")
    var period: String?

    @Option(help: "table, csv or json.")
    var format = RestatementFormat.table

    func run() async throws {
        let company = try await Company.open(options.workspace)
        try await ComputeCommand.noteOutdated(company)
        let list = try await company.restatements(kpis, period: period)
        let report = RestatementReport(list.items)
        switch format {
        case .csv: Terminal.write(report.csv)
        case .json: Terminal.write(report.json(cells: list.cells))
        case .table where list.cells == 0:
            Terminal.write(
                Terminal.say(
                    "没有已发布的内容可以比较；plumb publish --period 周期",
                    "nothing is published to compare with; plumb publish --period PERIOD"))
        case .table where list.items.isEmpty:
            Terminal.write(
                Terminal.say(
                    "\(list.cells) 个已发布的单元格与现在一致",
                    "all \(list.cells) published cells are what they would be today"))
        case .table: Terminal.write(report.table(company.workspace.locale))
        }
    }
}
