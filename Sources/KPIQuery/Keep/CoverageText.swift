import KPICore
import KPIModel

extension Planner {
    /// Coverage of some measures as far as it does not move with time: declared, or where derived
    /// coverage begins.
    package func coverageText(_ uses: [MeasureUse]) -> String {
        var lines: Set<String> = []
        for use in uses {
            let measure = workspace.measure(use)
            let related = (measure.expressions + [use.filter].compactMap { $0 })
                .reduce(into: Set<String>()) { $0.formUnion($1.relatedDatasets) }
            lines.insert(coverageLine(use.dataset, measure.timeColumn))
            for id in related {
                guard let time = workspace.dataset(id)?.timeColumns.first else { continue }
                lines.insert(coverageLine(id, time))
            }
        }
        return lines.sorted().joined(separator: "\n")
    }

    /// A number for what is covered of the windows that the cells of a question depend on. It does not
    /// change as time passes.
    package func coveredParts(_ outline: Outline) -> Int64 {
        var mix = StableMix()
        for kpi in outline.kpis {
            for frame in outline.grains.flatMap(\.frames) where kpi.begins.contains(frame.begins) {
                for (_, moved) in leaves(kpi.card.formula.node, frame, outline.frameMaker) {
                    let covered = kpi.covered(moved)
                    mix.add(covered == nil ? 0 : 1, covered?.start ?? 0)
                    mix.add(covered?.end == moved.window.end ? 1 : 0)
                    for gap in covered?.gaps ?? [] { mix.add(gap.start, gap.end) }
                }
            }
        }
        return mix.value
    }

    private func coverageLine(_ dataset: String, _ column: String) -> String {
        let declared = facts[dataset]?.declared[column]
        let start = facts[dataset]?.coverage[column]?.start
        let from = declared?.from.map { "\($0)" } ?? start.map { "\($0)" } ?? "-"
        return "\(dataset).\(column) \(from) \(declared?.to.map { "\($0)" } ?? "-")"
    }
}
