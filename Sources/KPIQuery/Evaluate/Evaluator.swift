import KPICore
import KPIFormula
import KPIModel

/// Makes cells of the scans' answers: rolls up, evaluates formulas on aligned columns, aligns groups.
package struct Evaluator {
    let plan: Plan
    let workspace: Workspace
    private let cubes: CubeStore

    /// - Parameter tables: one answer for each of the plan's scans, in order.
    package init(plan: Plan, workspace: Workspace, tables: [Table]) {
        self.plan = plan
        self.workspace = workspace
        cubes = CubeStore(plan: plan, workspace: workspace, tables: tables)
    }

    /// - Parameter header: what all cells of a card have in common.
    package func answer(
        header: (PlannedKPI) -> KPIHeader
    ) throws(Diagnostics) -> Answer {
        try checkSize()
        var blocks: [CellBlock] = []
        for kpi in plan.kpis {
            let header = header(kpi)
            for grain in plan.grains {
                for grouping in plan.question.groupings {
                    let space = space(kpi, grouping)
                    do throws(Overflow) {
                        blocks.append(try block(kpi, header, grain, space))
                    } catch {
                        throw Diagnostics(.overflow(kpi: kpi.card.id))
                    }
                }
            }
        }
        return Answer(dimensions: plan.question.dimensions, blocks: blocks)
    }

    private func checkSize() throws(Diagnostics) {
        var count = 0
        for kpi in plan.kpis {
            for grouping in plan.question.groupings {
                let groups = space(kpi, grouping).groupCount
                count += groups * plan.grains.reduce(0) { $0 + $1.frames.count }
            }
        }
        guard count <= Question.maximumCells else {
            throw Diagnostics(.tooManyCells(count, limit: Question.maximumCells))
        }
    }

    // MARK: Groups

    /// The groups that a KPI has rows for, in the order of the contract.
    private func space(_ kpi: PlannedKPI, _ grouping: [String]) -> GroupSpace {
        guard !grouping.isEmpty else { return GroupSpace(dimensions: [], groups: [[]]) }
        // In the order of the answer's columns, which the rows follow.
        let grouping = plan.question.dimensions.filter(grouping.contains)
        let sorted = grouping.sorted()
        let position = grouping.map { sorted.firstIndex(of: $0)! }
        var tuples: Set<[String]> = []
        for use in kpi.card.formula.node.measures {
            guard let cube = cubes.partial(use, sorted) else { continue }
            for (group, members) in cube.members.enumerated() where cube.occurs[group] {
                tuples.insert(position.map { members[$0] })
            }
        }
        if let asked = plan.question.group, grouping.allSatisfy({ asked[$0] != nil }) {
            tuples.insert(grouping.map { asked[$0]! })
        }
        return GroupSpace(dimensions: grouping, groups: tuples.sorted(by: GroupSpace.isBefore))
    }

    // MARK: Blocks

    private func block(
        _ kpi: PlannedKPI, _ header: KPIHeader, _ grain: PlannedGrain, _ space: GroupSpace
    ) throws(Overflow) -> CellBlock {
        let walk = FormulaWalk(evaluator: self, coverage: kpi.coverage, space: space)
        let node = kpi.card.formula.node
        let value = try walk.number(node, grain.frames)
        let sides = try walk.sides(node, grain.frames)
        var n = sides?.n
        if sides == nil { n = try walk.records(node, grain.frames) }
        return CellBlock(
            kpi: header, grain: grain.grain, periods: grain.names, dimensions: space.dimensions,
            members: space.dimensions.indices.map { index in space.groups.map { $0[index] } },
            groupCount: space.groupCount, value: value.figures,
            numerator: sides?.numerator.figures, denominator: sides?.denominator.figures,
            n: n?.figures, open: try walk.open(node, grain.frames)?.figures, state: value.state)
    }

    func leaf(
        _ use: MeasureUse, _ part: LeafPart, _ frames: [Frame], _ coverage: Window?,
        _ space: GroupSpace
    ) -> Vector {
        LeafReader(
            measure: workspace.measure(use), use: use, cubes: cubes, coverage: coverage,
            space: space
        ).read(part, frames)
    }

    var frameMaker: FrameMaker { plan.frameMaker }
}

/// Tuples of dimension values, in the order of the dimensions asked for.
struct GroupSpace {
    let dimensions: [String]
    let groups: [[String]]

    var groupCount: Int { groups.count }

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

/// Cubes of all scans, rolled up once for each grouping.
final class CubeStore {
    private var partials: [ScanKey: [[String]: Cube]] = [:]
    private var partialLayouts: [ScanKey: ScanLayout] = [:]
    private var windows: [(layout: ScanLayout, cubes: [[String]: Cube])] = []
    private let workspace: Workspace

    init(plan: Plan, workspace: Workspace, tables: [Table]) {
        self.workspace = workspace
        for (scan, table) in zip(plan.scans, tables) {
            switch scan.shape {
            case .partials:
                let rollup = Rollup(
                    rows: PartialRows(table, scan.layout), layout: scan.layout,
                    operations: scan.layout.operations(workspace))
                var cubes: [[String]: Cube] = [:]
                for (grouping, asked) in scan.layout.rollups {
                    cubes[grouping] = rollup.cube(grouping, asked)
                }
                partials[scan.key] = cubes
                partialLayouts[scan.key] = scan.layout
            case .windows:
                let rows = WindowRows(table: table, layout: scan.layout)
                var cubes: [[String]: Cube] = [:]
                for grouping in scan.layout.sets.values { cubes[grouping] = rows.cube(grouping) }
                windows.append((scan.layout, cubes))
            }
        }
    }

    private func key(_ use: MeasureUse) -> ScanKey {
        ScanKey(dataset: use.dataset, timeColumn: workspace.measure(use).timeColumn)
    }

    /// The cube of partials on a measure's records, also for measures that do not add: it says which
    /// groups occur.
    func partial(_ use: MeasureUse, _ grouping: [String]) -> Cube? {
        partials[key(use)]?[grouping]
    }

    /// Every cube that holds a measure in a grouping, with the measure's columns.
    func cubes(_ use: MeasureUse, _ grouping: [String]) -> [(cube: Cube, columns: LaidOutMeasure)] {
        var found: [(Cube, LaidOutMeasure)] = []
        for (layout, cubes) in windows {
            if let columns = layout.measures.first(where: { $0.use == use }),
                let cube = cubes[grouping]
            {
                found.append((cube, columns))
            }
        }
        let key = key(use)
        if let columns = partialLayouts[key]?.measures.first(where: { $0.use == use }),
            let cube = partials[key]?[grouping]
        {
            found.append((cube, columns))
        }
        return found
    }
}
