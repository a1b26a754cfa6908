import KPICore

/// Whether the columns that a card reads were recorded by those who should, and whether somebody collects
/// the figures that judge them.
struct CardProvenance {
    let workspace: Workspace

    func check(_ card: Card, _ fields: [String: Field]) {
        guard card.formula.node != .missing else { return }
        let refuses = workspace.provenance.satisfaction == .refuse
        let read = columns(of: card)
        if let required = card.requiredProvenance {
            let other = read.filter { $0.column.provenance != required }
            if !other.isEmpty {
                fields["requires_provenance"]?.report(
                    .provenanceDiffers(
                        kpi: card.id, required: required.rawValue,
                        columns: other.map { "\($0.dataset).\($0.column.name)" },
                        found: other.map { $0.column.provenance?.rawValue ?? "not stated" },
                        refuses: refuses))
            }
        }
        let isSatisfaction =
            card.requiredProvenance == .thirdParty
            || read.contains { $0.column.provenance == .thirdParty }
        if isSatisfaction, let collector = card.collector, let assessed = card.assessed,
            Self.isSame(collector, assessed)
        {
            fields["collector"]?.report(
                .assessedCollects(collector, kpi: card.id, refuses: refuses))
        }
    }

    /// Columns of the measures' own datasets that decide about their values, in order, each once.
    private func columns(of card: Card) -> [(dataset: String, column: ColumnDefinition)] {
        var seen: Set<ColumnUse> = []
        var found: [(dataset: String, column: ColumnDefinition)] = []
        for use in card.formula.node.measures {
            let expressions =
                workspace.measure(use).expressions + [use.filter].compactMap { $0 }
            for read in expressions.flatMap({ $0.columnUses(on: use.dataset) })
            where read.path.isEmpty && read.dataset == use.dataset && seen.insert(read).inserted {
                if let column = workspace.dataset(use.dataset)?.column(read.name) {
                    found.append((use.dataset, column))
                }
            }
        }
        return found
    }

    /// Whatever case and blanks they are written with.
    static func isSame(_ a: String, _ b: String) -> Bool {
        func plain(_ text: String) -> String { text.lowercased().filter { !$0.isWhitespace } }
        return plain(a) == plain(b)
    }
}
