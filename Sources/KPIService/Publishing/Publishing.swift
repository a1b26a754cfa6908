import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery

/// What is to be published, in the words of the command line.
package struct PublishText: Sendable {
    /// Ids or labels; none means every active KPI that applies to the period.
    package var kpis: [String] = []
    package var period: String
    /// Groupings beside the whole company; none means each level of the organisation.
    package var groupings: [String] = []
    package var note = ""
    package var by: String
    /// Publishes what is published already once more, as another revision.
    package var isAgain = false
    package var allowsUnfinished = false

    package init(period: String, by: String) {
        self.period = period
        self.by = by
    }
}

extension Company {
    /// Computes the cells of a period and freezes them: all of them, or none.
    ///
    /// - Throws: `Diagnostics`.
    package func publish(_ words: PublishText) async throws -> [PublishedBlock] {
        let state = try StateStore(workspace: workspace.folder)
        while true {
            let load = try await lastLoad()
            let choice = PublishedChoice(
                workspace: workspace, facts: try await warehouse.facts(), words: words)
            let parts = try choice.questions()
            var blocks: [PublishedBlock] = []
            for part in parts { blocks += try await frozen(part, choice.planner) }
            // Records that changed meanwhile would be in some of the cells and not in others.
            guard try await lastLoad() == load else { continue }
            if !words.allowsUnfinished { try refuseUnfinished(blocks, words.period) }
            let publication = Publication(
                at: Self.now(), by: words.by, note: words.note, load: load.number,
                loadedAt: load.at)
            return try PublishedStore(state: state).add(
                blocks, definitions(parts, choice.planner), publication, again: words.isAgain,
                zone: workspace.calendar.zone)
        }
    }

    private static func now() -> Instant { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    /// The last load that changed records: its number and when it was.
    func lastLoad() async throws -> LoadMark {
        let connection = try await warehouse.database.connect()
        let table = try await connection.query(
            "SELECT load, loaded_at FROM plumb.loads ORDER BY load DESC LIMIT 1")
        guard table.rowCount == 1, case .integer(let number) = table[0, 0],
            case .timestamp(let at, _) = table[0, 1]
        else { return LoadMark(number: 0, at: 0) }
        return LoadMark(number: number, at: at)
    }

    private func refuseUnfinished(
        _ blocks: [PublishedBlock], _ period: String
    ) throws(Diagnostics) {
        var seen: Set<String> = []
        let problems = blocks.filter { $0.isUnfinished && seen.insert($0.kpi).inserted }.map {
            block in
            let isOver = block.asOf >= workspace.calendar.end(of: period)
            let known = LocalClock.text(workspace.calendar.zone.local(block.asOf))
            return Diagnostic(
                isOver
                    ? .stillProvisional(kpi: block.kpi, period: period)
                    : .periodNotOver(kpi: block.kpi, period: period, known: known))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
    }

    // MARK: Cells

    /// The cells of a question about one period, as blocks to be published or compared.
    func frozen(_ question: Question, _ planner: Planner) async throws -> [PublishedBlock] {
        let (plan, answer, connection) = try await answer(question)
        let cards = Dictionary(plan.kpis.map { ($0.card.id, $0.card) }) { first, _ in first }
        let reader = RecordChangesReader(workspace: workspace, connection: connection)
        var blocks: [PublishedBlock] = []
        for block in answer.blocks {
            let outline = try outline(of: block, question, planner)
            let datasets = planner.datasets(of: outline)
            let hidden = try await connection.perform { _ in
                try reader.hidden(of: datasets, asOf: plan.asOf)
            }
            blocks.append(
                frozen(
                    block, plan.asOf, basis(outline, planner, hidden),
                    label: cards[block.kpi.id]?.versionLabel ?? ""))
        }
        return blocks
    }

    /// The question about the cells of one block alone.
    private func outline(
        of block: CellBlock, _ question: Question, _ planner: Planner
    ) throws(Diagnostics) -> Outline {
        var own = question
        own.kpis = [block.kpi.id]
        own.groupings = [block.dimensions]
        return try planner.outline(own)
    }

    private func frozen(
        _ block: CellBlock, _ asOf: Instant, _ basis: PublishedBlock.Basis, label: String
    ) -> PublishedBlock {
        let period = block.periods[0]
        let window = workspace.calendar.period(named: period).map(workspace.calendar.window)
        let dimensions = block.dimensions.sorted()
        let order = dimensions.map { block.dimensions.firstIndex(of: $0)! }
        let cells = block.state.indices.filter { block.state[$0] != .absent }.map { cell in
            PublishedBlock.Cell(
                members: order.map { block.members[$0][cell] }, figures: block.figures(at: cell))
        }
        let isOver = window.map { $0.end <= asOf } ?? true
        return PublishedBlock(
            kpi: block.kpi.id, grain: block.grain, period: period, start: window?.start ?? 0,
            dimensions: dimensions, version: block.kpi.version, versionLabel: label,
            unit: block.kpi.unit.description, isPercent: block.kpi.isPercent,
            watermark: block.kpi.watermark, asOf: asOf,
            isUnfinished: !isOver || cells.contains { $0.figures.state == .provisional },
            basis: basis, cells: cells.sorted { GroupOrder.isBefore($0.members, $1.members) })
    }

    /// Text of every version that answers the questions.
    private func definitions(
        _ questions: [Question], _ planner: Planner
    ) throws -> [String: String] {
        var texts: [String: String] = [:]
        for question in questions {
            for kpi in try planner.outline(question).kpis {
                texts[version(of: kpi.card)] = Definition.text(of: kpi.card, in: workspace)
            }
        }
        return texts
    }

    // MARK: Basis

    private func basis(
        _ outline: Outline, _ planner: Planner, _ hidden: Set<String>
    ) -> PublishedBlock.Basis {
        let uses = outline.kpis.flatMap(\.card.formula.node.measures)
        return PublishedBlock.Basis(
            grouping: grouping(outline.question.dimensions.sorted(), uses),
            coverage: planner.coverageText(uses),
            covered: planner.coveredParts(outline),
            signature: outline.signatures(planner).first?.first ?? 0,
            hidden: hidden.sorted().joined(separator: ","))
    }

    /// What the dimensions are on the datasets of some measures.
    private func grouping(_ dimensions: [String], _ uses: [MeasureUse]) -> String {
        guard !dimensions.isEmpty else { return "" }
        var parts: [String] = []
        for dataset in Set(uses.map(\.dataset)).sorted().compactMap({ workspace.dataset($0) }) {
            for name in dimensions {
                let expression = dataset.dimension(name)?.expression.description ?? "-"
                parts.append("\(dataset.id).\(name) \(expression)")
            }
            guard let organisation = workspace.organisation,
                dimensions.contains(where: dataset.levels.contains)
            else { continue }
            parts.append("\(organisation.people) \(organisation.condition?.description ?? "-")")
        }
        return parts.joined(separator: "\n")
    }
}

/// A load by its number and when it was, which tells it from one of the same number in a store that
/// was made anew.
struct LoadMark: Equatable {
    var number: Int64
    var at: Instant
}

extension BusinessCalendar {
    /// Where a named period ends; the end of time for a name of none.
    fileprivate func end(of name: String) -> Instant {
        period(named: name).map { window($0).end } ?? .max
    }
}
