import Foundation
import KPICore
import Yams

/// The formula scalars of a workspace's files, with the exact bytes they are written in.
package enum FormulaScalars {
    package struct Scalar {
        package let value: String
        /// As in the file, quotes included.
        package let written: String
        package let range: Range<String.Index>
        /// Of a KPI, where names are measures and KPIs; else of a row, where they are columns.
        package let isOfKPI: Bool
        /// Inside `{…}` or `[…]`, where commas and brackets need quotes.
        package let isInFlow: Bool
    }

    /// Where formulas stand in the files of a folder: keys from the root, `*` for any key or item.
    private static let paths: [String: [[String]]] = [
        "kpis": [["kpis", "*", "formula"], ["kpis", "*", "earlier", "*", "formula"]],
        "datasets": [
            ["columns", "*", "of"], ["dimensions", "*"], ["dimensions", "*", "of"],
            ["measures", "*", "aggregate"],
            ["measures", "*", "where"], ["measures", "*", "open"], ["measures", "*", "per"],
            ["measures", "*", "having"], ["measures", "*", "cohort"],
            ["expectations", "*", "condition"], ["collected", "score"], ["collected", "where"],
        ],
        "verifications": [["left", "formula"], ["right", "formula"]],
        "sources": [["derive", "*"]],
        "organization.yaml": [["where"], ["levels", "*"], ["levels", "*", "of"]],
    ]

    /// Files that may hold formulas, relative to the workspace.
    package static func files(in folder: String) -> [String] {
        let organisation = "organization.yaml"
        let hasOrganisation = FileManager.default.fileExists(atPath: "\(folder)/\(organisation)")
        let inFolders = ["datasets", "sources", "kpis", "verifications"].flatMap { subfolder in
            let names =
                (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(subfolder)"))
                ?? []
            return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
                .map { "\(subfolder)/\($0)" }
        }
        return (hasOrganisation ? [organisation] : []) + inFolders
    }

    /// The text of a file and its formula scalars in order; nil when it cannot be read.
    package static func read(
        folder: String, path: String
    ) -> (text: String, scalars: [Scalar])? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)"),
            let text = String(data: data, encoding: .utf8),
            let root = try? Yams.compose(yaml: text)
        else { return nil }
        let folder = path.split(separator: "/").first.map(String.init) ?? ""
        var collector = Collector(
            source: SourceText(path: path, text: text),
            isOfKPI: folder == "kpis" || folder == "verifications")
        collector.collect(root, paths[folder] ?? [], isInFlow: false)
        return (text, collector.scalars.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }

    private struct Collector {
        let source: SourceText
        let isOfKPI: Bool
        var scalars: [Scalar] = []

        /// - Parameter paths: from this node to formulas below it; empty for a formula itself.
        mutating func collect(_ node: Node, _ paths: [[String]], isInFlow: Bool) {
            switch node {
            case .scalar(let scalar):
                guard paths.contains([]), let range = source.range(of: scalar) else { return }
                scalars.append(
                    Scalar(
                        value: scalar.string, written: String(source.text[range]), range: range,
                        isOfKPI: isOfKPI, isInFlow: isInFlow))
            case .sequence(let sequence):
                let flow = isInFlow || source.begins(with: "[", at: sequence.mark)
                for child in sequence { collect(child, step("*", paths), isInFlow: flow) }
            case .mapping(let mapping):
                let flow = isInFlow || source.begins(with: "{", at: mapping.mark)
                for (key, value) in mapping {
                    let name = key.scalar?.string ?? ""
                    collect(value, step(name, paths), isInFlow: flow)
                }
            default: return
            }
        }

        private func step(_ name: String, _ paths: [[String]]) -> [[String]] {
            paths.filter { $0.first == name || $0.first == "*" }.map { Array($0.dropFirst()) }
        }
    }

    /// A new text for a scalar in the quoting it has, or in quotes where YAML needs them.
    package static func quoted(_ text: String, like scalar: Scalar) -> String {
        let single = "'" + text.replacing("'", with: "''") + "'"
        if scalar.written.hasPrefix("'") { return single }
        if scalar.written.hasPrefix("\"") {
            return text.contains("\"") || text.contains("\\") ? single : "\"\(text)\""
        }
        return needsQuotes(text, isInFlow: scalar.isInFlow) ? single : text
    }

    /// Whether YAML would read a plain text as something else.
    private static func needsQuotes(_ text: String, isInFlow: Bool) -> Bool {
        guard let first = text.unicodeScalars.first else { return true }
        if "-?:,[]{}#&*!|>'\"%@`".unicodeScalars.contains(first) { return true }
        if text.contains(": ") || text.contains(" #") || text.hasSuffix(":") { return true }
        return isInFlow && text.unicodeScalars.contains { ",[]{}".unicodeScalars.contains($0) }
    }
}
