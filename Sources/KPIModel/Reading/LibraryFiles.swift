import KPICore
import KPIFormula
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

    /// The cards that are taken: those of the list, and those that these and the `others` name in their
    /// formulas. Nil: all.
    ///
    /// - Parameter measures: whose names are no KPI's.
    func wanted(
        among known: [String: Field], others: [String], measures: Set<String>
    ) -> Set<String>? {
        guard let cards else { return nil }
        let listed = cards.compactMap(\.string)
        let needed = Self.named(by: listed + others, among: known, measures)
        return Set(listed).union(needed)
    }

    /// The cards that formulas and variants of these cards name, and that those name in turn.
    private static func named(
        by ids: [String], among known: [String: Field], _ measures: Set<String>
    ) -> Set<String> {
        var found: Set<String> = []
        var pending = ids
        while let next = pending.popLast() {
            guard let card = known[next]?.mapping(CardReader.known) else { continue }
            let variants = (card["variants"]?.list ?? [])
                .compactMap { $0.mapping(CardChoice.variantFields) }
            for formula in ([card] + variants).compactMap({ $0["formula"]?.formula }) {
                let ids = formula.tree.names.subtracting(measures).map {
                    $0.replacing("_", with: "-")
                }
                pending += ids.filter { known[$0] != nil && found.insert($0).inserted }
            }
        }
        return found
    }

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

    /// The ids that the cards in a file of `kpis/` extend.
    static func extended(_ file: Field) -> [String] {
        let cards = file.node["kpis"]?.sequence.map(Array.init) ?? []
        return cards.compactMap { card in
            let base = card["extends"]?.string
            return base == "library" ? card["id"]?.string : base
        }
    }

    /// The ids in a file of `kpis/`.
    static func cards(_ file: Field) -> [String] {
        (file.node["kpis"]?.sequence.map(Array.init) ?? []).compactMap { $0["id"]?.string }
    }
}
