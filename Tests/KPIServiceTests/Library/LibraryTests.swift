import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIService
import Testing

/// The cards that come with the product, whole and without a gap.
@Suite struct LibraryTests {
    static let library: Workspace? = try? Library.workspace()

    @Test("The library reads without findings")
    func reads() throws {
        let (workspace, findings) = WorkspaceReader.read(Library.folder)
        #expect(findings.map(\.problem.code) == [])
        let found = try #require(workspace)
        #expect(found.cards.count == 117)
        #expect(found.datasets.count == 40)
    }

    @Test(
        "Every card says everything, in both languages", arguments: library?.cards.map(\.id) ?? [])
    func complete(id: String) throws {
        let card = try #require(Self.library?.card(id))
        let texts: [(String, Bilingual?)] = [
            ("label", card.label), ("description", card.description), ("purpose", card.purpose),
            ("category", card.category), ("basis", card.basis), ("source", card.source),
            ("notes", card.notes),
        ]
        for (name, text) in texts {
            let text = try #require(text, "\(name)")
            #expect(!text.zh.isEmpty && !text.en.isEmpty, "\(name)")
            #expect(text.zh.contains { !$0.isASCII }, "\(name) has no Chinese")
        }
        #expect(!card.departments.isEmpty && !card.use.isEmpty && card.period != nil)
        #expect(card.targetBasis != nil && card.provenance != nil)
        #expect(card.assessed != nil && card.controlledBy != nil)
        #expect(card.collector != nil && card.verifier != nil && card.collector != card.verifier)
        #expect(card.awaits != nil || !card.formula.node.measures.isEmpty)
        #expect(card.awaits != nil || !card.formulaText.isEmpty)
    }

    @Test("Datasets, columns, measures and dimensions have names in both languages")
    func labels() throws {
        let library = try #require(Self.library)
        for dataset in library.datasets {
            #expect(dataset.label.zh != dataset.id && dataset.label.en != "TODO", "\(dataset.id)")
            for column in dataset.columns {
                #expect(column.label != nil, "\(dataset.id).\(column.name)")
            }
            for measure in dataset.measures {
                #expect(measure.label.zh != measure.id, "\(dataset.id).\(measure.id)")
            }
        }
    }

    @Test("Packs name cards of the library, and every card is in one of a department")
    func packs() throws {
        let library = try #require(Self.library)
        let packs = try Library.packs(of: library)
        let grouped = packs.filter { $0.kind == .department }.flatMap(\.kpis)
        #expect(library.cards.map(\.id).filter { !grouped.contains($0) }.isEmpty)
        for pack in packs where pack.kind == .starter { #expect(pack.kpis.count == 3) }
        #expect(Set(packs.map(\.id)).count == packs.count)
    }

    @Test(
        "Without a column that a card needs it says so; without one that may be missing it does not"
    )
    func availability() throws {
        let library = try #require(Self.library)
        var filled: [String: Set<String>] = [:]
        for dataset in library.datasets {
            filled[dataset.id] = Set(dataset.columns.filter { $0.computed == nil }.map(\.name))
        }
        let whole = Availability(library: library, filled: filled)
        let lacking = library.cards.filter { !whole.gaps($0).isEmpty }
        #expect(lacking.isEmpty)
        let overdue = try #require(library.card("overdue-resolution-rate"))
        filled["tickets"]!.remove("due_at")
        filled["tickets"]!.remove("exclusion")
        let less = Availability(library: library, filled: filled)
        #expect(
            less.gaps(overdue) == [Availability.Gap(dataset: "tickets", columns: ["due_at"])])
        filled["tickets"] = nil
        let none = Availability(library: library, filled: filled)
        #expect(none.gaps(overdue).contains(Availability.Gap(dataset: "tickets", columns: [])))
    }

    // MARK: Adding

    @Test("A pack is added with the datasets it stands on, once")
    func adding() throws {
        let scratch = try ScratchWorkspace()
        try scratch.write("name: A\ntime_zone: Asia/Shanghai\n", to: "plumbline.yaml")
        let report = try LibraryAdding.add(["service-starter"], to: scratch.folder)
        #expect(report.added.count == 3 && report.known.isEmpty)
        let again = try LibraryAdding.add(["service-starter", "净推荐值"], to: scratch.folder)
        #expect(again.known == report.added && again.added == ["net-promoter-score"])
        let (workspace, findings) = WorkspaceReader.read(scratch.folder)
        #expect(findings.filter { $0.severity == .error }.isEmpty)
        #expect(workspace?.cards.count == 4)
    }

    @Test("A KPI whose formula names another is added with it")
    func addingWithOthers() throws {
        let scratch = try ScratchWorkspace()
        try scratch.write("name: A\ntime_zone: Asia/Shanghai\n", to: "plumbline.yaml")
        let report = try LibraryAdding.add(["satisfaction-fluctuation"], to: scratch.folder)
        #expect(report.added == ["satisfaction-fluctuation", "customer-satisfaction-rate"])
    }

