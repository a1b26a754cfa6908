import KPICore
import KPIFormula
import KPIModel

/// What changed in the records since cells were computed.
package struct RecordChanges: Sendable {
    /// Local days with changed records, by time column.
    private(set) var days: [TimeAxis: [ClosedRange<Int>]] = [:]
    package private(set) var datasets: Set<String> = []

    package init() {}

    package var isEmpty: Bool { datasets.isEmpty }

    /// - Parameter days: sorted, each once.
    package mutating func add(_ dataset: String, _ column: String, _ days: [Int]) {
        datasets.insert(dataset)
        let axis = TimeAxis(dataset: dataset, column: column)
        let all = Set(self.days[axis, default: []].flatMap { Array($0) }).union(days).sorted()
        var ranges: [ClosedRange<Int>] = []
        for day in all {
            if let last = ranges.last, last.upperBound + 1 == day {
                ranges[ranges.count - 1] = last.lowerBound...day
            } else {
                ranges.append(day...day)
            }
        }
        self.days[axis] = ranges
    }

    /// A change that has no time, or whose time is not known.
    package mutating func add(_ dataset: String) { datasets.insert(dataset) }

    package func days(of key: ScanKey) -> [ClosedRange<Int>] {
        days[TimeAxis(dataset: key.dataset, column: key.timeColumn)] ?? []
    }
}

extension Planner {
    /// A number for everything that decides about the cells of a frame beside the records: windows,
    /// what is covered of them, what is not settled yet.
    package func signature(_ outline: Outline, _ frame: Frame) -> Int64 {
        var mix = StableMix()
        mix.add(frame.window.start, frame.window.end, frame.isCut ? 1 : 0)
        for kpi in outline.kpis where kpi.begins.contains(frame.begins) {
            mix.add(kpi.coverage == nil ? 0 : 1)
            guard let coverage = kpi.coverage else { continue }
            for (use, moved) in leaves(kpi.card.formula.node, frame, outline.frameMaker) {
                let measure = workspace.measure(use)
                let covered = kpi.covered(moved)
                mix.add(covered?.start ?? 1, covered?.end ?? 0, moved.isCut ? 1 : 0)
                mix.add(covered?.window == moved.window ? 1 : 0)
                for gap in covered?.gaps ?? [] { mix.add(gap.start, gap.end) }
                mix.add(measure.isOpen(moved, asOf: outline.asOf, workspace.calendar) ? 1 : 0)
                if measure.entity?.cohort != nil { mix.add(coverage.end) }
            }
        }
        return mix.value
    }

    /// For every KPI of a question what changed records may touch of its cells.
    fileprivate func touches(_ outline: Outline, _ changes: RecordChanges) -> [KPITouch] {
        outline.kpis.compactMap { kpi in
            guard let coverage = kpi.coverage else { return nil }
            let node = kpi.card.formula.node
            var uses: [MeasureUse: MeasureTouch] = [:]
            for use in node.measures where changes.datasets.contains(use.dataset) {
                let measure = workspace.measure(use)
                let days = changes.days(of: ScanKey(measure, in: workspace))
                uses[use] = MeasureTouch(
                    isStock: measure.stock != nil,
                    changed: days.map { range in
                        Window(
                            start: workspace.calendar.startOfDay(range.lowerBound),
                            end: workspace.calendar.startOfDay(range.upperBound + 1))
                    })
            }
            return uses.isEmpty
                ? nil : KPITouch(begins: kpi.begins, coverage: coverage, node: node, uses: uses)
        }
    }

    /// Whether changed records may change a cell of a frame.
    fileprivate func isTouched(_ touch: KPITouch, _ frame: Frame, _ maker: FrameMaker) -> Bool {
        guard touch.begins.contains(frame.begins) else { return false }
        // Which groups occur is a matter of the period itself, wherever the formula looks.
        if let own = frame.covered(by: touch.coverage, without: [])?.window,
            touch.uses.values.contains(where: { $0.isIn(own) })
        {
            return true
        }
        guard touch.isMoved else { return false }
        return leaves(touch.node, frame, maker).contains { use, moved in
            guard let window = moved.covered(by: touch.coverage, without: [])?.window else {
                return false
            }
            return touch.uses[use]?.isIn(window) ?? false
        }
    }

    /// Whether a change of these datasets may change any cell, whatever its day: they are behind a
    /// reference, or looked at as a whole.
    package func isSweeping(_ outline: Outline, _ changes: RecordChanges) -> Bool {
        if !changes.datasets.isDisjoint(with: referenced(outline)) { return true }
        for use in outline.kpis.flatMap(\.card.formula.node.measures)
        where changes.datasets.contains(use.dataset) {
            let measure = workspace.measure(use)
            let parts = measure.expressions + [use.filter].compactMap { $0 }
            let isWhole = parts.contains { $0.usesEver || $0.usesRelated }
            let isSet = measure.entity?.cohort != nil || measure.stock?.isSnapshot ?? false
            if isWhole || isSet { return true }
        }
        return false
    }

    /// Every dataset that cells of a question depend on.
    package func datasets(of outline: Outline) -> Set<String> {
        referenced(outline).union(outline.kpis.flatMap(\.card.formula.node.measures).map(\.dataset))
    }

