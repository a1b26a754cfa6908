import Foundation
import KPICore
import KPIFormula
import Yams

/// Reads a workspace folder: every file, every definition, everything that is wrong at once.
package struct WorkspaceReader {
    let folder: String
    let findings = Findings()
    private var weeksAndYears = WeeksAndYears()
    private var files: [SourceText] = []

    /// The workspace and what is wrong with it. Nil when there is no `plumbline.yaml`, or it cannot
    /// be read; otherwise what could be understood, so that a check can go on.
    package static func read(_ folder: String) -> (workspace: Workspace?, findings: [Diagnostic]) {
        var reader = WorkspaceReader(folder: folder)
        let workspace = reader.read()
        return (workspace, reader.findings.items.sorted(by: Self.isBefore))
    }

    private static func isBefore(_ a: Diagnostic, _ b: Diagnostic) -> Bool {
        func key(_ place: Place?) -> (String, Int, Int) {
            (place?.file ?? "", place?.line ?? 0, place?.column ?? 0)
        }
        return key(a.place) < key(b.place)
    }

    private init(folder: String) { self.folder = folder }

    private mutating func read() -> Workspace? {
        guard FileManager.default.fileExists(atPath: folder + "/plumbline.yaml") else {
            findings.report(.noWorkspace(folder), at: nil)
            return nil
        }
        guard let root = compose("plumbline.yaml") else { return nil }
        var workspace = settings(root)
        var calendarFile: Field?
        if FileManager.default.fileExists(atPath: folder + "/calendar.yaml"),
            let calendar = compose("calendar.yaml")
        {
            read(calendar, into: &workspace.calendar)
            calendarFile = calendar
        }
        weeksAndYears.apply(to: &workspace.calendar)
        var datasets = DatasetReader(workspace: workspace, findings: findings)
        for file in yamlFiles(in: "datasets") { compose(file).map { datasets.add($0) } }
        let hasOrganisation = FileManager.default.fileExists(
            atPath: folder + "/organization.yaml")
        let organisation = hasOrganisation ? compose("organization.yaml") : nil
        workspace.datasets = datasets.resolve(organisation: organisation)
        workspace.organisation = datasets.organisation
        if let calendarFile { checkTeams(workspace, calendarFile) }
        var sources = SourceReader(workspace: workspace, findings: findings)
        for file in yamlFiles(in: "sources") { compose(file).map { sources.add($0) } }
        workspace.sources = sources.sources
        var cards = CardReader(workspace: workspace, findings: findings)
        for file in yamlFiles(in: "kpis") { compose(file).map { cards.add($0) } }
        var verifications = VerificationReader()
        for file in yamlFiles(in: "verifications") { compose(file).map { verifications.add($0) } }
        for side in verifications.formulas { cards.addAside(side.id, side.formula) }
        workspace.cards = cards.resolve()
        workspace.verifications = verifications.resolve(
            workspace, formulas: cards.asides, cards: cards.ids)
        return workspace
    }

    // MARK: Files

    /// The YAML files of a sub-folder, sorted by name; none when it does not exist.
    private func yamlFiles(in subfolder: String) -> [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(subfolder)")) ?? []
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .map { "\(subfolder)/\($0)" }
    }

    private func compose(_ path: String) -> Field? {
        guard let source = Self.text(folder: folder, path: path, findings: findings) else {
            return nil
        }
        do {
            guard let node = try Yams.compose(yaml: source.text) else {
                return Field(
                    name: path, node: Node([(Node, Node)]()), source: source,
                    findings: findings)
            }
            return Field(name: path, node: node, source: source, findings: findings)
        } catch let error as YamlError {
            let (reason, mark) = Self.describe(error)
            findings.report(.badYAML(reason), at: source.place(mark))
        } catch {
            findings.report(.badYAML("\(error)"), at: source.place(nil))
        }
        return nil
    }

    static func text(folder: String, path: String, findings: Findings) -> SourceText? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
            findings.report(.unreadableFile("no permission"), at: Place(file: path))
            return nil
        }
        guard let text = String(data: data, encoding: .utf8) else {
            findings.report(.unreadableFile("not UTF-8"), at: Place(file: path))
            return nil
        }
        return SourceText(path: path, text: text)
    }

    private static func describe(_ error: YamlError) -> (String, Mark?) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (problem, mark)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ("the key ‘\(duplicates.first ?? "")’ stands twice", context.mark)
        default: return ("\(error)", nil)
        }
    }

    // MARK: Calendar

    /// Teams are told by a dimension that some dataset has.
    private func checkTeams(_ workspace: Workspace, _ calendar: Field) {
        let known = Set(workspace.datasets.flatMap(\.dimensions).map(\.id))
        let teams = calendar.entries?.first { $0.key == "teams" }?.field.entries ?? []
        for (name, field) in teams where !known.contains(name) {
            field.reportName(
                .unknownName(name, closest: NearMatch.closest(to: name, among: known)))
        }
    }

    // MARK: Settings

    private mutating func settings(_ root: Field) -> Workspace {
        let known =
            [
                "name", "locale", "time_zone", "currency", "engine", "data", "provenance",
            ] + WeeksAndYears.fields
        let fields = root.mapping(known) ?? [:]
        var zone = Zone.utc
        if let field = root.required("time_zone", in: fields), let text = field.string {
            if let known = Zone.named(text) {
                zone = known
            } else {
                field.report(
                    .badValue(
                        field: "time zone", value: text,
                        expected: "an IANA name such as Asia/Shanghai",
                        closest: NearMatch.closest(
                            to: text, among: TimeZone.knownTimeZoneIdentifiers)))
            }
        }
        var workspace = Workspace(
            folder: folder, name: Bilingual(zh: "", en: ""),
            locale: fields["locale"]?.choice(["zh": Language.zh, "en": .en]) ?? .en,
            calendar: BusinessCalendar(zone: zone),
            currency: fields["currency"].flatMap(currency) ?? "CNY", engine: EngineSettings())
        workspace.name =
            root.required("name", in: fields)?.bilingual ?? Bilingual(zh: "?", en: "?")
        workspace.dataFolder = fields["data"]?.string
        weeksAndYears.add(fields)
        if let field = fields["provenance"] { workspace.provenance = provenance(field) }
        if let engine = fields["engine"]?.mapping(["library", "memory_limit", "threads"]) {
            workspace.engine.library = engine["library"]?.string
            workspace.engine.memoryLimit = engine["memory_limit"]?.string
            workspace.engine.threads = engine["threads"]?.integer(in: 1...1024)
        }
        return workspace
    }

    private func provenance(_ field: Field) -> ProvenanceRules {
        var rules = ProvenanceRules()
        let fields = field.mapping(["times", "satisfaction"]) ?? [:]
        let choices: KeyValuePairs<String, ProvenanceRules.Consequence> = [
            "mark": .mark, "refuse": .refuse,
        ]
        rules.times = fields["times"]?.choice(choices) ?? rules.times
        rules.satisfaction = fields["satisfaction"]?.choice(choices) ?? rules.satisfaction
        return rules
    }

    private func currency(_ field: Field) -> String? {
        guard let text = field.string else { return nil }
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0) }) else {
            field.report(
                .badValue(
                    field: "currency", value: text, expected: "an ISO 4217 code such as CNY",
                    closest: []))
            return nil
        }
        return text
    }

    private mutating func read(_ root: Field, into calendar: inout BusinessCalendar) {
        let known = WeeksAndYears.fields + WorkingHoursReader.fields
        guard let fields = root.mapping(known) else { return }
        weeksAndYears.add(fields)
        var hours = WorkingHoursReader()
        calendar.working = hours.read(root, fields)
    }
}
