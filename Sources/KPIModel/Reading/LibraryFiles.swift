import KPICore
import Yams

/// What a workspace takes from the library: its datasets, and all of its cards or some.
struct LibraryFiles {
    /// Nil: all.
    private let cards: [Field]?

    /// `library: true`, or a list of KPIs. Nil: nothing.
    init?(_ field: Field) {
        if field.isSequence {
            cards = field.list ?? []
        } else if field.bool == true {
            cards = nil
        } else {
            return nil
        }
    }

    func has(_ card: String) -> Bool { cards?.contains { $0.isWord(card) } ?? true }

    /// Every KPI of the list must be one of the library.
    func check(among known: [String]) {
        for field in cards ?? [] {
            guard let id = field.string, !known.contains(id) else { continue }
            field.report(.unknownKPI(id, closest: NearMatch.closest(to: id, among: known)))
        }
    }

    /// The id in a file of `datasets/`, without a finding where there is none.
    static func dataset(_ file: Field) -> String? { file.node["dataset"]?.string }

    /// The cards of files of `kpis/` by their ids.
    static func cardFields(_ files: [Field]) -> [String: Field] {
        let cards = files.flatMap { $0.entries?.first { $0.key == "kpis" }?.field.list ?? [] }
        return Dictionary(
            cards.compactMap { card in card.node["id"]?.string.map { ($0, card) } }
        ) { first, _ in first }
    }

    /// The ids in a file of `kpis/`.
    static func cards(_ file: Field) -> [String] {
        (file.node["kpis"]?.sequence.map(Array.init) ?? []).compactMap { $0["id"]?.string }
    }
}