    /// Datasets that are reached from those of the measures: by references of measures, of
    /// dimensions and of the filter, and by what looks at other records.
    package func referenced(_ outline: Outline) -> Set<String> {
        var found: Set<String> = []
        for use in outline.kpis.flatMap(\.card.formula.node.measures) {
            let measure = workspace.measure(use)
            let dataset = workspace.dataset(use.dataset)!
            found.formUnion(measure.expressions.flatMap(\.relatedDatasets))
            var parts = measure.expressions + [use.filter].compactMap { $0 }
            for name in outline.question.dimensions {
                if let dimension = workspace.dimension(
                    name, of: dataset, along: measure.attribution.route)
                {
                    parts.append(dimension.expression)
                }
            }
            if let tree = outline.question.filter, let filter = try? resolved(tree, dataset) {
                parts.append(filter)
            }
            for column in parts.flatMap({ $0.columnUses(on: use.dataset) }) {
                found.formUnion(targets(column))
            }
        }
        if !outline.question.dimensions.isEmpty, let organisation = workspace.organisation {
            found.formUnion([organisation.people] + [organisation.units].compactMap { $0 })
        }
        return found
    }

    private func resolved(
        _ tree: Expression, _ dataset: Dataset
    ) throws(Diagnostics) -> RowExpression {
        let datasets = Dictionary(uniqueKeysWithValues: workspace.datasets.map { ($0.id, $0) })
        return try RowResolver(
            datasets: datasets, dataset: dataset, calendar: workspace.calendar,
            prefersDimensions: true
        ).condition(tree)
    }

    private func targets(_ column: ColumnUse) -> Set<String> {
        var current = workspace.dataset(column.dataset)!
        var found: Set<String> = []
        for step in column.path {
            current = workspace.dataset(current.reference(step)!.target)!
            found.insert(current.id)
        }
        return found
    }

    /// Every measure of a formula with the frame it is evaluated in.
    func leaves(
        _ node: FormulaNode, _ frame: Frame, _ maker: FrameMaker
    ) -> [(MeasureUse, Frame)] {
        switch node {
        case .measure(let use): [(use, frame)]
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            leaves(inner, maker.moved(frame, by: node), maker)
        default: node.children.flatMap { leaves($0, frame, maker) }
        }
    }
}

/// Where changed records of one measure lie.
private struct MeasureTouch {
    let isStock: Bool
    /// In order.
    let changed: [Window]

    /// Whether they may change the measure in a window: of a stock whatever came before its end.
    func isIn(_ window: Window) -> Bool {
        if isStock { return changed.first.map { $0.start < window.end } ?? false }
        return changed.contains { !$0.intersection(window).isEmpty }
    }
}

/// What changed records may touch of the cells of one KPI.
private struct KPITouch {
    let begins: Window
    let coverage: Window
    let node: FormulaNode
    let uses: [MeasureUse: MeasureTouch]
    let isMoved: Bool

    init(
        begins: Window, coverage: Window, node: FormulaNode, uses: [MeasureUse: MeasureTouch]
    ) {
        self.begins = begins
        self.coverage = coverage
        self.node = node
        self.uses = uses
        isMoved = node.isMoved
    }
}

/// Numbers made one, the same on every machine and in every run.
struct StableMix {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func add(_ numbers: Int64...) {
        for number in numbers {
            state ^= UInt64(bitPattern: number)
            state &*= 0xBF58_476D_1CE4_E5B9
            state ^= state >> 29
        }
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(Int64(byte)) }
        add(-1)
    }

    var value: Int64 { Int64(bitPattern: state) }
}

extension Outline {
    /// The frames of every grain, each with where it begins: what tells them apart.
    package var starts: [[Instant]] { grains.map { $0.frames.map(\.begins) } }

    /// The same question for some frames of every grain alone.
    package func only(_ chosen: [[Int]]) -> Outline {
        var outline = self
        for (index, frames) in chosen.enumerated() {
            let grain = grains[index]
            outline.grains[index] = PlannedGrain(
                grain: grain.grain, names: frames.map { grain.names[$0] },
                frames: frames.map { grain.frames[$0] })
        }
        return outline
    }

    package func signatures(_ planner: Planner) -> [[Int64]] {
        grains.map { grain in grain.frames.map { planner.signature(self, $0) } }
    }

    package func touched(_ planner: Planner, _ changes: RecordChanges) -> [[Bool]] {
        let touches = planner.touches(self, changes)
        return grains.map { grain in
            grain.frames.map { frame in
                touches.contains { planner.isTouched($0, frame, frameMaker) }
            }
        }
    }

    /// For every frame here the index of the same frame of the same grain there; nil when one is
    /// missing or cut otherwise.
    package func frames(in other: Outline) -> [[Int]]? {
        guard asOf == other.asOf else { return nil }
        var found: [[Int]] = []
        for grain in grains {
            guard let there = other.grains.first(where: { $0.grain == grain.grain }) else {
                return nil
            }
            let index = Dictionary(
                there.frames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            var own: [Int] = []
            for frame in grain.frames {
                guard let place = index[frame] else { return nil }
                own.append(place)
            }
            found.append(own)
        }
        return found
    }
}

extension Planner {
    /// The plan of a kept question: its partials stand for the records.
    ///
    /// - Parameter computed: the KPIs whose cells are wanted; nil: all.
    package func keptPlan(
        _ outline: Outline, number: Int, computed: Set<String>? = nil
    ) throws(Diagnostics) -> Plan {
        try plan(outline, keeping: number, computed: computed)
    }
}
