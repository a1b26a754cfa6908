import KPICore

/// A workspace read from its folder: checked, resolved, unit-checked.
package struct Workspace: Sendable {
    package var folder: String
    package var name: Bilingual
    package var locale: Language
    package var calendar: BusinessCalendar
    package var currency: String
    /// Overrides of the engine: library path, memory limit, threads.
    package var engine: EngineSettings
    package var datasets: [Dataset] = []
    package var sources: [Source] = []
    package var cards: [Card] = []

    package func dataset(_ id: String) -> Dataset? { datasets.first { $0.id == id } }
    package func card(_ id: String) -> Card? { cards.first { $0.id == id } }

    /// The measure of a use. The use was resolved against this workspace, so it exists.
    package func measure(_ use: MeasureUse) -> Measure {
        dataset(use.dataset)!.measure(use.measure)!
    }
}

package struct EngineSettings: Sendable, Hashable {
    package var library: String?
    package var memoryLimit: String?
    package var threads: Int?

    package init() {}
}
