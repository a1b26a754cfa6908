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
        let named = Library.cards(namedBy: listed + others, measures: measures) { id in
            known[id]?.mapping(CardReader.known).map(Self.formulas)
        }
        return Set(listed).union(named)
    }

    /// Of a card and of its variants.
    private static func formulas(_ card: [String: Field]) -> [Expression] {
        let variants = (card["variants"]?.list ?? [])
            .compactMap { $0.mapping(CardChoice.variantFields) }
        return ([card] + variants).compactMap { $0["formula"]?.formula?.tree }
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

extension Library {
    /// The cards that formulas of these cards name, and that those name in turn, in the order they are met.
    ///
    /// - Parameters:
    ///   - measures: whose names are no card's.
    ///   - formulas: of a card and of its variants; nil where there is no such card.
    package static func cards(
        namedBy ids: [String], measures: Set<String>, formulas: (String) -> [Expression]?
    ) -> [String] {
        var found: [String] = []
        var pending = ids
        while let next = pending.popLast() {
            let names = (formulas(next) ?? []).reduce(into: Set<String>()) {
                $0.formUnion($1.names)
            }
            for name in names.subtracting(measures).sorted() {
                let id = name.replacing("_", with: "-")
                guard !found.contains(id), formulas(id) != nil else { continue }
                found.append(id)
                pending.append(id)
            }
        }
        return found
    }
}
