import KPICore
import KPIModel

/// The records that cells depend on: of measures those of some local days, of what is behind a
/// reference or looked at as a whole all.
package struct Dependence: Sendable {
    private var days: [TimeAxis: [ClosedRange<Int>]] = [:]
    /// Datasets whose records count whatever their day.
    package fileprivate(set) var referenced: Set<String> = []

    /// Every dataset there is something to depend on of.
    package var datasets: Set<String> { referenced.union(days.keys.map(\.dataset)) }

    package func holds(_ dataset: String, _ column: String, day: Int) -> Bool {
        days[TimeAxis(dataset: dataset, column: column)]?.contains { $0.contains(day) } ?? false
    }

    fileprivate mutating func add(_ dataset: String, _ column: String, _ range: ClosedRange<Int>) {
        let axis = TimeAxis(dataset: dataset, column: column)
        if days[axis]?.contains(range) != true { days[axis, default: []].append(range) }
    }
}

extension Planner {
    /// What the cells of all frames of a question depend on.
    package func dependence(_ outline: Outline) -> Dependence {
        var dependence = Dependence()
        dependence.referenced = referenced(outline)
        for kpi in outline.kpis {
            let node = kpi.card.formula.node
            for frame in outline.grains.flatMap(\.frames) where kpi.begins.contains(frame.begins) {
                for (use, moved) in leaves(node, frame, outline.frameMaker) {
                    add(use, moved.window, to: &dependence)
                    // Which groups there are is a matter of the cell's own period.
                    add(use, frame.window, to: &dependence)
                }
            }
        }
        return dependence
    }

    private func add(_ use: MeasureUse, _ window: Window, to dependence: inout Dependence) {
        let measure = workspace.measure(use)
        let parts = measure.expressions + [use.filter].compactMap { $0 }
        let looksBeyond =
            measure.entity?.cohort != nil || measure.lookup != nil
            || measure.stock?.isSnapshot ?? false
            || parts.contains { $0.usesEver }
        guard !looksBeyond else {
            return dependence.add(use.dataset, measure.timeColumn, Int.min...Int.max)
        }
        guard !window.isEmpty else { return }
        let calendar = workspace.calendar
        let last = calendar.day(of: window.end - 1)
        let first = measure.stock == nil ? calendar.day(of: window.start) : Int.min
        dependence.add(use.dataset, measure.timeColumn, first...max(first, last))
    }
}
