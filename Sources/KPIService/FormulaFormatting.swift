import Foundation
import KPICore
import KPIFormula
import KPIModel

/// `plumb format`: formula scalars rewritten in place in their canonical spelling.
package struct FormulaFormatting {
    let folder: String
    let language: Language?

    package struct Change: Sendable {
        package let path: String
        package let count: Int
    }

    package init(folder: String, language: Language?) {
        self.folder = folder
        self.language = language
    }

    /// - Parameter write: whether files are changed, or only compared.
    /// - Throws: `Diagnostics` when the workspace cannot be read; no file is changed then.
    package func run(write: Bool) throws -> [Change] {
        let workspace = try Company.read(folder)
        let names = NameTranslation(workspace)
        var changes: [Change] = []
        for path in FormulaScalars.files(in: folder) {
            guard let file = FormulaScalars.read(folder: folder, path: path) else { continue }
            var text = file.text
            var count = 0
            // From the end, so that earlier places stay where they are.
            for scalar in file.scalars.reversed() {
                guard let formatted = formatted(scalar, names), formatted != scalar.written else {
                    continue
                }
                text.replaceSubrange(scalar.range, with: formatted)
                count += 1
            }
            guard count > 0 else { continue }
            changes.append(Change(path: path, count: count))
            if write {
                try Data(text.utf8).write(
                    to: URL(fileURLWithPath: "\(folder)/\(path)"), options: .atomic)
            }
        }
        return changes
    }

    /// The scalar's new bytes, quoted where YAML needs it; nil where it is better left alone.
    private func formatted(_ scalar: FormulaScalars.Scalar, _ names: NameTranslation) -> String? {
        guard let tree = try? FormulaText.parse(scalar.value) else { return nil }
        let target = language ?? Expression.language(of: scalar.value)
        let text = tree.formatted(target) { path in
            language == nil || !scalar.isOfKPI ? path : names.translate(path, to: target)
        }
        return FormulaScalars.quoted(text, like: scalar)
    }
}

/// Ids and labels of measures and KPIs, for writing formulas in another language.
///
/// A name that may mean something else as well, such as a column in a filter, is left as it is.
struct NameTranslation {
    private var english: [String: Set<String>] = [:]
    private var chinese: [String: Set<String>] = [:]
    private var meanings: [String: Set<String>] = [:]

    init(_ workspace: Workspace) {
        for measure in workspace.datasets.flatMap(\.measures) { add(measure.id, measure.label) }
        for card in workspace.cards { add(card.id.replacing("-", with: "_"), card.label) }
        for dataset in workspace.datasets {
            let columns = dataset.columns.flatMap { [$0.name, $0.label?.zh, $0.label?.en] }
            let dimensions = dataset.dimensions.flatMap { [$0.id, $0.label.zh, $0.label.en] }
            for name in columns.compactMap(\.self) + dimensions {
                meanings[name, default: []].insert("\(dataset.id).\(name)")
            }
        }
    }

    private mutating func add(_ id: String, _ label: Bilingual) {
        for name in [id, label.zh, label.en] {
            english[name, default: []].insert(id)
            chinese[name, default: []].insert(label.zh)
            meanings[name, default: []].insert(id)
        }
    }

    func translate(_ path: [String], to language: Language) -> [String] {
        let names = language == .zh ? chinese : english
        guard path.count == 1, meanings[path[0]]?.count == 1, let found = names[path[0]],
            found.count == 1, let name = found.first, meanings[name]?.count == 1
        else { return path }
        return [name]
    }
}
