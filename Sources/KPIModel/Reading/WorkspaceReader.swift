import Foundation
import KPICore
import KPIFormula
import Yams

/// Reads a workspace folder: every file, every definition, everything that is wrong at once.
package struct WorkspaceReader {
    let folder: String
    let findings = Findings()
    private var weeksAndYears = WeeksAndYears()
    private var library: LibraryFiles?

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
        let calendarFile = composeIfThere("calendar.yaml")
        if let calendarFile { read(calendarFile, into: &workspace.calendar) }
        weeksAndYears.apply(to: &workspace.calendar)
        if workspace.calendar.working == nil, library != nil,
            let calendar = compose("calendar.yaml", of: .library)
        {
            read(calendar, into: &workspace.calendar)
        }
        let sourceFiles = yamlFiles(in: "sources").compactMap { compose($0) }
        let organisation = organisation(sourceFiles)
        readDatasets(organisation, into: &workspace)
        if let calendarFile { checkTeams(workspace, calendarFile) }
        var sources = SourceReader(workspace: workspace, findings: findings)
        for file in sourceFiles { sources.add(file) }
        workspace.sources = sources.sources
        readCards(into: &workspace)
        return workspace
    }

    private func readDatasets(_ organisation: Field?, into workspace: inout Workspace) {
        var datasets = DatasetReader(workspace: workspace, findings: findings)
        datasets.isWithoutOrganisation = library != nil && organisation == nil
        let own = yamlFiles(in: "datasets").compactMap { compose($0) }
        let bases = library == nil ? [] : composeLibrary("datasets")
        let replaced = Set(own.compactMap(LibraryFiles.dataset))
        for base in bases where !replaced.contains(LibraryFiles.dataset(base) ?? "") {
            datasets.add(base)
        }
        for file in own { datasets.add(file, extending: base(of: file, among: bases)) }
        workspace.datasets = datasets.resolve(
            organisation: organisation, coverage: composeIfThere("coverage.yaml"))
        workspace.organisation = datasets.organisation
    }

    private func readCards(into workspace: inout Workspace) {
        var cards = CardReader(workspace: workspace, findings: findings)
        let own = yamlFiles(in: "kpis").compactMap { compose($0) }
        if let library {
            if workspace.organisation == nil { cards.absentLevels = libraryLevels() }
            let replaced = Set(own.flatMap(LibraryFiles.cards))
            let files = composeLibrary("kpis")
            library.check(among: files.flatMap(LibraryFiles.cards))
            cards.bases = LibraryFiles.cardFields(files)
            let wanted = library.wanted(
                among: cards.bases, others: own.flatMap(LibraryFiles.extended),
                measures: Set(workspace.datasets.flatMap { $0.measures.map(\.id) }))
            for file in files {
                cards.add(file) { wanted?.contains($0) != false && !replaced.contains($0) }
            }
        }
        for file in own { cards.add(file) }
        var verifications = VerificationReader()
        for file in yamlFiles(in: "verifications") { compose(file).map { verifications.add($0) } }
        for side in verifications.formulas { cards.addAside(side.id, side.formula) }
        workspace.cards = cards.resolve()
        workspace.verifications = verifications.resolve(
            workspace, formulas: cards.asides, cards: cards.ids)
    }

    // MARK: Files

    /// The YAML files of a sub-folder, sorted by name; none when it does not exist.
    private func yamlFiles(in subfolder: String) -> [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(subfolder)")) ?? []
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .map { "\(subfolder)/\($0)" }
    }

    /// Whose file is read. Files of the workspace are named from its folder on, those of the library in full.
    private enum Owner { case workspace, library }

    private func composeIfThere(_ path: String) -> Field? {
        FileManager.default.fileExists(atPath: "\(folder)/\(path)") ? compose(path) : nil
    }

    private func compose(_ path: String, of owner: Owner = .workspace) -> Field? {
        let path = owner == .library ? "\(Library.folder)/\(path)" : path
        guard let source = text(path) else { return nil }
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

    private func text(_ path: String) -> SourceText? {
        let place = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        guard let data = FileManager.default.contents(atPath: place) else {
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

    // MARK: Library

    private func composeLibrary(_ subfolder: String) -> [Field] {
        Library.files().filter { $0.hasPrefix(subfolder + "/") }
            .compactMap { compose($0, of: .library) }
    }

    /// The dataset of the library that a dataset `extends`.
    private func base(of file: Field, among bases: [Field]) -> Field? {
        guard let extends = file.node["extends"] else { return nil }
        let id = LibraryFiles.dataset(file) ?? ""
        let place = file.source.place(extends.mark)
        guard extends.string == "library" else {
            findings.report(.wrongKind(field: "extends", expected: "library"), at: place)
            return nil
        }
        let base = bases.first { LibraryFiles.dataset($0) == id }
        if base == nil {
            let known = bases.compactMap(LibraryFiles.dataset)
            findings.report(
                .unknownDataset(id, closest: NearMatch.closest(to: id, among: known)), at: place)
        }
        return base
    }

    /// Its own organisation, or else that of the library where a source brings units.
    private func organisation(_ sources: [Field]) -> Field? {
        if let own = composeIfThere("organization.yaml") { return own }
        guard library != nil else { return nil }
        let filled = Set(sources.compactMap { $0.node["dataset"]?.string })
        return filled.contains("org_units") ? compose("organization.yaml", of: .library) : nil
    }

    private func libraryLevels() -> Set<String> {
        let levels = compose("organization.yaml", of: .library)?.node["levels"]?.mapping
        return Set((levels.map { $0.keys.compactMap(\.string) } ?? []) + ["company", "person"])
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
                "name", "locale", "time_zone", "currency", "engine", "data", "library",
                "provenance", "coverage",
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
        workspace.coverageFile = fields["coverage"]?.string
        library = fields["library"].flatMap(LibraryFiles.init)
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
