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
        for dataset in Set(uses.map(\.dataset)).sorted() {
            for source in workspace.sources where source.dataset == dataset {
                parts.append("mapping \(source.signature(calendar.zone))")
            }
        }
        return parts.joined(separator: "\n")
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
