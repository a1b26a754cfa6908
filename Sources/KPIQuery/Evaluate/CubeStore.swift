import KPICore
import KPIModel

/// Cubes of all scans, rolled up once for each grouping.
final class CubeStore: Sendable {
    private let partials: [ScanKey: (layout: ScanLayout, cubes: [[String]: Cube])]
    private let windows: [(layout: ScanLayout, cubes: [[String]: Cube])]
    /// Of stocks and cohorts.
    private let presences: [ScanKey: [[String]: Cube]]
    private let workspace: Workspace

    init(plan: Plan, workspace: Workspace, tables: [Table]) {
        let scans = Array(zip(plan.scans, tables))
        let rolled = scans.concurrentMap { Self.cubes($0, $1, plan.range, workspace) }
        var count = 0
        var partials: [ScanKey: (layout: ScanLayout, cubes: [[String]: Cube])] = [:]
        var windows: [(layout: ScanLayout, cubes: [[String]: Cube])] = []
        var presences: [ScanKey: [[String]: Cube]] = [:]
        for (scan, cubes) in zip(plan.scans, rolled) {
            var own: [[String]: Cube] = [:]
            for var cube in cubes {
                cube.id = count
                count += 1
                own[cube.dimensions] = cube
            }
            switch scan.shape {
            case .partials: partials[scan.key] = (scan.layout, own)
            case .windows: windows.append((scan.layout, own))
            case .kept:
                let known = partials[scan.key]?.cubes ?? [:]
                partials[scan.key] = (scan.layout, known.merging(own) { first, _ in first })
            case .presence: presences[scan.key] = own
            case .existence, .lookup: break
            }
        }
        self.presences = presences
        self.partials = partials
        self.windows = windows
        self.workspace = workspace
    }

    /// The cubes of one scan's answer, one for each grouping.
    private static func cubes(
        _ scan: Scan, _ table: Table, _ range: Window, _ workspace: Workspace
    ) -> [Cube] {
        switch scan.shape {
        case .partials:
            let rollup = Rollup(
                rows: PartialRows(table, scan.layout), layout: scan.layout,
                operations: scan.layout.operations(workspace))
            return Array(scan.layout.rollups).concurrentMap { rollup.cube($0.key, $0.value) }
        case .windows, .presence:
            let rows = WindowRows(table: table, layout: scan.layout)
            return Array(scan.layout.sets.values).concurrentMap { rows.cube($0, range) }
        case .kept:
            let rows = WindowRows(table: table, layout: scan.layout)
            return Array(scan.layout.sets.values).concurrentMap { rows.cube($0, nil) }
        case .existence, .lookup: return []
        }
    }

    private func key(_ use: MeasureUse) -> ScanKey {
        ScanKey(workspace.measure(use), in: workspace)
    }

    /// The cubes that say which groups of a measure occur: that of partials on its records, also for
    /// measures that do not add; of stocks and cohorts that of their presence and, where history has
    /// gaps that a record lasts through, their own.
    func presence(_ use: MeasureUse, _ grouping: [String]) -> [Cube] {
        let key = key(use)
        if key.kind == .events, let known = partials[key] {
            return [known.cubes[grouping]].compactMap { $0 }
        }
        return [presences[key]?[grouping]].compactMap { $0 } + cubes(use, grouping).map(\.cube)
    }

    /// Outside of which a group of kept partials has no records; nil: nowhere.
    func records(_ use: MeasureUse) -> Window? { partials[key(use)]?.layout.records }

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
        if let (layout, cubes) = partials[key(use)],
            let columns = layout.measures.first(where: { $0.use == use }),
            let cube = cubes[grouping]
        {
            found.append((cube, columns))
        }
        return found
    }
}
