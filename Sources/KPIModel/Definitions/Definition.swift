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
                    + "\(text(measure.open)) \(measure.entity.map { "\($0)" } ?? "-")"
                    + further(measure))
        }
        let calendar = workspace.calendar
        parts.append(
            "calendar \(calendar.zone.identifier) \(calendar.weekStart) \(calendar.fiscalStart)"
                + (calendar.fiscalWeeks.map { " weeks \($0.signature)" } ?? ""))
        let read = uses.flatMap {
            workspace.measure($0).expressions + [$0.filter].compactMap { $0 }
        }
        parts += workspace.workingHours(of: read)
        var datasets = Set(uses.map(\.dataset))
        for use in uses {
            let read = columns(of: use, workspace.measure(use))
            datasets.formUnion(read.map(\.dataset))
            let paths = Set(read.filter { !$0.path.isEmpty }.map { [$0.dataset] + $0.path })
            for path in paths.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                var current = workspace.dataset(path[0])!
                for step in path.dropFirst() {
                    let reference = current.reference(step)!
                    parts.append("reference \(current.id) \(text(reference))")
                    current = workspace.dataset(reference.target)!
                    datasets.insert(current.id)
                }
            }
        }
        for dataset in datasets.sorted() {
            parts.append("key \(dataset) \(workspace.dataset(dataset)!.key)")
            for column in workspace.dataset(dataset)!.columns {
                if let computed = column.computed {
                    parts.append("computed \(column.name) \(computed)")
                }
            }
            for source in workspace.sources where source.dataset == dataset {
                parts.append("mapping \(source.mode) \(source.signature(calendar.zone))")
            }
        }
        return parts.joined(separator: "\n")
    }

    /// What only some measures have.
    private static func further(_ measure: Measure) -> String {
        var parts: [String] = []
        if let stock = measure.stock {
            let end = stock.to ?? (stock.isSnapshot ? "next snapshot" : "ever")
            parts.append("stock \(stock.from) \(end) \(stock.moment.rawValue)")
        }
        if let window = measure.window {
            parts.append("window \(window.count) \(window.isHours ? "hours" : "days")")
        }
        if let at = measure.attribution.at { parts.append("at \(at)") }
        if let route = measure.attribution.route {
            if let person = route.person { parts.append("person \(person)") }
            if let unit = route.unit { parts.append("unit \(unit)") }
        }
        if let inside = measure.inside { parts.append("inside \(inside)") }
        for lookback in measure.lookbacks {
            parts.append(
                (["lookback"] + [lookback.dataset].compactMap { $0 } + ["\(lookback.days)"])
                    .joined(separator: " "))
        }
        if let lookup = measure.lookup {
            parts.append("lookup \(lookup.kind.rawValue) \(lookup.levels) \(lookup.exact)")
        }
        return parts.map { " " + $0 }.joined()
    }

    /// Columns that a measure reads, here and behind references and in other datasets.
    private static func columns(of use: MeasureUse, _ measure: Measure) -> [ColumnUse] {
        (measure.expressions + [use.filter].compactMap { $0 })
            .flatMap { $0.columnUses(on: use.dataset) }
    }

    private static func text(_ reference: Reference) -> String {
        "\(reference.name) \(reference.target) \(reference.columns) \(reference.targetColumns)"
            + (reference.isTemporal
                ? " at \(reference.at ?? (reference.isAtClosing ? "closing" : "-"))\(reference.isJustBefore ? " just before" : "") where \(text(reference.condition))"
                : "")
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
        let parts = [
            "\(columns)", "\(derived)", collapse.map { "\($0)" } ?? "-", "\(missing)",
            "\(decimalComma)", encoding.rawValue, (zone ?? workspaceZone).identifier,
            delimiter ?? "-", sheet ?? "-",
        ]
        return (parts + (postgres.map { [$0.relation.signature] } ?? [])).joined(separator: ";")
    }
}
