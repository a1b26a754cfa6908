import KPICore
import KPIFormula
import KPIModel

/// Makes cells of the scans' answers: rolls up, evaluates formulas on aligned columns, aligns groups.
package struct Evaluator: Sendable {
    let plan: Plan
    let workspace: Workspace
    private let cubes: CubeStore
    private let existences: [Existence]
    private let lookups: [MeasureUse: LookupTable]

    /// - Parameter tables: one answer for each of the plan's scans, in order.
    package init(plan: Plan, workspace: Workspace, tables: [Table]) {
        self.plan = plan
        self.workspace = workspace
        cubes = CubeStore(plan: plan, workspace: workspace, tables: tables)
        existences = zip(plan.scans, tables).filter { $0.0.shape == .existence }
            .map { Existence($1, $0.layout) }
        var lookups: [MeasureUse: LookupTable] = [:]
        for (scan, table) in zip(plan.scans, tables) where scan.shape == .lookup {
            lookups[scan.layout.measures[0].use] = LookupTable(table, scan, workspace)
        }
        self.lookups = lookups
    }

    /// - Parameter header: what all cells of a card have in common.
    package func answer(
        header: (PlannedKPI) -> KPIHeader
    ) throws(Diagnostics) -> Answer {
        let cards = plan.versions
        let spaces = cards.map { versions in plan.question.groupings.map { space(versions, $0) } }
        try checkSize(spaces)
        var tasks: [BlockTask] = []
        for (versions, spaces) in zip(cards, spaces) {
            let headers = versions.map(header)
            for grain in plan.grains {
                for space in spaces {
                    for (kpi, header) in zip(versions, headers) {
                        guard let part = grain.part(of: kpi) else { continue }
                        tasks.append(BlockTask(kpi: kpi, header: header, grain: part, space: space))
                    }
                }
            }
        }
        let results = tasks.concurrentMap { task in
            Result { () throws(Overflow) in try block(task) }
        }
        var blocks: [CellBlock] = []
        for (task, result) in zip(tasks, results) {
            guard case .success(let block) = result else {
                throw Diagnostics(.overflow(kpi: task.kpi.card.id))
            }
            blocks.append(block)
        }
        return Answer(
            dimensions: plan.question.dimensions, blocks: blocks,
            hasIntervals: plan.question.intervals)
    }

    private func checkSize(_ spaces: [[GroupSpace]]) throws(Diagnostics) {
        let frames = plan.grains.reduce(0) { $0 + $1.frames.count }
        let count = spaces.joined().reduce(0) { $0 + $1.groupCount * frames }
        guard count <= Question.maximumCells else {
            throw Diagnostics(.tooManyCells(count, limit: Question.maximumCells))
        }
    }

    // MARK: Kept cells

    /// The answer with, for every cell of every block, whether its group has records in the period (or,
    /// of the organisation, exists in it).
    package func keptAnswer(
        header: (PlannedKPI) -> KPIHeader
    ) throws(Diagnostics) -> (answer: Answer, occurs: [[Bool]]) {
        let answer = try answer(header: header)
        var occurs: [[Bool]] = []
        for versions in plan.versions {
            let spaces = plan.question.groupings.map { space(versions, $0) }
            for grain in plan.grains {
                for space in spaces {
                    for kpi in versions {
                        guard let part = grain.part(of: kpi) else { continue }
                        occurs.append(self.occurs(versions, space, part.frames))
                    }
                }
            }
        }
        return (answer, occurs)
    }

    /// A number for the groups of every grouping and KPI: another one when they are others.
    package func groupNumbers() -> [[Int64]] {
        plan.question.groupings.map { grouping in
            plan.versions.map { versions in
                var mix = StableMix()
                for group in space(versions, grouping).groups {
                    for text in group { mix.add(text) }
                }
                return mix.value
            }
        }
    }

    private func occurs(
        _ versions: [PlannedKPI], _ space: GroupSpace, _ frames: [Frame]
    ) -> [Bool] {
        var result = [Bool](
            repeating: space.dimensions.isEmpty, count: frames.count * space.groupCount)
        if space.dimensions.isEmpty { return result }
        for kpi in versions {
            for use in kpi.card.formula.node.measures {
                let records = cubes.records(use)
                for cube in cubes.presence(use, space.dimensions.sorted()) {
                    let places = space.places(in: cube)
                    for (index, frame) in frames.enumerated() {
                        let own = records.map { frame.window.intersection($0) } ?? frame.window
                        guard let window = cube.windowIndex[CoveredWindow(own)] else { continue }
                        for (group, place) in places.enumerated() where place >= 0 {
                            let cell = window * cube.groupCount + Int(place)
                            if cube.present["v0"]?[cell] == true {
                                result[index * space.groupCount + group] = true
                            }
                        }
                    }
                }
            }
        }
        if plan.question.filter == nil,
            let lives = lives(versions[versions.count - 1], space.dimensions),
            lives.levels == space.dimensions
        {
            let known = GroupLives(ranges: space.groups.map { lives.ranges[$0] })
            for (index, frame) in frames.enumerated() {
                for group in space.groups.indices
                where known.ranges[group] != nil && known.exists(group, in: frame.window) {
                    result[index * space.groupCount + group] = true
                }
            }
        }
        return result
    }

    // MARK: Groups

    /// The groups that a KPI has rows for, in the order of the contract: those of all its versions.
    private func space(_ versions: [PlannedKPI], _ grouping: [String]) -> GroupSpace {
        guard !grouping.isEmpty else { return .whole }
        // In the order of the answer's columns, which the rows follow.
        let grouping = plan.question.dimensions.filter(grouping.contains)
        let sorted = grouping.sorted()
        let position = grouping.map { sorted.firstIndex(of: $0)! }
        let uses = versions.flatMap { $0.card.formula.node.measures }
        var tuples: Set<[String]> = []
        for use in uses {
            for cube in cubes.presence(use, sorted) {
                for (group, members) in cube.members.enumerated() where cube.occurs[group] {
                    tuples.insert(position.map { members[$0] })
                }
            }
        }
        if let lives = lives(versions[versions.count - 1], grouping), lives.levels == grouping,
            plan.question.filter == nil
        {
            for (members, windows) in lives.ranges
            where windows.contains(where: { !$0.intersection(plan.range).isEmpty }) {
                tuples.insert(members)
            }
        }
        if let asked = plan.question.group, grouping.allSatisfy({ asked[$0] != nil }) {
            tuples.insert(grouping.map { asked[$0]! })
        }
        // What is booked above a level is in none of its groups.
        tuples = tuples.filter { !$0.contains(Organisation.above) }
        var space = GroupSpace(
            dimensions: grouping, groups: tuples.sorted(by: GroupSpace.isBefore))
        for use in uses { for (cube, _) in cubes.cubes(use, sorted) { space.locate(in: cube) } }
        return space
    }

    /// When the units of a grouping exist, in the order of the answer's dimensions; nil where a KPI
    /// is not attributed by history.
    private func lives(
        _ kpi: PlannedKPI, _ grouping: [String]
    ) -> (levels: [String], ranges: [[String]: [Window]])? {
        // Of units alone those of the units, with people those of the postings.
        let asked = grouping.filter { name in existences.contains { $0.levels.contains(name) } }
        guard let existence = existences.first(where: { Set($0.levels).isSuperset(of: asked) })
        else { return nil }
        let levels = asked
        let isAttributed = kpi.card.formula.node.measures.allSatisfy { use in
            let dataset = workspace.dataset(use.dataset)!
            return levels.allSatisfy(dataset.levels.contains)
        }
        guard !levels.isEmpty, isAttributed else { return nil }
        return (levels, existence.ranges(of: levels))
    }

    /// Cells of units that did not exist, and have nothing, are none.
    private func leaveOut(
        _ state: inout [CellState], _ task: BlockTask, _ walk: FormulaWalk
    ) {
        let (frames, space) = (task.grain.frames, task.space)
        guard let lives = lives(task.kpi, space.dimensions) else { return }
        let places = lives.levels.map { space.dimensions.firstIndex(of: $0)! }
        let ranges = GroupLives(
            ranges: space.groups.map { members in lives.ranges[places.map { members[$0] }] })
        var counts: [Vector] = []
        // A figure that is looked up brings no unit of its own.
        for use in task.kpi.card.formula.node.unmovedMeasures
        where workspace.measure(use).lookup == nil {
            counts.append(walk.leaf(use, .count, frames))
        }
        for (frame, window) in frames.map(\.window).enumerated() {
            for group in space.groups.indices where !ranges.exists(group, in: window) {
                let cell = frame * space.groupCount + group
                if counts.allSatisfy({ $0.numbers.double(cell) == 0 }) { state[cell] = .absent }
            }
        }
    }

    // MARK: Blocks

    /// One KPI at one grain in one grouping.
    private struct BlockTask: Sendable {
        let kpi: PlannedKPI
        let header: KPIHeader
        let grain: PlannedGrain
        let space: GroupSpace
    }

    private func block(_ task: BlockTask) throws(Overflow) -> CellBlock {
        let (grain, space) = (task.grain, task.space)
        let walk = FormulaWalk(evaluator: self, kpi: task.kpi, space: space)
        let node = task.kpi.card.formula.node
        let value = try walk.number(node, grain.frames)
        let sides = try walk.sides(node, grain.frames)
        var n = sides?.n
        if sides == nil { n = try walk.records(node, grain.frames) }
        let bounds =
            plan.question.intervals
            ? try Intervals(walk: walk).bounds(node, grain.frames, value) : nil
        var block = CellBlock(
            kpi: task.header, grain: grain.grain, periods: grain.names,
            dimensions: space.dimensions,
            members: space.dimensions.indices.map { index in space.groups.map { $0[index] } },
            groupCount: space.groupCount, value: value.figures,
            numerator: sides?.numerator.figures, denominator: sides?.denominator.figures,
            n: n?.figures, open: try walk.open(node, grain.frames)?.figures, state: value.state)
        block.low = bounds?.low.figures
        block.high = bounds?.high.figures
        if task.kpi.isUndefined {
            block.state = block.state.map { _ in .notApplicable }
        }
        leaveOut(&block.state, task, walk)
        if let least = task.kpi.card.minimumRecords {
            let whole = FormulaWalk(evaluator: self, kpi: task.kpi, space: .whole)
            block.withhold(
                below: least, counts: try walk.fewest(node, grain.frames),
                whole: try whole.fewest(node, grain.frames))
        }
        return block
    }

    func leaf(
        _ use: MeasureUse, _ part: LeafPart, _ frames: [Frame], _ kpi: PlannedKPI,
        _ space: GroupSpace
    ) -> Vector {
        let measure = workspace.measure(use)
        if kpi.unmapped.contains(use) {
            return .missing(.noData, count: frames.count * space.groupCount)
        }
        let isHourly = frames.first?.period?.grain == .hour
        if isHourly, workspace.dataset(use.dataset)!.column(measure.timeColumn)!.type == .date {
            // A day has no hours.
            return .missing(.notApplicable, count: frames.count * space.groupCount)
        }
        if measure.lookup != nil {
            return LookupReader(
                table: lookups[use], kpi: kpi, space: space, calendar: workspace.calendar
            ).read(part, frames)
        }
        if let limits = workspace.limits(of: measure) {
            return LimitedReader(
                use: use, limits: limits, cubes: cubes, table: lookups[limits.use],
                kpi: kpi, space: space, calendar: workspace.calendar
            ).read(part, frames)
        }
        return LeafReader(
            measure: measure, use: use, cubes: cubes, kpi: kpi, space: space,
            calendar: workspace.calendar, asOf: plan.asOf,
            filterSpan: plan.filterSpans[
                TimeAxis(dataset: use.dataset, column: measure.timeColumn)] ?? .always
        ).read(part, frames)
    }

    var frameMaker: FrameMaker { plan.frameMaker }
}

