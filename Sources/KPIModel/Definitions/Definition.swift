import KPICore

/// The definition of a KPI as one text: what its version is the hash of.
///
/// Formula and measures in resolved form, the calendar, and the mappings of the datasets behind it.
/// Labels and other words for people are not in it, nor is the language a formula was written in.
package enum Definition {
    package static func text(of card: Card, in workspace: Workspace) -> String {
        var parts = ["formula \(card.formula.node)", "unit \(card.formula.unit)"]
        let uses = card.formula.node.measures
        for use in uses {
            let measure = workspace.measure(use)
            parts.append(
                "measure \(measure.aggregate) \(text(measure.condition)) \(measure.timeColumn) "
                    + "\(text(measure.open)) \(measure.entity.map { "\($0)" } ?? "-")")
        }
        let calendar = workspace.calendar
        parts.append(
            "calendar \(calendar.zone.identifier) \(calendar.weekStart) \(calendar.fiscalStart)")
        var datasets = Set(uses.map(\.dataset))
        for use in uses {
            for path in paths(of: use, workspace.measure(use)) {
                var current = workspace.dataset(use.dataset)!
                for step in path {
                    let reference = current.reference(step)!
                    parts.append("reference \(current.id) \(reference)")
                    current = workspace.dataset(reference.target)!
                    datasets.insert(current.id)
                }
            }
        }
        for dataset in datasets.sorted() {
            parts.append("key \(dataset) \(workspace.dataset(dataset)!.key)")
            for source in workspace.sources where source.dataset == dataset {
                parts.append("mapping \(source.mode) \(source.signature(calendar.zone))")
            }
        }
        return parts.joined(separator: "\n")
    }

    /// Paths of references that a measure follows, sorted, each once.
    private static func paths(of use: MeasureUse, _ measure: Measure) -> [[String]] {
        var found: Set<[String]> = []
        func gather(_ expression: RowExpression) {
            if case .column(let path, _) = expression.node, !path.isEmpty { found.insert(path) }
            expression.node.children.forEach(gather)
        }
        let expressions = [
            measure.aggregate.argument, measure.condition, measure.open, measure.entity?.key,
            measure.entity?.having, use.filter,
        ]
        expressions.compactMap { $0 }.forEach(gather)
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func text(_ expression: RowExpression?) -> String {
        expression.map { "\($0)" } ?? "-"
    }
}

extension Source {
    /// Everything in a mapping that shapes records, as one text.
    package func signature(_ workspaceZone: Zone) -> String {
        let columns = columns.map { mapping in
            let values = (mapping.values ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key)→\($0.value)" }
            return "\(mapping.column)=\(mapping.from)|\(mapping.pattern?.text ?? "")|\(values)"
                + "|\(mapping.missing)|\(mapping.isClosedList)"
        }
        return [
            "\(columns)", "\(derived)", collapse.map { "\($0)" } ?? "-", "\(missing)",
            "\(decimalComma)", encoding.rawValue, (zone ?? workspaceZone).identifier,
            delimiter ?? "-", sheet ?? "-",
        ].joined(separator: ";")
    }
}
