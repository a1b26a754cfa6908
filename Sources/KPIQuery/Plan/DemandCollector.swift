import KPICore
import KPIFormula
import KPIModel

/// Walks formulas and notes which measure is needed in which windows and grouping.
struct DemandCollector {
    let workspace: Workspace
    let maker: FrameMaker
    private(set) var demands: [Demand] = []
    private var index: [DemandKey: Int] = [:]

    private struct DemandKey: Hashable {
        var use: MeasureUse
        var grouping: [String]
    }

    init(workspace: Workspace, maker: FrameMaker) {
        self.workspace = workspace
        self.maker = maker
    }

    mutating func collect(_ kpi: PlannedKPI, _ frames: [Frame], _ grouping: Set<String>) {
        collect(kpi.card.formula.node, frames, grouping, kpi)
    }

    private mutating func collect(
        _ node: FormulaNode, _ frames: [Frame], _ grouping: Set<String>, _ kpi: PlannedKPI
    ) {
        switch node {
        case .measure(let use): note(use, frames, grouping, kpi)
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            let moved = frames.map { maker.moved($0, by: node) }
            collect(inner, moved, grouping, kpi)
        case .share(let inner, let over), .whole(let inner, let over):
            collect(inner, frames, grouping, kpi)
            let reduced = over.isEmpty ? [] : grouping.subtracting(over)
            collect(inner, frames, reduced, kpi)
        default:
            for child in node.children { collect(child, frames, grouping, kpi) }
        }
    }

    private mutating func note(
        _ use: MeasureUse, _ frames: [Frame], _ grouping: Set<String>, _ kpi: PlannedKPI
    ) {
        if kpi.unmapped.contains(use) { return }
        let limits = workspace.limits(of: workspace.measure(use))?.dimensions ?? []
        let key = DemandKey(use: use, grouping: grouping.union(limits).sorted())
        let position = index[key] ?? demands.count
        if position == demands.count {
            index[key] = position
            demands.append(Demand(use: use, grouping: key.grouping, windows: []))
        }
        for frame in frames {
            if let window = kpi.covered(frame) { demands[position].windows.insert(window) }
        }
    }
}
