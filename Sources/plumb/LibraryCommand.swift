import ArgumentParser
import KPICore
import KPIModel
import KPIReport
import KPIService

struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library",
        abstract: "The KPI cards that come with the product: lists, shows and adds them.",
        subcommands: [
            LibraryListCommand.self, LibraryShowCommand.self, LibraryPacksCommand.self,
            LibraryAddCommand.self, LibraryGuideCommand.self,
        ],
        defaultSubcommand: LibraryListCommand.self)
}

struct LibraryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the cards, all or some of them.")

    @OptionGroup var options: WorkspaceOptions

    @Option(help: "Only those of a department, such as sales.")
    var department: String?

    @Option(help: "Only those of a pack; ‘plumb library packs’ lists them.")
    var pack: String?

    @Option(help: "Only those whose id, name or description holds this text.")
    var search: String?

    @Flag(
        help: "Say which can be computed from the data of the workspace, and what the others lack.")
    var available = false

    func run() async throws {
        let library = try Library.workspace()
        let cards = try chosen(library)
        guard !cards.isEmpty else {
            throw Diagnostics(
                .badValue(
                    field: "department", value: department ?? search ?? "",
                    expected: departments(library).joined(separator: ", "), closest: []))
        }
        if available {
            let workspace = try Company.read(options.workspace)
            let availability = Availability(library: library, sourcesOf: workspace)
            return Terminal.write(AvailabilityText(cards: cards, availability: availability).text)
        }
        Terminal.write(table(cards))
    }

    private func departments(_ library: Workspace) -> [String] {
        Set(library.cards.flatMap(\.departments)).sorted()
    }

    private func chosen(_ library: Workspace) throws -> [Card] {
        var cards = library.cards
        if let pack {
            let packs = try Library.packs(of: library)
            cards = try packs.named(pack).kpis.compactMap(library.card)
        }
        if let department { cards = cards.filter { $0.departments.contains(department) } }
        guard let search = search?.lowercased() else { return cards }
        return cards.filter { card in
            let texts =
                [card.id, card.label.zh, card.label.en, card.description?.zh ?? ""]
                + [card.description?.en ?? "", card.category?.zh ?? "", card.category?.en ?? ""]
            return texts.contains { $0.lowercased().contains(search) }
        }
    }

    private func table(_ cards: [Card]) -> String {
        let language = Terminal.language
        let headers =
            language == .zh
            ? ["编号", "名称", "部门", "类别", "目标"] : ["id", "name", "department", "category", "target"]
        let rows = cards.map { card in
            [
                card.id, card.label[language], card.departments.first ?? "",
                card.category?[language] ?? "",
                card.target?.text
                    ?? (card.awaits == nil ? "" : Terminal.say("待数据", "awaits data")),
            ]
        }
        let count = Terminal.say("\(cards.count) 个指标", "\(cards.count) KPIs")
        return TextTable(headers: headers, rows: rows).text() + count + "\n"
    }
}

/// Which KPIs a company's data give, and what the others lack.
struct AvailabilityText {
    let cards: [Card]
    let availability: Availability

    var text: String {
        let language = Terminal.language
        let gaps = cards.map { (card: $0, gaps: availability.gaps($0)) }
        let ready = gaps.filter { $0.gaps.isEmpty && $0.card.awaits == nil }
        var lines = [
            Terminal.say(
                "\(cards.count) 个指标中有 \(ready.count) 个可以计算",
                "\(ready.count) of \(cards.count) KPIs can be computed")
        ]
        let waiting = gaps.filter { !$0.gaps.isEmpty || $0.card.awaits != nil }
        guard !waiting.isEmpty else { return lines[0] + "\n" }
        lines.append("")
        let rows = waiting.map { entry in
            [
                entry.card.id, entry.card.label[language],
                entry.card.awaits.map { $0[language] }
                    ?? entry.gaps.map(missing).joined(separator: "; "),
            ]
        }
        let headers =
            language == .zh ? ["编号", "名称", "还缺什么"] : ["id", "name", "what is missing"]
        return lines.joined(separator: "\n") + TextTable(headers: headers, rows: rows).text()
    }

    private func missing(_ gap: Availability.Gap) -> String {
        gap.columns.isEmpty
            ? "\(gap.dataset).csv" : "\(gap.dataset): \(gap.columns.joined(separator: ", "))"
    }
}

struct LibraryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a card with everything it says.")

    @Argument(help: "A KPI of the library by id or name.")
    var kpi: String

    func run() async throws {
        let library = try Library.workspace()
        let card = try LibraryAdding.card(kpi, library)
        Terminal.write(CardSheet(card: card, library: library, language: Terminal.language).text)
    }
}