    @Test("Where the workspace has another dataset of that name nothing is changed")
    func otherDataset() throws {
        let scratch = try ScratchWorkspace()
        _ = try StarterWorkspace.write(to: scratch.folder)
        let before = try FileManager.default.subpathsOfDirectory(atPath: scratch.folder).sorted()
        #expect(throws: Diagnostics.self) {
            try LibraryAdding.add(["service-starter"], to: scratch.folder)
        }
        let after = try FileManager.default.subpathsOfDirectory(atPath: scratch.folder).sorted()
        #expect(before == after)
        #expect(throws: Diagnostics.self) { try LibraryAdding.add(["nosuch"], to: scratch.folder) }
    }
}

/// Where the list of what the product must cover lies.
private enum Scope {
    static let folder = packageFolder + "/../shared/facts"
    static let isPresent = FileManager.default.fileExists(atPath: folder + "/kpis.csv")
}

/// The library against that list, where it is at hand beside the package.
@Suite(.enabled(if: Scope.isPresent, "the list of KPIs is not beside the package"))
struct LibraryScopeTests {

    private func records(_ file: String) throws -> [[String: String]] {
        let table = try CSVHeader.records(of: Scope.folder + "/" + file)
        return table.dropFirst().map { Dictionary(zip(table[0], $0)) { first, _ in first } }
    }

    @Test("The cards are those of the list, with its names, departments, directions and targets")
    func cards() throws {
        let library = try Library.workspace()
        let listed = try records("kpis.csv")
        #expect(Set(library.cards.map(\.id)) == Set(listed.compactMap { $0["id"] }))
        for record in listed {
            let card = try #require(record["id"].flatMap(library.card))
            #expect(card.label.zh == record["name_zh"], "\(card.id)")
            #expect(card.label.en == record["name_en"], "\(card.id)")
            #expect(card.departments.joined(separator: "|") == record["department"], "\(card.id)")
            #expect(card.direction.rawValue == record["direction"], "\(card.id)")
            // What is no threshold, such as the level agreed with each customer, stands in the notes.
            let target = (record["target"] ?? "").filter(\.isNumber)
            if let own = card.target?.text.filter(\.isNumber), !target.isEmpty {
                #expect(target.hasPrefix(own) || own == target, "\(card.id): \(own), \(target)")
            } else {
                #expect(target.isEmpty, "\(card.id) has no target")
            }
        }
    }

    @Test("Entities, columns and references are those of the standard model")
    func model() throws {
        let library = try Library.workspace()
        var columns: [String: [String]] = [:]
        for record in try records("standard-model.csv") {
            let (entity, name) = (record["entity"] ?? "", record["column"] ?? "")
            columns[entity, default: []].append(name)
            let dataset = try #require(library.dataset(entity), "\(entity)")
            let column = try #require(dataset.column(name), "\(entity).\(name)")
            #expect(column.isRequired == (record["required"] == "yes"), "\(entity).\(name)")
            #expect(column.provenance?.rawValue == record["provenance"], "\(entity).\(name)")
            let role = record["role"] ?? ""
            if role == "key" { #expect(dataset.key == [name]) }
            guard role.hasPrefix("reference:") else { continue }
            let target = role.dropFirst("reference:".count)
            #expect(
                dataset.references.contains { $0.target == target && $0.columns == [name] },
                "\(entity).\(name)")
        }
        for dataset in library.datasets {
            let own = dataset.columns.filter { $0.computed == nil }.map(\.name)
            #expect(own == columns[dataset.id], "\(dataset.id)")
        }
    }

    /// The recorded columns that a column is made of, itself when it is one.
    private func recorded(_ name: String, of id: String, _ library: Workspace) -> [String] {
        guard let dataset = library.dataset(id), let computed = dataset.column(name)?.computed
        else { return [name] }
        return computed.columnUses(on: id).flatMap { use in
            let owner = use.path.reduce(id) { current, step in
                library.dataset(current)?.reference(step)?.target ?? current
            }
            return recorded(use.name, of: owner, library)
        }
    }

    @Test("The time axes of the formulas are those of the mapping")
    func timeAxes() throws {
        let library = try Library.workspace()
        for record in try records("kpi-mapping.csv") {
            guard let card = record["kpi_id"].flatMap(library.card), card.awaits == nil else {
                continue
            }
            let mapping = "\(record["time_axis"] ?? "") \(record["measures"] ?? "")"
            for use in card.formula.node.measures {
                let measure = library.measure(use)
                guard measure.stock == nil, measure.lookup == nil else { continue }
                let names = recorded(measure.timeColumn, of: use.dataset, library)
                #expect(
                    names.contains { mapping.contains($0) },
                    "\(card.id): \(measure.id) counts by \(measure.timeColumn)")
            }
        }
    }
}
