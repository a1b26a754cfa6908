import ArgumentParser
import KPICore
import KPIModel
import KPIReport
import KPIService

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows card, version, plan, SQL, inputs and the records behind one cell.")

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "A KPI by id or label.")
    var kpi: String

    @Option(help: "Period of the cell, such as 2017-Q2; total for all covered time.")
    var period = "total"

    @Option(help: "DIMENSION=VALUE of the cell's group. May be given several times.")
    var by: [String] = []

    @Option(name: .customLong("where"), help: "Row expression that every record must satisfy.")
    var filter: String?

    @Option(help: "The instant the question is asked for.")
    var asOf: String?

    @Option(help: "Records shown of each measure; all with 0.")
    var limit = 20

    func run() async throws {
        let company = try await Company.open(options.workspace)
        try await ComputeCommand.noteOutdated(company)
        let explanation = try await company.explain(
            kpi, period: period, members: by, filter: filter, asOf: asOf,
            limit: limit == 0 ? Int.max : limit)
        let language = company.workspace.locale
        let text = ExplanationText(explanation: explanation, language: language).text
        Terminal.write(text)
    }
}

/// An explanation as text for a terminal.
struct ExplanationText {
    let explanation: Explanation
    let language: Language

    var text: String {
        [card, value, inputs, beside ?? "", quality, plan, records].filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    private func heading(_ zh: String, _ en: String) -> String { "── " + say(zh, en) + " ──" }

    private var unit: String {
        let formula = explanation.card.formula
        let clock =
            explanation.header.isWorkingTime ? " (\(CellWords.workingTime[language]))" : ""
        return formula.isPercent ? "percent" : formula.unit.description + clock
    }

    private var card: String {
        let card = explanation.card
        var lines = [heading("指标卡", "card"), "\(card.label[language]) (\(card.id))"]
        func add(_ zh: String, _ en: String, _ text: String?) {
            if let text, !text.isEmpty { lines.append("\(say(zh, en)): \(text)") }
        }
        add("编号", "code", card.code)
        add("定义", "definition", card.description?[language])
        add("公式", "formula", card.formulaText)
        add("单位", "unit", unit)
        add("方向", "direction", card.direction.rawValue)
        add("目标", "target", card.target?.text)
        add("关注线", "attention", card.attention?.text)
        add("计量规则", "basis", card.basis?[language])
        add("等待期", "window", waits)
        add("参数", "parameters", parameters)
        add("来源", "source", card.source?[language])
        add("采集人", "collector", card.collector)
        add("核验人", "verifier", card.verifier)
        add("说明", "notes", card.notes?[language])
        add("版本", "version", explanation.header.version)
        return lines.joined(separator: "\n")
    }

    /// How long after its period a cell is still provisional.
    private var waits: String {
        explanation.windows.map { window in
            let unit = window.isHours ? say("小时", "hours") : say("天", "days")
            return "\(window.count) \(unit) (\(window.label[language]))"
        }.joined(separator: ", ")
    }

    private var parameters: String {
        explanation.parameters.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    }

    private var value: String {
        let cell = explanation.cell
        let answer = Answer(
            dimensions: cell.dimensions, blocks: [cell.only(group: explanation.group)])
        return heading("数值", "cell") + "\n"
            + TableReport(language: language).text(answer)
            + say("截至", "as of") + " \(explanation.asOf), "
            + say("数据水位", "watermark") + " \(explanation.header.watermark)"
    }

    private var inputs: String {
        heading("输入", "inputs") + "\n" + table(explanation.inputs)
    }

    /// What the card shows beside its value.
    private var beside: String? {
        explanation.beside.isEmpty
            ? nil : heading("一并展示", "shown beside it") + "\n" + table(explanation.beside)
    }

    private func table(_ inputs: [Explanation.Input]) -> String {
        let rows = inputs.map { input in
            [
                input.label[language], input.id,
                input.state.hasValue
                    ? value(input)
                    : input.state.reason,
            ]
        }
        let headers = [say("度量", "measure"), "id", say("数值", "value")]
        return TextTable(headers: headers, rows: rows, alignment: [.left, .left, .right]).text()
    }

    /// What there is to say about the data, in a few lines.
    private var quality: String {
        guard let quality = explanation.quality else { return "" }
        let words = QualityWords(language: language)
        var lines = [heading("数据质量", "data quality")]
        let gaps = quality.gaps.prefix(3).map(words.gap).joined(separator: ", ")
        lines.append(
            say("完整的记录", "complete records") + ": " + words.share(quality.completeness)
                + (gaps.isEmpty ? "" : say("；缺失 ", "; missing ") + gaps))
        for finding in quality.failed.map(\.finding) {
            lines.append(Problem.expectationFailed(finding).wording.reason[language])
        }
        if quality.setAside > 0 {
            lines.append(say("搁置的记录", "records set aside") + ": \(quality.setAside)")
        }
        if let own = quality.ownCollected, let all = quality.collected, own > 0 {
            lines.append(
                say("被考核部门自行收集", "collected by the department assessed")
                    + ": \(own) / \(all)")
        }
        return lines.joined(separator: "\n")
    }

    private func value(_ input: Explanation.Input) -> String {
        let format = ValueFormat(
            unit: input.unit, isWorkingTime: input.isWorkingTime, language: language)
        let clock = input.isWorkingTime ? " (\(CellWords.workingTime[language]))" : ""
        return format.text(input.value) + clock
    }

    private var plan: String {
        var lines = [heading("计划与 SQL", "plan and SQL")]
        lines[0] += " \(explanation.engine)"
        for (title, sql, parameters) in explanation.scans {
            lines.append(title)
            lines.append(sql.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            lines.append(
                "  " + say("参数", "bound values") + ": " + parameters.joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }

    private var records: String {
        if explanation.isAnonymous {
            return heading("背后的记录", "records behind it") + "\n"
                + say(
                    "不逐条列出：此指标不展示样本过少的单元格，以免认出个人",
                    "not listed: this KPI withholds small cells, so that nobody can be told from them"
                )
        }
        var lines: [String] = []
        let total = explanation.records.reduce(0) { $0 + $1.total }
        lines.append(
            heading("背后的记录：\(total)", "records behind it: \(total)"))
        lines.append(Self.lines(explanation.records, language))
        return lines.joined(separator: "\n")
    }

    /// The records behind each measure, under a line that says how many there are.
    static func lines(_ parts: [Explanation.Records], _ language: Language) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        var lines: [String] = []
        for part in parts {
            let kind = part.listsKeys ? say("键", "keys") : say("条记录", "records")
            lines.append("\(part.label[language]) \(part.window): \(part.total) \(kind)")
            lines.append(table(part.table))
            if part.table.rowCount < part.total {
                let left = part.total - part.table.rowCount
                lines.append(
                    say("…还有 \(left) 条（--limit 0 显示全部）", "… \(left) more (--limit 0 shows all)"))
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func table(_ table: Table) -> String {
        let rows = (0..<table.rowCount).map { row in
            table.columns.map { column -> String in
                switch column[row] {
                case .text(let text): text
                case .integer(let number): String(number)
                default: ""
                }
            }
        }
        return TextTable(headers: table.columns.map(\.name), rows: rows).text()
    }
}

extension CellBlock {
    /// The block with one group alone.
    func only(group: Int) -> CellBlock {
        var block = self
        let indices = periods.indices.map { $0 * groupCount + group }
        func pick(_ figures: Figures?) -> Figures? {
            guard let figures else { return nil }
            let present = figures.present.map { present in indices.map { present[$0] } }
            switch figures.numbers {
            case .integer(let a): return Figures(.integer(indices.map { a[$0] }), present: present)
            case .decimal(let a, let scale):
                return Figures(.decimal(indices.map { a[$0] }, scale: scale), present: present)
            case .double(let a): return Figures(.double(indices.map { a[$0] }), present: present)
            }
        }
        block.value = pick(value)!
        block.numerator = pick(numerator)
        block.denominator = pick(denominator)
        block.n = pick(n)
        block.open = pick(open)
        block.state = indices.map { state[$0] }
        block.members = members.map { [$0[group]] }
        block.groupCount = 1
        return block
    }
}
