import KPICore
import KPIFormula
import KPIModel

/// Turns a question into a plan: demands of the formulas, fused into one scan for each dataset and
/// time column, and further scans for measures that do not add.
package struct Planner {
    let workspace: Workspace
    package let facts: [String: DatasetFacts]
    let dialect: Dialect

    package init(workspace: Workspace, facts: [String: DatasetFacts], dialect: Dialect = .duckDB) {
        self.workspace = workspace
        self.facts = facts
        self.dialect = dialect
    }

    package func plan(_ question: Question) throws(Diagnostics) -> Plan {
        try plan(try outline(question))
    }

    /// What a question is about, without what must be scanned for it.
    package func outline(_ question: Question) throws(Diagnostics) -> Outline {
        try checkSize(question)
        var cards: [Card] = []
        for id in question.kpis { cards.append(try card(named: id)) }
        try checkDimensions(question, cards)
        let asOf = question.asOf ?? defaultAsOf(cards)
        let versions = cards.flatMap { planned($0, asOf) }
        let range = try range(question, versions, asOf)
        try checkLength(question, range)
        let maker = FrameMaker(calendar: workspace.calendar, range: range, asOf: asOf)
        let grains = question.grains.map { grain in
            let (names, frames) = maker.frames(grain)
            return PlannedGrain(grain: grain, names: names, frames: frames)
        }
        // A version that no period asked for begins in is not needed.
        let kpis = versions.filter { kpi in
            kpi.begins == .always || grains.contains { !kpi.answered($0.frames).isEmpty }
        }
        return Outline(
            question: question, asOf: asOf, range: range, kpis: kpis, grains: grains,
            frameMaker: maker)
    }

    /// - Parameters:
    ///   - keeping: number of the kept question whose partials stand for the records.
    ///   - computed: the KPIs whose cells are wanted; nil: all. The others shape partials all the same.
    func plan(
        _ outline: Outline, keeping: Int? = nil, computed: Set<String>? = nil
    ) throws(Diagnostics) -> Plan {
        let question = outline.question
        let isComputed = { (kpi: PlannedKPI) in computed?.contains(kpi.card.id) ?? true }
        var collector = DemandCollector(workspace: workspace, maker: outline.frameMaker)
        for kpi in outline.kpis {
            for grain in outline.grains {
                let answered = isComputed(kpi) ? kpi.answered(grain.frames) : []
                let frames = answered.map { grain.frames[$0] }
                // What is withheld depends on whether the groups make up the whole.
                let further: [[String]] = kpi.card.minimumRecords == nil ? [] : [[]]
                for grouping in question.groupings + further {
                    collector.collect(kpi, frames, Set(grouping))
                }
            }
        }
        var builder = ScanBuilder(
            workspace: workspace, facts: facts, dialect: dialect, asOf: outline.asOf,
            range: outline.range, filter: question.filter, intervals: question.intervals,
            kept: question.kept)
        builder.keeping = keeping
        if keeping != nil {
            builder.presenceWindows = Set(outline.grains.flatMap(\.frames).map(\.window))
        }
        let isLookup = { (demand: Demand) in workspace.measure(demand.use).lookup != nil }
        var scans = try builder.scans(collector.demands.filter { !isLookup($0) })
        var lookups: [MeasureUse] = []
        for demand in collector.demands {
            let use =
                isLookup(demand)
                ? demand.use : workspace.limits(of: workspace.measure(demand.use))?.use
            if let use, !lookups.contains(use) { lookups.append(use) }
        }
        for use in lookups {
            if let scan = try builder.lookupScan(use, question.dimensions) { scans.append(scan) }
        }
        let existence = builder.existenceScans(question.groupings)
        return Plan(
            question: question, asOf: outline.asOf, range: outline.range,
            kpis: outline.kpis.filter(isComputed), grains: outline.grains,
            scans: scans + existence,
            frameMaker: outline.frameMaker,
            filterSpans: try filterSpans(question, outline.kpis.map(\.card)))
    }

    /// Refuses a question whose periods alone are too many, before they are listed.
    private func checkLength(_ question: Question, _ range: Window) throws(Diagnostics) {
        let hours = Double(range.end / microsecondsPerHour - range.start / microsecondsPerHour)
        let periods = question.grains.reduce(0.0) { $0 + hours / $1.longestHours }
        let cells = periods * Double(question.kpis.count * question.groupings.count)
        guard cells <= Double(Question.maximumCells) else {
            throw Diagnostics(.tooManyCells(Int(min(cells, 1e18)), limit: Question.maximumCells))
        }
    }

    // MARK: Names

    /// The card of an id or label.
    package func card(named id: String) throws(Diagnostics) -> Card {
        if let card = workspace.card(id) { return card }
        let named = workspace.cards.filter {
            $0.label.zh == id || $0.label.en == id || $0.id == id.replacing("_", with: "-")
        }
        if named.count == 1 { return named[0] }
        let known = workspace.cards.flatMap { [$0.id, $0.label.zh, $0.label.en] }
        throw Diagnostics(.unknownKPI(id, closest: NearMatch.closest(to: id, among: known)))
    }

    private func checkSize(_ question: Question) throws(Diagnostics) {
        let (dimensions, groupings) = (question.dimensions.count, question.groupings.count)
        guard dimensions <= Question.maximumDimensions, groupings <= Question.maximumGroupings
        else {
            throw Diagnostics(.tooManyGroupings(dimensions: dimensions, groupings: groupings))
        }
        if question.kpis.isEmpty, dimensions > 0 {
            throw Diagnostics(.noKPIBrokenDownBy(question.dimensions))
        }
        if question.top != nil,
            question.groupings.allSatisfy(\.isEmpty)
                || question.groupings.contains(where: { $0.contains(Cohort.ageDimension) })
        {
            throw Diagnostics(.topNeedsOneDimension(question.dimensions))
        }
    }

    private func checkDimensions(_ question: Question, _ cards: [Card]) throws(Diagnostics) {
        var known = Set(workspace.datasets.flatMap { $0.dimensions.map(\.id) })
        if cards.contains(where: { hasAge($0) }) { known.insert(Cohort.ageDimension) }
        for name in question.dimensions where !known.contains(name) {
            throw Diagnostics(
                .unknownDimension(
                    name, closest: NearMatch.closest(to: name, among: known),
                    known: known.sorted()))
        }
        for card in cards {
            if let problem = missingDimension(card, question.dimensions) {
                throw Diagnostics(problem)
            }
        }
    }

    /// What keeps a card from being broken down by these dimensions; nil when nothing does.
    package func missingDimension(_ card: Card, _ dimensions: [String]) -> Problem? {
        for use in card.formula.node.measures {
            let dataset = workspace.dataset(use.dataset)!
            let hasAge = workspace.measure(use).entity?.cohort?.age != nil
            let route = workspace.measure(use).attribution.route
            for name in dimensions
            where workspace.dimension(name, of: dataset, along: route) == nil {
                if hasAge, name == Cohort.ageDimension { continue }
                return .dimensionNotIn(dimension: name, kpi: card.id, dataset: dataset.id)
            }
        }
        return nil
    }

    private func hasAge(_ card: Card) -> Bool {
        card.formula.node.measures.contains {
            workspace.measure($0).entity?.cohort?.age != nil
        }
    }

    // MARK: Time

    /// Datasets whose records a card counts or looks at.
    private func datasets(of card: Card) -> Set<String> { datasets(of: card.formula.node.measures) }

    private func datasets(of uses: [MeasureUse]) -> Set<String> {
        uses.reduce(into: Set<String>()) { datasets, use in
            datasets.insert(use.dataset)
            datasets.formUnion(relatedDatasets(use))
        }
    }

    /// What a measure looks at: with `exists` and `related`, and as the history of what it refers to.
    private func relatedDatasets(_ use: MeasureUse) -> Set<String> {
        let parts = workspace.measure(use).expressions + [use.filter].compactMap { $0 }
        var found = parts.reduce(into: Set<String>()) { $0.formUnion($1.relatedDatasets) }
        for column in parts.flatMap({ $0.columnUses(on: use.dataset) }) {
            var current = workspace.dataset(column.dataset)!
            for step in column.path {
                let reference = current.reference(step)!
                if reference.isTemporal { found.insert(reference.target) }
                current = workspace.dataset(reference.target)!
            }
        }
        return found
    }

    /// The least watermark of the datasets asked for.
    private func defaultAsOf(_ cards: [Card]) -> Instant {
        let used = cards.reduce(into: Set<String>()) { $0.formUnion(datasets(of: $1)) }
        let known = used.compactMap { facts[$0]?.watermark }.filter { $0 != .max }.min()
        // Plans alone say nothing about how far time has gone.
        return known ?? facts.values.map(\.watermark).filter { $0 != .max }.max() ?? 0
    }

    /// The versions of a card's definition, each for the periods that begin while it applies.
    private func planned(_ card: Card, _ asOf: Instant) -> [PlannedKPI] {
        let versions = card.versions
        let starts = versions.map { version in
            version.from.map { workspace.calendar.startOfDay($0.day) } ?? .min
        }
        var planned: [PlannedKPI] = []
        for (index, version) in versions.enumerated() {
            var kpi = self.version(version.card, asOf)
            let end = index + 1 < starts.count ? starts[index + 1] : .max
            kpi.begins = Window(start: starts[index], end: end)
            kpi.isUndefined = !version.isDefined
            if index == 0, starts[0] != .min {
                var before = kpi
                before.begins = Window(start: .min, end: starts[0])
                before.isUndefined = true
                planned.append(before)
            }
            planned.append(kpi)
        }
        return planned
    }

    private func version(_ card: Card, _ asOf: Instant) -> PlannedKPI {
        var coverage: Window? = Window(start: .min, end: asOf)
        var unmapped: Set<MeasureUse> = []
        let replaced = card.formula.node.replacedMeasures
        for use in card.formula.node.measures {
            if let own = self.coverage(use) {
                coverage = coverage?.intersection(own)
            } else if replaced.contains(use) {
                unmapped.insert(use)
            } else {
                coverage = nil
            }
        }
        let used = card.formula.node.measures.filter { !unmapped.contains($0) }
        let marks = datasets(of: used).map { facts[$0]?.watermark }
        // A dataset without times has no watermark.
        let known = marks.compactMap { $0 }.filter { $0 != .max }
        let watermark = marks.contains(nil) ? nil : known.min()
        var kpi = PlannedKPI(card: card, coverage: coverage, watermark: watermark)
        kpi.unmapped = unmapped
        for use in used {
            for gap in gaps(use) where !kpi.gaps.contains(gap) { kpi.gaps.append(gap) }
        }
        for use in used { kpi.lookbacks[use] = lookbacks(use, kpi) }
        return kpi
    }

    private func lookbacks(_ use: MeasureUse, _ kpi: PlannedKPI) -> [CoveredLookback]? {
        guard let coverage = kpi.coverage else { return nil }
        return workspace.measure(use).lookbacks.compactMap { lookback in
            guard let days = lookback.days.wholeNumber else { return nil }
            guard let id = lookback.dataset else {
                return CoveredLookback(days: days, coverage: coverage, gaps: kpi.gaps)
            }
            guard let known = facts[id], let time = workspace.dataset(id)?.timeColumns.first,
                let own = known.coverage[time]
            else { return nil }
            return CoveredLookback(days: days, coverage: own, gaps: known.gaps[time] ?? [])
        }
    }

    /// Where the time column of a measure is not covered, and those of what it looks at.
    private func gaps(_ use: MeasureUse) -> [Window] {
        let own = facts[use.dataset]?.gaps[workspace.measure(use).timeColumn] ?? []
        return relatedDatasets(use).reduce(into: own) { gaps, id in
            guard let time = workspace.dataset(id)?.timeColumns.first else { return }
            gaps += facts[id]?.gaps[time] ?? []
        }
    }

    /// Coverage of a measure's time column; nil when nothing is loaded or a column it needs is not
    /// mapped.
    private func coverage(_ use: MeasureUse) -> Window? {
        guard let known = facts[use.dataset] else { return nil }
        let measure = workspace.measure(use)
        let parts = measure.expressions + [use.filter].compactMap { $0 }
        var read = parts.flatMap { $0.columnUses(on: use.dataset) }
        if let to = measure.stock?.to {
            read.append(ColumnUse(dataset: use.dataset, path: [], name: to))
        }
        // A record without its time is in no period, and that is not to say that there is none.
        read.append(ColumnUse(dataset: use.dataset, path: [], name: measure.timeColumn))
        guard read.allSatisfy(isFilled) || measure.lookup != nil else { return nil }
        var coverage = known.coverage[measure.timeColumn]
        // Of figures that are stated for periods nothing else says from when to when they are known.
        if measure.lookup != nil { coverage = coverage ?? .always }
        for id in relatedDatasets(use) where id != use.dataset {
            guard let other = facts[id] else { return nil }
            guard let time = workspace.dataset(id)!.timeColumns.first else { continue }
            guard let own = other.coverage[time] else { return nil }
            coverage = coverage?.intersection(own)
        }
        return coverage
    }

    /// Whether some source fills a column, also behind references.
    private func isFilled(_ column: ColumnUse) -> Bool {
        var current = workspace.dataset(column.dataset)!
        for step in column.path {
            let reference = current.reference(step)!
            let own = current
            guard let target = workspace.dataset(reference.target),
                reference.columns.allSatisfy({ isFilled($0, of: own) })
            else { return false }
            current = target
        }
        return isFilled(column.name, of: current)
    }

    /// By a source; or computed of such; or missing everywhere, which says something.
    private func isFilled(_ name: String, of dataset: Dataset) -> Bool {
        guard let known = facts[dataset.id] else { return false }
        guard let column = dataset.column(name) else { return false }
        if column.isAssumed || known.mappedColumns.contains(name) { return true }
        guard let computed = column.computed else { return false }
        return computed.columnUses(on: dataset.id).allSatisfy(isFilled)
    }

    private func range(
        _ question: Question, _ kpis: [PlannedKPI], _ asOf: Instant
    ) throws(Diagnostics) -> Window {
        let starts = kpis.compactMap(\.coverage?.start).filter { $0 != .min }
        let datasets = kpis.flatMap { self.datasets(of: $0.card) }
        let own = kpis.lazy.compactMap { $0.card.formula.node.measures.first?.dataset }.first
        if let own, datasets.allSatisfy({ facts[$0] == nil }) {
            throw Diagnostics(.notLoaded(dataset: own))
        }
        // Where a column is missing there is no value, from the first record on.
        let records = datasets.flatMap { facts[$0].map { Array($0.coverage.values) } ?? [] }
        let first = starts.min() ?? records.map(\.start).min()
        let range = Window(
            start: question.from ?? first ?? asOf, end: question.to ?? asOf)
        if question.from != nil, question.to != nil, range.isEmpty {
            throw Diagnostics(.emptyRange)
        }
        return range
    }
}

private let microsecondsPerHour: Int64 = 3_600_000_000

extension Grain {
    /// At least as long as any period of the grain: it gives the fewest periods there may be.
    fileprivate var longestHours: Double {
        switch self {
        case .total: .infinity
        case .hour: 1
        case .day: 25
        case .week: 7 * 25
        case .month: 31 * 24 + 1
        case .quarter: 92 * 24 + 1
        case .half: 184 * 24 + 1
        case .year: 366 * 24
        }
    }
}
