import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery

/// Finds why the cells of a published block are others today.
struct RestatementReasons {
    let company: Company
    let planner: Planner
    let changes: ChangeHistory
    let store: PublishedStore
    let was: PublishedBlock
    /// nil: nothing defines the cells any more.
    let now: PublishedBlock?

    /// Reasons that hold for every cell of the block.
    func common() async throws -> [RestatementReason] {
        guard let now else { return [gone()] }
        let (records, anew) = try records()
        var reasons = records
        if now.version != was.version { reasons.append(.newVersion(try parts(now))) }
        if now.basis.grouping != was.basis.grouping { reasons.append(.newGrouping) }
        if isCoveredOtherwise { reasons.append(.coverage) }
        if try await isRevealed() { reasons.append(.timePassed) }
        if !anew.isEmpty { reasons.append(.recordsReloaded(anew)) }
        return reasons
    }

    /// The reasons of one cell: there is always one.
    func complete(
        _ common: [RestatementReason], _ was: CellFigures?, _ now: CellFigures?
    ) -> [RestatementReason] {
        var reasons = common
        let isUnsettled = was?.state == .provisional || was?.state == .partial
        let hasMoved = self.now.map { $0.asOf != self.was.asOf } ?? false
        if isUnsettled, hasMoved, was?.state != now?.state, !reasons.contains(.timePassed) {
            let place = reasons.firstIndex { if case .recordsReloaded = $0 { true } else { false } }
            reasons.insert(.timePassed, at: place ?? reasons.count)
        }
        guard reasons.isEmpty else { return reasons }
        return [hasMoved ? .timePassed : .recordsReloaded([])]
    }

    // MARK: Definition

    private func gone() -> RestatementReason {
        guard let card = company.workspace.card(was.kpi) else { return .newVersion([.removed]) }
        let period = company.workspace.calendar.period(named: was.period)
        guard period?.grain == was.grain else { return .newVersion([.calendar]) }
        return planner.missingDimension(card, was.dimensions) == nil
            ? .recordsReloaded([]) : .newGrouping
    }

    private func parts(_ now: PublishedBlock) throws -> [DefinitionPart] {
        let old = DefinitionParts(try store.definition(was.version))
        return old.differing(from: DefinitionParts(try text(now)))
    }

    private func text(_ now: PublishedBlock) throws -> String {
        let cards = company.workspace.card(now.kpi)?.versions.map(\.card) ?? []
        let card = cards.first { company.version(of: $0) == now.version }
        return card.map { Definition.text(of: $0, in: company.workspace) } ?? ""
    }

    // MARK: Coverage and time

    private var isCoveredOtherwise: Bool {
        guard let now else { return false }
        return now.basis.coverage != was.basis.coverage && now.basis.covered != was.basis.covered
    }

    /// Whether times that as-of hid are seen now, or what was open is settled.
    private func isRevealed() async throws -> Bool {
        guard let now, now.asOf != was.asOf else { return false }
        if now.version == was.version, now.basis.signature != was.basis.signature,
            !isCoveredOtherwise
        {
            return true
        }
        let outline = try outline()
        let datasets = planner.datasets(of: outline)
        let hidden = Set(was.basis.hidden.split(separator: ",").map(String.init))
        let state = KeptStore.State(
            load: .max, asOf: was.asOf, definitions: KeptDefinitions(""), hidden: hidden)
        let connection = try await company.warehouse.database.connect()
        let reader = RecordChangesReader(workspace: company.workspace, connection: connection)
        let asOf = now.asOf
        let seen = try await connection.perform { _ in
            try reader.changes(since: state, of: datasets, asOf: asOf)
        }
        return outline.touched(planner, seen).joined().contains(true)
    }

    private func outline() throws(Diagnostics) -> Outline {
        let calendar = company.workspace.calendar
        let window = calendar.window(calendar.period(named: was.period)!)
        return try planner.outline(
            Question(
                kpis: [was.kpi], grains: [was.grain], groupings: [was.dimensions],
                from: window.start, to: window.end, asOf: now?.asOf))
    }

