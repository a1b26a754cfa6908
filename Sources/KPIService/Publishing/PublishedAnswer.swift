import KPICore
import KPIModel
import KPIQuery

extension Company {
    /// The frozen cells of a question: of every period that is published, or of those of the range.
    ///
    /// Of what was published more than once the last revision counts.
    ///
    /// - Throws: `Diagnostics`; what is asked for and not published is named.
    package func publishedAnswer(_ words: QuestionText) throws -> Answer {
        let question = try QuestionReader(workspace).question(words)
        let store = PublishedStore(state: try StateStore(workspace: workspace.folder))
        let known = try store.blocks(isLatest: true)
        var chosen: [(id: Int64, block: PublishedBlock)] = []
        var missing: [Diagnostic] = []
        for kpi in try kpis(words, question, known.map(\.block)) {
            for grain in question.grains {
                for grouping in question.groupings {
                    let own = known.filter {
                        $0.block.kpi == kpi && $0.block.grain == grain
                            && $0.block.dimensions == grouping.sorted()
                    }
                    let (found, lacking) = inRange(own, grain, question, words)
                    chosen += found
                    missing += lacking.map { period in
                        Diagnostic(
                            .notPublished(
                                kpi: kpi, period: period,
                                grouping: grouping.joined(separator: ",")))
                    }
                }
            }
        }
        guard missing.isEmpty else { throw Diagnostics(missing) }
        let blocks = try store.filled(chosen)
        return Answer(
            dimensions: question.dimensions, blocks: blocks.map { cellBlock($0, question) })
    }

    /// Without names every KPI of which something is published as asked.
    private func kpis(
        _ words: QuestionText, _ question: Question, _ published: [PublishedBlock]
    ) throws(Diagnostics) -> [String] {
        let planner = Planner(workspace: workspace, facts: [:])
        guard words.kpis.isEmpty else {
            var ids: [String] = []
            for name in words.kpis {
                let isGone =
                    workspace.card(name) == nil && published.contains { $0.kpi == name }
                ids.append(isGone ? name : try planner.card(named: name).id)
            }
            return ids
        }
        let groupings = Set(question.groupings.map { $0.sorted() })
        let asked = published.filter {
            question.grains.contains($0.grain) && groupings.contains($0.dimensions)
        }
        let ids = Set(asked.map(\.kpi))
        let known = workspace.cards.map(\.id).filter(ids.contains)
        return known + ids.subtracting(known).sorted()
    }

    /// What is published of a range, and the periods of it that are not. Without a range there is
    /// everything that is published; if that is nothing, the range itself is lacking.
    private func inRange(
        _ own: [(id: Int64, block: PublishedBlock)], _ grain: Grain, _ question: Question,
        _ words: QuestionText
    ) -> (found: [(id: Int64, block: PublishedBlock)], lacking: [String]) {
        let sorted = own.sorted { $0.block.start < $1.block.start }
        let from = question.from ?? sorted.first?.block.start
        let to = question.to ?? sorted.last.map { $0.block.start + 1 }
        guard question.from != nil || question.to != nil, grain != .total, let from, let to
        else { return (sorted, sorted.isEmpty ? [words.from ?? words.to ?? grain.rawValue] : []) }
        let calendar = workspace.calendar
        let names = calendar.periods(grain, touching: Window(start: from, end: to))
            .map(calendar.name)
        let found = sorted.filter { names.contains($0.block.period) }
        let present = Set(found.map(\.block.period))
        return (found, names.filter { !present.contains($0) })
    }

    private func cellBlock(_ block: PublishedBlock, _ question: Question) -> CellBlock {
        let dimensions = question.dimensions.filter(block.dimensions.contains)
        let order = dimensions.map { block.dimensions.firstIndex(of: $0)! }
        let cells = block.cells.map { cell in
            (members: order.map { cell.members[$0] }, figures: cell.figures)
        }.sorted { GroupOrder.isBefore($0.members, $1.members) }
        func figures(_ place: Int) -> Figures? {
            Figures(scalars: cells.map { $0.figures.numbers[place] })
        }
        return CellBlock(
            kpi: header(block), grain: block.grain, periods: [block.period],
            dimensions: dimensions,
            members: dimensions.indices.map { place in cells.map { $0.members[place] } },
            groupCount: cells.count,
            value: figures(0)
                ?? Figures(.integer(cells.map { _ in 0 }), present: cells.map { _ in false }),
            numerator: figures(1), denominator: figures(2), n: figures(3), open: figures(4),
            state: cells.map(\.figures.state))
    }

    /// What is published, in the order in which it was.
    package func published(period: String? = nil) throws -> [PublishedBlock] {
        let store = PublishedStore(state: try StateStore(workspace: workspace.folder))
        return try store.filled(
            store.blocks(isLatest: false).filter { entry in
                period.map { $0 == entry.block.period } ?? true
            })
    }
}

extension Figures {
    /// Numbers of one kind, of which some may be missing; nil when all are.
    init?(scalars: [Scalar]) {
        guard let kind = FrozenNumber.kind(scalars) else { return nil }
        let present = scalars.map { !$0.isNull }
        let numbers: Numbers
        switch kind {
        case .integer:
            numbers = .integer(
                scalars.map { if case .integer(let value) = $0 { value } else { 0 } })
        case .double:
            numbers = .double(scalars.map { if case .double(let value) = $0 { value } else { 0 } })
        case .decimal:
            let exact = scalars.map { $0.exactNumber ?? ExactDecimal(0) }
            let scale = exact.map(\.scale).max() ?? 0
            let mantissas = exact.map { $0.rescaled(to: scale)?.mantissa ?? $0.mantissa }
            numbers = .decimal(mantissas, scale: scale)
        }
        self.init(numbers, present: present)
    }
}
