import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery

extension Company {
    /// Every published cell that would be another one today, with the reasons.
    ///
    /// All published cells of a period are computed again in one question for each set of groupings
    /// and as-of; of a cell that was published more than once the last revision counts.
    ///
    /// - Parameters:
    ///   - kpis: ids or labels; none means all, also those that no longer exist.
    ///   - period: only cells of this period.
    /// - Throws: `Diagnostics`.
    package func restatements(
        _ kpis: [String] = [], period: String? = nil
    ) async throws -> RestatementList {
        let store = PublishedStore(state: try StateStore(workspace: workspace.folder))
        let wanted = try store.blocks(isLatest: true).filter { entry in
            period.map { $0 == entry.block.period } ?? true
        }
        let ids = try publishedIDs(kpis, wanted.map(\.block.kpi))
        let blocks = try store.filled(wanted.filter { ids.contains($0.block.kpi) })
        while true {
            let load = try await lastLoad()
            let list = try await restatements(of: blocks, store)
            // Cells and reasons must be of one state of the records.
            if try await lastLoad() == load { return list }
        }
    }

    /// The KPIs meant by some names among those that were published.
    private func publishedIDs(
        _ names: [String], _ published: [String]
    ) throws(Diagnostics) -> Set<String> {
        guard !names.isEmpty else { return Set(published) }
        let planner = Planner(workspace: workspace, facts: [:])
        var ids: Set<String> = []
        for name in names {
            let isGone = workspace.card(name) == nil && published.contains(name)
            ids.insert(isGone ? name : try planner.card(named: name).id)
        }
        return ids
    }

    private func restatements(
        of blocks: [PublishedBlock], _ store: PublishedStore
    ) async throws -> RestatementList {
        let planner = Planner(workspace: workspace, facts: try await warehouse.facts())
        let questions = RestatedQuestions(workspace: workspace, planner: planner)
        var now: [PublishedBlock.Identity: PublishedBlock] = [:]
        for question in try questions.questions(about: blocks) {
            for block in try await frozen(question, planner) { now[block.identity] = block }
        }
        var list = RestatementList(cells: blocks.reduce(0) { $0 + $1.cells.count })
        let changes = try await changeHistory(blocks)
        let places = Dictionary(
            uniqueKeysWithValues: workspace.cards.enumerated().map { ($1.id, $0) })
        for block in blocks.sorted(by: { Self.isBefore($0, $1, places) }) {
            let today = now[block.identity]
            let pairs = Self.differing(block, today)
            guard !pairs.isEmpty else { continue }
            let reasons = RestatementReasons(
                company: self, planner: planner, changes: changes, store: store, was: block,
                now: today)
            let found = try await reasons.common()
            for pair in pairs {
                list.items.append(
                    restatement(
                        block, today, pair, reasons.complete(found, pair.was, pair.now)))
            }
        }
        return list
    }

    /// KPIs as in the workspace, then those that are gone; of one, grain, period and grouping.
    private static func isBefore(
        _ a: PublishedBlock, _ b: PublishedBlock, _ places: [String: Int]
    ) -> Bool {
        func key(_ block: PublishedBlock) -> (Int, Int, Instant) {
            (
                places[block.kpi] ?? .max, Grain.allCases.firstIndex(of: block.grain)!, block.start
            )
        }
        if a.kpi != b.kpi, places[a.kpi] == nil, places[b.kpi] == nil { return a.kpi < b.kpi }
        if key(a) != key(b) { return key(a) < key(b) }
        if a.period != b.period { return a.period < b.period }
        if a.dimensions.count != b.dimensions.count {
            return a.dimensions.count < b.dimensions.count
        }
        return GroupOrder.isBefore(a.dimensions, b.dimensions)
    }

    // MARK: Cells

    private typealias Pair = (members: [String], was: CellFigures?, now: CellFigures?)

    /// Cells that are not the same, by group; also those that came or went.
    private static func differing(_ was: PublishedBlock, _ now: PublishedBlock?) -> [Pair] {
        let before = Dictionary(uniqueKeysWithValues: was.cells.map { ($0.members, $0.figures) })
        let after = Dictionary(
            uniqueKeysWithValues: (now?.cells ?? []).map { ($0.members, $0.figures) })
        return Set(before.keys).union(after.keys).sorted(by: GroupOrder.isBefore).compactMap {
            members in
            let (was, now) = (before[members], after[members])
            if let was, let now, was.isSame(as: now) { return nil }
            return (members, was, now)
        }
    }

    private func restatement(
        _ block: PublishedBlock, _ today: PublishedBlock?, _ pair: Pair,
        _ reasons: [RestatementReason]
    ) -> Restatement {
        let shown = pair.now == nil ? block : today ?? block
        let zone = workspace.calendar.zone
        let publication = block.publication!
        return Restatement(
            kpi: header(shown), grain: block.grain, period: block.period,
            group: zip(block.dimensions, pair.members).map {
                Restatement.Member(dimension: $0, value: $1)
            },
            was: pair.was, now: pair.now,
            wasVersion: Restatement.Version(hash: block.version, label: block.versionLabel),
            nowVersion: today.map {
                Restatement.Version(hash: $0.version, label: $0.versionLabel)
            },
            reasons: reasons,
            publication: PublicationNote(
                revision: block.revision, at: workspace.calendar.text(publication.at, zone),
                by: publication.by, note: publication.note))
    }

    /// What all cells of a published block have in common.
    func header(_ block: PublishedBlock) -> KPIHeader {
        let card = workspace.card(block.kpi)
        return KPIHeader(
            id: block.kpi, label: card?.label ?? Bilingual(zh: block.kpi, en: block.kpi),
            unit: Unit(named: block.unit) ?? .ratio, isPercent: block.isPercent,
            isWorkingTime: card.map { workspace.isWorkingTime($0.formula) } ?? false,
            version: block.version, watermark: block.watermark)
    }
}

/// What `restatements` found.
package struct RestatementList: Sendable {
    /// Published cells that were compared.
    package let cells: Int
    package var items: [Restatement] = []
}

extension BusinessCalendar {
    /// To the second, with the zone's offset.
    func text(_ instant: Instant, _ zone: Zone) -> String {
        let whole = instant / 1_000_000 * 1_000_000
        return LocalClock.text(zone.local(whole)) + zone.offsetText(at: whole)
    }
}
