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
        /// Inside `{…}` or `[…]`, where commas and brackets need quotes.
        package let isInFlow: Bool
    }

    /// Keys whose values are formulas or row expressions.
    private static let keys: Set<String> = [
        "formula", "aggregate", "where", "open", "per", "having", "of",
    ]
    /// Keys whose entries are formulas, unless they are mappings.
    private static let mappings: Set<String> = ["dimensions", "derive", "levels"]

    /// Files that may hold formulas, relative to the workspace.
    package static func files(in folder: String) -> [String] {
        let organisation = FileManager.default.fileExists(atPath: folder + "/organization.yaml")
        return (organisation ? ["organization.yaml"] : [])
            + ["datasets", "sources", "kpis"].flatMap { subfolder in
                let names =
                    (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(subfolder)"))
                    ?? []
                return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
                    .map { "\(subfolder)/\($0)" }
            }
    }

    /// The text of a file and its formula scalars in order; nil when it cannot be read.
    package static func read(
        folder: String, path: String
    ) -> (text: String, scalars: [Scalar])? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)"),
            let text = String(data: data, encoding: .utf8),
            let root = try? Yams.compose(yaml: text)
        else { return nil }
        let source = SourceText(path: path, text: text)
        var scalars: [Scalar] = []
        collect(root, isFormula: false, isInFlow: false, source, into: &scalars)
        return (text, scalars.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }

    private static func collect(
        _ node: Node, isFormula: Bool, isInFlow: Bool, _ source: SourceText,
        into scalars: inout [Scalar]
    ) {
        switch node {
        case .scalar(let scalar):
            guard isFormula, let range = source.range(of: scalar) else { return }
            scalars.append(
                Scalar(
                    value: scalar.string, written: String(source.text[range]), range: range,
                    isInFlow: isInFlow))
        case .sequence(let sequence):
            let flow = isInFlow || sequence.style == .flow
            for child in sequence {
                collect(child, isFormula: false, isInFlow: flow, source, into: &scalars)
            }
        case .mapping(let mapping):
            let flow = isInFlow || mapping.style == .flow
            for (key, value) in mapping {
                let name = key.scalar?.string ?? ""
                if mappings.contains(name), case .mapping(let entries) = value {
                    let inner = flow || entries.style == .flow
                    for (_, entry) in entries {
                        collect(entry, isFormula: true, isInFlow: inner, source, into: &scalars)
                    }
                } else {
                    collect(
                        value, isFormula: keys.contains(name), isInFlow: flow, source,
                        into: &scalars)
                }
            }
        default: return
        }
    }

    /// A new text for a scalar in the quoting it has, or in quotes where YAML needs them.
    package static func quoted(_ text: String, like scalar: Scalar) -> String {
        let single = "'" + text.replacing("'", with: "''") + "'"
        if scalar.written.hasPrefix("'") { return single }
        if scalar.written.hasPrefix("\"") {
            return text.contains("\"") || text.contains("\\") ? single : "\"\(text)\""
        }
        let indicators = "-?:,[]{}#&*!|>'\"%@`"
        let needsQuotes =
            text.first.map { indicators.contains($0) && !"-".contains($0) || $0 == "-" } ?? true
            || text.contains(": ") || text.contains(" #") || text.hasSuffix(":")
            || scalar.isInFlow && text.contains { ",[]{}".contains($0) }
        return needsQuotes ? single : text
    }
}