struct LibraryPacksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "packs", abstract: "Lists the sets of KPIs that belong together.")

    @Argument(help: "A pack, to see what is in it.")
    var pack: String?

    func run() async throws {
        let library = try Library.workspace()
        let packs = try Library.packs(of: library)
        let language = Terminal.language
        guard let pack else {
            let kinds: [Pack.Kind: String] = [
                .department: Terminal.say("部门", "department"),
                .balanced: Terminal.say("平衡组合", "balanced set"),
                .starter: Terminal.say("起步组合", "to start with"),
                .guided: Terminal.say("分步搭建", "step by step"),
            ]
            let headers =
                language == .zh
                ? ["编号", "名称", "种类", "指标数", "用途"] : ["id", "name", "kind", "KPIs", "what for"]
            let rows = packs.map {
                [
                    $0.id, $0.label[language], kinds[$0.kind]!, "\($0.kpis.count)",
                    $0.purpose[language],
                ]
            }
            let alignment: [TextTable.Alignment] = [.left, .left, .left, .right]
            return Terminal.write(
                TextTable(headers: headers, rows: rows, alignment: alignment).text())
        }
        let found = try packs.named(pack)
        var lines = ["\(found.label[language]) (\(found.id))", found.purpose[language]]
        for group in found.groups {
            lines.append("")
            if let label = group.label { lines.append(label[language]) }
            if let note = group.note { lines.append("  " + note[language]) }
            lines += group.kpis.compactMap(library.card).map { "  \($0.id)  \($0.label[language])" }
        }
        Terminal.write(lines.joined(separator: "\n"))
    }
}

struct LibraryAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Copies cards or packs into the workspace, with the datasets they stand on.")

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "KPIs by id or name, or packs by id.")
    var names: [String]

    func run() async throws {
        let report = try LibraryAdding.add(names, to: options.workspace)
        if !report.known.isEmpty {
            let list = report.known.joined(separator: ", ")
            Terminal.write(Terminal.say("已有：\(list)", "already there: \(list)"))
        }
        guard !report.added.isEmpty else { return }
        let list = report.added.joined(separator: ", ")
        Terminal.write(Terminal.say("已加入：\(list)", "added: \(list)"))
        Terminal.write(
            Terminal.say(
                "已写入：\(report.files.joined(separator: "、"))",
                "written: \(report.files.joined(separator: ", "))"))
    }
}

/// A card with everything it says, for people to read.
struct CardSheet {
    let card: Card
    let library: Workspace
    let language: Language

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    var text: String {
        var lines = ["\(card.label.zh) · \(card.label.en) (\(card.id))", ""]
        func add(_ zh: String, _ en: String, _ text: String?) {
            if let text, !text.isEmpty { lines.append("\(say(zh, en)): \(text)") }
        }
        add("定义", "definition", card.description?[language])
        add("用途", "purpose", card.purpose?[language])
        add("等待", "awaits", card.awaits?[language])
        add("公式", "formula", card.formulaText)
        add("单位", "unit", card.formula.isPercent ? "percent" : card.formula.unit.description)
        add("方向", "direction", card.direction.rawValue)
        add("目标", "target", card.target?.text)
        add("目标依据", "target set by", card.targetBasis?.rawValue)
        add("关注线", "attention", card.attention?.text)
        add("周期", "period", card.period?.rawValue)
        add("部门", "departments", card.departments.joined(separator: ", "))
        add("类别", "category", card.category?[language])
        add("细分", "breakdowns", card.breakdowns.joined(separator: ", "))
        add("计量规则", "basis", card.basis?[language])
        add("最少样本", "withheld below", card.minimumRecords.map { "n = \($0)" })
        add("考核对象", "assessed", card.assessed)
        add("可控方", "controlled by", card.controlledBy)
        add("采集人", "collector", card.collector)
        add("核验人", "verifier", card.verifier)
        add("来源", "source", card.source?[language])
        add("数据出处", "provenance", card.provenance)
        add("用于", "use", card.use.map(\.rawValue).joined(separator: ", "))
        add("说明", "notes", card.notes?[language])
        lines += measures + variants
        return lines.joined(separator: "\n")
    }

    /// What each name of the formula counts, and what is shown beside it.
    private var measures: [String] {
        var lines: [String] = []
        for (title, uses) in [
            (say("度量", "measures"), card.formula.node.measures),
            (say("一并展示", "shown beside it"), card.companions),
        ] where !uses.isEmpty {
            lines += ["", title]
            lines += uses.map { use in
                let measure = library.measure(use)
                let set = measure.parameters.sorted { $0.key < $1.key }
                    .map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
                return "  \(measure.id) (\(use.dataset)): \(measure.label[language])"
                    + (set.isEmpty ? "" : " [\(set)]")
            }
        }
        return lines
    }

    private var variants: [String] {
        guard !card.variants.isEmpty else { return [] }
        let title = say(
            "其他口径（在卡片中写 variant: 编号 采用）", "variants (a card chooses one by ‘variant: ID’)")
        return ["", title]
            + card.variants.map { variant in
                let set = variant.parameters.sorted { $0.key < $1.key }
                    .map { "\($0.key): \($0.value)" }.joined(separator: ", ")
                let how =
                    variant.awaits.map { "\(say("等待", "awaits")): \($0[language])" }
                    ?? variant.formulaText ?? "{\(set)}"
                let name = variant.id.map { "\($0)  " } ?? ""
                let text = how.split(separator: "\n").joined(separator: " ")
                return "  \(name)\(variant.label[language]): \(text)"
            }
    }
}
