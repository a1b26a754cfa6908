import Foundation
import Testing
import Yams

/// One question of `Tests/Cases` with what must be answered. Its README has the format.
struct QuestionCase: Sendable {
    enum Step: Sendable {
        /// Tables that replace those of the same name, and a load.
        case load([String: String])
        /// The words of a question that is kept from here on.
        case keep(String)
        case publish(String)
    }

    enum Outcome: Sendable {
        /// CSV of some columns.
        case rows(String)
        /// The code of a finding and a part of its text.
        case refusal(code: String, says: String)
    }

    var name: String
    var steps: [Step]
    /// The words of `plumb compute`, or of `plumb restatements`.
    var words: String
    var asksRestatements: Bool
    var outcome: Outcome
    var witness: String
    /// The tables after all steps.
    var lastTables: [String: String]
}

/// The workspace of one or more cases.
struct CaseWorkspace: Sendable, Hashable {
    var files: [String: String]
    var tables: [String: String]

    func write(to scratch: ScratchWorkspace) throws {
        for (path, text) in files { try scratch.write(text, to: path) }
        for (name, text) in tables { try scratch.write(text, to: "data/\(name).csv") }
    }
}

/// Cases on one workspace: those without steps are asked of one load.
struct CaseGroup: Sendable, CustomTestStringConvertible {
    var workspace: CaseWorkspace
    var cases: [QuestionCase]

    var testDescription: String { cases.map(\.name).joined(separator: ", ") }

    static let folder = packageFolder + "/Tests/Cases"

    static let files: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    static let all: [CaseGroup] = files.flatMap { (try? groups($0)) ?? [] }

    /// - Throws: what keeps the file from being read.
    static func groups(_ file: String) throws -> [CaseGroup] {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        guard let root = try Yams.compose(yaml: text)?.mapping,
            let list = root["cases"]?.sequence
        else { throw CaseError.shape(file) }
        var groups: [CaseGroup] = []
        for node in list {
            guard let own = node.mapping else { throw CaseError.shape(file) }
            let workspace = try workspace(root, own)
            let item = try questionCase(own, workspace, file)
            let place = groups.firstIndex { $0.workspace == workspace }
            if item.steps.isEmpty, let place, groups[place].cases[0].steps.isEmpty {
                groups[place].cases.append(item)
            } else {
                groups.append(CaseGroup(workspace: workspace, cases: [item]))
            }
        }
        return groups
    }

    // MARK: Reading

    private static func texts(_ node: Node?) -> [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in node?.mapping ?? [:] {
            if let name = key.scalar?.string, let text = value.scalar?.string { texts[name] = text }
        }
        return texts
    }

    private static func workspace(
        _ topic: Node.Mapping, _ own: Node.Mapping
    ) throws -> CaseWorkspace {
        func merged(_ field: String) -> [String: String] {
            texts(topic[field]).merging(texts(own[field])) { $1 }
        }
        var files = merged("files")
        let settings = "name: case\ntime_zone: Asia/Shanghai\ncurrency: CNY\n"
        if files["plumbline.yaml"] == nil { files["plumbline.yaml"] = settings }
        let kpis = merged("kpis").sorted { $0.key < $1.key }
        if !kpis.isEmpty {
            files["kpis/case.yaml"] =
                "kpis:\n" + kpis.map { card($0.key, formula: $0.value) }.joined()
        }
        let tables = merged("tables")
        for (name, text) in tables where files["sources/\(name).yaml"] == nil {
            files["sources/\(name).yaml"] = source(name, text)
        }
        return CaseWorkspace(files: files, tables: tables)
    }

    private static func card(_ id: String, formula: String) -> String {
        let quoted = formula.replacing("'", with: "''")
        return "  - {id: \(id), label: {zh: \(id)-zh, en: \(id)-en}, formula: '\(quoted)'}\n"
    }

    private static func source(_ name: String, _ text: String) -> String {
        let header = CSVText.rows(text).first ?? []
        return """
            source: \(name.replacing("_", with: "-"))
            dataset: \(name)
            files: \(name).csv
            columns:

            """ + header.map { "  \($0): \($0)\n" }.joined()
    }

    private static func questionCase(
        _ own: Node.Mapping, _ workspace: CaseWorkspace, _ file: String
    ) throws -> QuestionCase {
        func text(_ field: String) -> String? { own[field]?.scalar?.string }
        guard let name = text("name"), text("shows") != nil, let witness = text("witness"),
            let words = text("ask") ?? text("restatements")
        else { throw CaseError.shape("\(file) \(text("name") ?? "?")") }
        let outcome: QuestionCase.Outcome
        if let code = text("refuses") {
            outcome = .refusal(code: code, says: text("says") ?? "")
        } else if let rows = text("expect") {
            outcome = .rows(rows)
        } else {
            throw CaseError.shape("\(file) \(name)")
        }
        let steps = try (own["steps"]?.sequence.map(Array.init) ?? []).map { node in
            if let tables = node.mapping?["load"] { return QuestionCase.Step.load(texts(tables)) }
            if let words = node.mapping?["keep"]?.scalar?.string { return .keep(words) }
            if let words = node.mapping?["publish"]?.scalar?.string { return .publish(words) }
            throw CaseError.shape("\(file) \(name)")
        }
        var tables = workspace.tables
        for case .load(let changed) in steps { tables.merge(changed) { $1 } }
        return QuestionCase(
            name: name, steps: steps, words: words, asksRestatements: text("ask") == nil,
            outcome: outcome, witness: witness, lastTables: tables)
    }
}

enum CaseError: Error {
    /// Something is missing, or is not what the format says.
    case shape(String)
}

/// CSV as text, read by the rules of RFC 4180.
enum CSVText {
    static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var isQuoted = false
        for character in text.trimmingCharacters(in: .whitespacesAndNewlines) + "\n" {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(field)
                field = ""
            case "\n" where !isQuoted, "\r\n" where !isQuoted:
                rows.append(row + [field])
                (row, field) = ([], "")
            default: field.append(character)
            }
        }
        return rows
    }

    /// Rows as fields by the names of the header.
    static func records(_ text: String) -> (columns: [String], records: [[String: String]]) {
        let rows = rows(text)
        guard let columns = rows.first else { return ([], []) }
        let records = rows.dropFirst().map { row in
            Dictionary(zip(columns, row)) { first, _ in first }
        }
        return (columns, records)
    }
}