    // MARK: Records

    /// Reasons that lie in records, and the datasets whose records cannot be compared.
    private func records() throws -> (reasons: [RestatementReason], anew: [String]) {
        let dependence = planner.dependence(try outline())
        let publication = was.publication!
        guard changes.knows(publication) else {
            return ([], dependence.datasets.sorted())
        }
        let since = changes.changes.filter {
            $0.load > publication.load && dependence.datasets.contains($0.dataset)
        }
        let anew = Set(since.filter(\.isAnew).map(\.dataset))
        var tallies = RecordTallies(zone: company.workspace.calendar.zone)
        for change in since where !anew.contains(change.dataset) {
            if let day = change.day, dependence.holds(change.dataset, change.column, day: day) {
                tallies.addOwn(change)
            } else if dependence.referenced.contains(change.dataset) {
                tallies.addReferenced(change)
            }
        }
        return (tallies.reasons, anew.sorted())
    }
}

/// Changes added up by dataset and time column.
private struct RecordTallies {
    let zone: Zone
    /// Each with the load that was told last.
    private typealias Tally = (records: RecordTally, load: Int64)
    private var own: [Tally] = []
    private var referenced: [Tally] = []

    init(zone: Zone) { self.zone = zone }

    mutating func addOwn(_ change: ChangeHistory.Change) { add(change, change.column, to: &own) }

    /// Days do not matter: of several time columns the first stands for all.
    mutating func addReferenced(_ change: ChangeHistory.Change) {
        let known = referenced.first { $0.records.dataset == change.dataset }
        guard known == nil || known?.records.column == change.column else { return }
        add(change, change.column, to: &referenced)
    }

    private func add(
        _ change: ChangeHistory.Change, _ column: String, to tallies: inout [Tally]
    ) {
        let known = tallies.firstIndex {
            $0.records.dataset == change.dataset && $0.records.column == column
        }
        let place = known ?? tallies.count
        if known == nil {
            tallies.append((RecordTally(dataset: change.dataset, column: column), -1))
        }
        tallies[place].records.inserted += change.inserted
        tallies[place].records.updated += change.updated
        tallies[place].records.deleted += change.deleted
        // Two loads may lie within one second.
        guard tallies[place].load != change.load else { return }
        tallies[place].load = change.load
        let whole = change.loadedAt / 1_000_000 * 1_000_000
        let at = LocalClock.text(zone.local(whole)) + zone.offsetText(at: whole)
        tallies[place].records.loads.append(at)
    }

    var reasons: [RestatementReason] {
        let late = own.map(\.records).filter { $0.inserted > 0 }
        let corrected = own.map(\.records).filter { $0.updated + $0.deleted > 0 }
        var reasons: [RestatementReason] = []
        if !late.isEmpty { reasons.append(.lateRecords(late)) }
        if !corrected.isEmpty { reasons.append(.correctedRecords(corrected)) }
        if !referenced.isEmpty { reasons.append(.referencedRecords(referenced.map(\.records))) }
        return reasons
    }
}

/// The lines of a definition's text by what they are about.
private struct DefinitionParts {
    /// Without order: another order of measures is a matter of the formula.
    private var lines: [DefinitionPart: Set<Substring>] = [:]

    private static let kinds: [String: DefinitionPart] = [
        "formula": .formula, "unit": .unit, "measure": .measure, "calendar": .calendar,
        "reference": .mapping, "key": .mapping, "mapping": .mapping, "working": .calendar,
    ]

    init(_ text: String) {
        var current = DefinitionPart.formula
        for line in text.split(separator: "\n") {
            // A line that begins with no known word goes on with the one before.
            let word = line.prefix { $0 != " " }
            current = Self.kinds[String(word)] ?? current
            lines[current, default: []].insert(line)
        }
    }

    func differing(from other: DefinitionParts) -> [DefinitionPart] {
        DefinitionPart.allCases.filter { lines[$0] != other.lines[$0] }
    }
}