/// Tuples of dimension values, in the order of the dimensions asked for.
struct GroupSpace: Sendable {
    let dimensions: [String]
    let groups: [[String]]
    /// By cube, where it was looked up before.
    private var known: [Int: [Int32]] = [:]

    static let whole = GroupSpace(dimensions: [], groups: [[]])

    init(dimensions: [String], groups: [[String]]) {
        self.dimensions = dimensions
        self.groups = groups
    }

    var groupCount: Int { groups.count }

    /// For every group here the group of the cube, or −1.
    func places(in cube: Cube) -> [Int32] { known[cube.id] ?? find(in: cube) }

    /// Looks every group up once and for all.
    mutating func locate(in cube: Cube) {
        if known[cube.id] == nil { known[cube.id] = find(in: cube) }
    }

    private func find(in cube: Cube) -> [Int32] {
        let position = cube.dimensions.map { dimensions.firstIndex(of: $0)! }
        return groups.map { tuple in
            Int32(cube.groupIndex[position.map { tuple[$0] }] ?? -1)
        }
    }

    /// By code point.
    static func isBefore(_ a: [String], _ b: [String]) -> Bool {
        for (x, y) in zip(a, b) where x != y {
            return x.utf8.lexicographicallyPrecedes(y.utf8)
        }
        return false
    }

    /// The space without some dimensions, and the group there of every group here.
    func reduced(removing removed: Set<String>) -> (space: GroupSpace, groupOf: [Int]) {
        let kept = dimensions.indices.filter { !removed.contains(dimensions[$0]) }
        var index: [[String]: Int] = [:]
        var groups: [[String]] = []
        let groupOf = self.groups.map { tuple -> Int in
            let short = kept.map { tuple[$0] }
            if let known = index[short] { return known }
            index[short] = groups.count
            groups.append(short)
            return groups.count - 1
        }
        if kept.isEmpty, groups.isEmpty { groups = [[]] }
        return (GroupSpace(dimensions: kept.map { dimensions[$0] }, groups: groups), groupOf)
    }
}
