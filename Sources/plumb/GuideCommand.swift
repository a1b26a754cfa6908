import ArgumentParser
import KPICore
import KPIModel
import KPIService

struct LibraryGuideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guide",
        abstract:
            "Walks through the steps of building a set of KPIs, and shows how far a workspace is.")

    @OptionGroup var options: WorkspaceOptions

    @Argument(help: "A set that is built step by step; none lists them.")
    var pack: String?

    func run() async throws {
        let library = try Library.workspace()
        let packs = try Library.packs(of: library).filter { $0.kind == .guided }
        let language = Terminal.language
        guard let pack else {
            let lines = packs.map { "\($0.id)  \($0.label[language])" }
            return Terminal.write(lines.joined(separator: "\n"))
        }
        let workspace = try Company.read(options.workspace)
        let guide = try GuideText(
            pack: packs.named(pack), library: library, workspace: workspace, language: language)
        Terminal.write(guide.text)
    }
}

/// The steps of a guided set, each KPI with what a workspace has of it.
struct GuideText {
    let pack: Pack
    let library: Workspace
    let workspace: Workspace
    let language: Language

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    var text: String {
        var lines = ["\(pack.label[language])", pack.purpose[language]]
        for (index, step) in pack.groups.enumerated() {
            lines += ["", "\(index + 1). \(step.label?[language] ?? "")"]
            if let note = step.note { lines.append("   " + note[language]) }
            lines += step.kpis.compactMap(library.card).map(line)
        }
        return (lines + ["", next]).joined(separator: "\n")
    }

    /// Whether a step is done, can be done, or lacks data.
    private func line(_ card: Card) -> String {
        let name = "\(card.label[language]) (\(card.id))"
        if let own = workspace.card(card.id), own.life != .retired {
            let target =
                own.target.map { say("目标 ", "target ") + $0.text } ?? say("还没有目标", "no target yet")
            return "   ✓ \(name): \(target)\(lack(card).map { "; \($0)" } ?? "")"
        }
        return "   ○ \(name)\(lack(card).map { ": \($0)" } ?? "")"
    }

    private func lack(_ card: Card) -> String? {
        let gaps = Availability(library: library, sourcesOf: workspace).gaps(card)
        guard !gaps.isEmpty else { return nil }
        let list = gaps.map { gap in
            gap.columns.isEmpty
                ? gap.dataset : "\(gap.dataset) (\(gap.columns.joined(separator: ", ")))"
        }
        return say("缺数据：", "lacks data: ") + list.joined(separator: "; ")
    }

    private var next: String {
        let missing = pack.kpis.filter { workspace.card($0) == nil }
        guard let first = missing.first else {
            return say("各步的指标都已在工作区中", "the KPIs of all steps are in the workspace")
        }
        return say("接下来：plumb library add \(first)", "next: plumb library add \(first)")
    }
}
