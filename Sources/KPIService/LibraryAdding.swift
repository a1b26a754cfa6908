import Foundation
import KPICore
import KPIFormula
import KPIModel

/// Copies cards of the library into a workspace, with the datasets they stand on.
package struct LibraryAdding {
    package struct Report {
        package var added: [String] = []
        /// Cards that the workspace had already.
        package var known: [String] = []
        /// Files written, relative to the workspace.
        package var files: [String] = []
    }

    private let folder: String
    private let library: Workspace
    private let workspace: Workspace
    /// What files were before, to put them back: nil where there was none.
    private var before: [String: Data?] = [:]
    private var report = Report()

    /// - Parameter names: ids or labels of KPIs, or ids of packs.
    /// - Throws: `Diagnostics`; nothing is changed then.
    package static func add(_ names: [String], to folder: String) throws -> Report {
        let library = try Library.workspace()
        let workspace = try Company.read(folder)
        var adding = LibraryAdding(folder: folder, library: library, workspace: workspace)
        return try adding.add(try ids(names, library))
    }

    private init(folder: String, library: Workspace, workspace: Workspace) {
        self.folder = folder
        self.library = library
        self.workspace = workspace
    }

    private static func ids(_ names: [String], _ library: Workspace) throws -> [String] {
        let packs = try Library.packs(of: library)
        var ids: [String] = []
        for name in names {
            let pack = packs.first { $0.id == name }
            let found = try pack?.kpis ?? [card(name, library).id]
            for id in found where !ids.contains(id) { ids.append(id) }
        }
        let measures = Set(library.datasets.flatMap { $0.measures.map(\.id) })
        let named = Library.cards(namedBy: ids, measures: measures) { id in
            library.card(id).map { card in
                ([card.formulaText] + card.variants.compactMap(\.formulaText))
                    .compactMap { try? FormulaText.parse($0) }
            }
        }
        return ids + named.filter { !ids.contains($0) }
    }

    /// A card by its id or label.
    package static func card(_ name: String, _ library: Workspace) throws(Diagnostics) -> Card {
        let found = library.cards.first {
            $0.id == name || $0.label.zh == name || $0.label.en == name
        }
        if let found { return found }
        let known = library.cards.flatMap { [$0.id, $0.label.zh, $0.label.en] }
        throw Diagnostics(.unknownKPI(name, closest: NearMatch.closest(to: name, among: known)))
    }

    private mutating func add(_ ids: [String]) throws -> Report {
        report.known = ids.filter { workspace.card($0) != nil }
        report.added = ids.filter { workspace.card($0) == nil }
        guard !report.added.isEmpty else { return report }
        do {
            for file in try files(for: report.added) { try put(Library.text(file)!, file) }
            try putCards()
            let (_, findings) = WorkspaceReader.read(folder)
            let errors = findings.filter { $0.severity == .error }
            guard errors.isEmpty else { throw Diagnostics(errors) }
        } catch {
            restore()
            throw error
        }
        report.files.sort()
        return report
    }

    /// The files of the datasets behind the cards that the workspace lacks, and the organisation.
    private func files(for ids: [String]) throws -> [String] {
        var needed: Set<String> = []
        for card in ids.compactMap(library.card) {
            let uses = card.formula.node.measures + card.companions
            for use in uses { needed.formUnion(library.datasetsBehind(use.dataset)) }
        }
        for id in needed.sorted() {
            guard let own = workspace.dataset(id), let standard = library.dataset(id) else {
                continue
            }
            let lacking = standard.columns.map(\.name).filter { own.column($0) == nil }
            if !lacking.isEmpty {
                throw Diagnostics(.otherDataset(id, lacking: Array(lacking.prefix(5))))
            }
        }
        let absent = needed.filter { workspace.dataset($0) == nil }
        var files = absent.sorted().map { "datasets/\($0).yaml" }
        let isAttributed = absent.contains { library.dataset($0)?.route != nil }
        if isAttributed, workspace.organisation == nil { files.append("organization.yaml") }
        // Some measure working time, which needs hours.
        let hasCalendar = FileManager.default.fileExists(atPath: folder + "/calendar.yaml")
        if !absent.isEmpty, !hasCalendar { files.append("calendar.yaml") }
        return files
    }

    private mutating func putCards() throws {
        let target = "kpis/library.yaml"
        var text = "kpis:\n"
        if let data = FileManager.default.contents(atPath: "\(folder)/\(target)") {
            text = String(decoding: data, as: UTF8.self)
            if !text.hasSuffix("\n") { text += "\n" }
        }
        for id in report.added { text += try CardText.of(id) }
        try put(text, target)
    }

    private mutating func put(_ text: String, _ file: String) throws {
        let path = "\(folder)/\(file)"
        if before[file] == nil { before[file] = .some(FileManager.default.contents(atPath: path)) }
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        report.files.append(file)
    }

    private func restore() {
        for (file, data) in before {
            let path = "\(folder)/\(file)"
            if let data {
                try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
            } else {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }
}

/// The text of one card in the files of the library.
enum CardText {
    static func of(_ id: String) throws -> String {
        for file in Library.files() where file.hasPrefix("kpis/") {
            var lines: [Substring] = []
            for line in Library.text(file)!.split(separator: "\n", omittingEmptySubsequences: false)
            {
                if line.hasPrefix("  - id: ") {
                    if !lines.isEmpty { break }
                    if line.dropFirst("  - id: ".count) == id { lines.append(line) }
                } else if !lines.isEmpty {
                    lines.append(line)
                }
            }
            while lines.last?.isEmpty == true { lines.removeLast() }
            if !lines.isEmpty { return lines.joined(separator: "\n") + "\n" }
        }
        throw Diagnostics(.unknownKPI(id, closest: []))
    }
}

extension Workspace {
    /// A dataset with everything that its definition names: through references and in expressions.
    fileprivate func datasetsBehind(_ id: String) -> Set<String> {
        var found: Set<String> = []
        var pending = [id]
        while let next = pending.popLast() {
            guard found.insert(next).inserted, let dataset = dataset(next) else { continue }
            pending += dataset.references.map(\.target)
            let expressions =
                dataset.columns.compactMap(\.computed) + dataset.dimensions.map(\.expression)
                + dataset.measures.flatMap(\.expressions)
            pending += expressions.flatMap(\.relatedDatasets)
        }
        if let organisation, found.contains(where: { dataset($0)?.route != nil }) {
            found.formUnion([organisation.people] + [organisation.units].compactMap { $0 })
        }
        return found
    }
}
