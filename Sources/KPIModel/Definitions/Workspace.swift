import KPICore

/// A workspace read from its folder: checked, resolved, unit-checked.
package struct Workspace: Sendable {
    package var folder: String
    package var name: Bilingual
    package var locale: Language
    package var calendar: BusinessCalendar
    package var currency: String
    /// The folder that files of sources are relative to, where the workspace names one.
    package var dataFolder: String?
    /// A table beside the files of sources that says what they cover, where the workspace names one.
    package var coverageFile: String?
    /// Overrides of the engine: library path, memory limit, threads.
    package var engine: EngineSettings
    package var datasets: [Dataset] = []
    package var organisation: Organisation?
    package var sources: [Source] = []
    package var cards: [Card] = []
    package var verifications: [Verification] = []
    package var provenance = ProvenanceRules()

    /// The lookup measure that a measure stays inside of, and its levels as dimensions.
    package func limits(of measure: Measure) -> (use: MeasureUse, dimensions: [String])? {
        guard let name = measure.inside,
            let dataset = datasets.first(where: { $0.measure(name)?.lookup != nil }),
            let lookup = dataset.measure(name)?.lookup
        else { return nil }
        let dimensions = lookup.levels.compactMap { column in
            dataset.dimensions.first {
                if case .column([], column) = $0.expression.node { true } else { false }
            }?.id
        }
        return (MeasureUse(dataset: dataset.id, measure: name), dimensions)
    }

    /// The folder of the data, as a path; of a relative one from the workspace on.
    package var dataPath: String? {
        dataFolder.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
    }

    package func dataset(_ id: String) -> Dataset? { datasets.first { $0.id == id } }
    package func card(_ id: String) -> Card? { cards.first { $0.id == id } }
    package func verification(_ id: String) -> Verification? {
        verifications.first { $0.id == id }
    }

    /// The measure of a use. The use was resolved against this workspace, so it exists.
    package func measure(_ use: MeasureUse) -> Measure {
        var measure = dataset(use.dataset)!.measure(use.measure)!
        if let moment = use.moment { measure.stock?.moment = moment }
        return use.parameters.isEmpty ? measure : measure.setting(use.parameters)
    }
}

package struct EngineSettings: Sendable, Hashable {
    package var library: String?
    package var memoryLimit: String?
    package var threads: Int?

    package init() {}
}
