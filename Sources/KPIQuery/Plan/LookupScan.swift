import KPICore
import KPIModel

/// Planned, estimated and stated figures: the rows of a measure with `lookup`, which are few and are
/// looked up at home.
///
/// Columns: `from` and `to` as instants, `value`, the member `d0`, `d1`, … of each dimension, and the plain
/// values of what decides which rows are comparable: `l0`, … of its levels, `e0`, … of its exact columns,
/// `u0`, … of the levels of the organisation, `p` of the person.
extension ScanBuilder {
    /// - Returns: nil where nothing is loaded.
    func lookupScan(_ use: MeasureUse, _ dimensions: [String]) throws(Diagnostics) -> Scan? {
        let measure = workspace.measure(use)
        guard facts[use.dataset] != nil, let lookup = measure.lookup,
            let validity = workspace.dataset(use.dataset)?.validity
        else { return nil }
        let context = try ScanContext(
            builder: self, key: ScanKey(measure, in: workspace), records: .always)
        let dataset = context.dataset
        var compiler = context.compiler()
        let type = dataset.column(validity.from)!.type
        let known = dimensions.filter { dataset.dimension($0) != nil }
        var columns: [SQLText] = [
            "\(instant("\(name: "r").\(name: validity.from)", type)) AS \(name: "from")",
            "\(instant("\(name: "r").\(name: validity.to)", type)) AS \(name: "to")",
        ]
        let value = measure.aggregate.argument.map { compiler.sql($0) } ?? "1"
        columns.append("\(value) AS \(name: "value")")
        for (index, id) in known.enumerated() {
            columns.append("\(context.member(id, &compiler)) AS \(name: "d\(index)")")
        }
        func plain(_ prefix: String, _ expressions: [RowExpression]) {
            for (index, expression) in expressions.enumerated() {
                columns.append(
                    "CAST(\(compiler.sql(expression)) AS VARCHAR) AS \(name: prefix + "\(index)")")
            }
        }
        func own(_ names: [String]) -> [RowExpression] {
            names.map { RowExpression(.column(path: [], name: $0), type: dataset.column($0)!.type) }
        }
        plain("l", own(lookup.levels))
        plain("e", own(lookup.exact))
        let route = measure.attribution.route ?? dataset.route
        if route?.isExact == true {
            plain("u", unitLevels(dataset, route).map(\.expression))
            plain("p", person(dataset, route).map { [$0] } ?? [])
        }
        let conditions =
            ["TRUE"]
            + [measure.condition, use.filter, context.filter].compactMap { $0 }.map {
                compiler.sql($0, isCondition: true)
            }
        let statement: SQLText = """
            SELECT \(columns) FROM \(dialect.table(dataset.id)) AS \(name: "r")\(compiler.joinClauses()) \
            WHERE \(conditions, separator: " AND ")
            """
        return Scan(
            key: context.key, shape: .lookup, statement: statement, windowTable: nil,
            boundsTable: nil,
            layout: ScanLayout(
                dimensions: known, sets: [:],
                measures: [LaidOutMeasure(use: use, value: "value", count: "", open: nil)],
                windows: []))
    }

    /// The levels between company and person along a route.
    private func unitLevels(_ dataset: Dataset, _ route: AttributionRoute?) -> [Dimension] {
        guard let organisation = workspace.organisation else { return [] }
        return organisation.levels.compactMap {
            workspace.dimension($0.id, of: dataset, along: route)
        }
    }

    private func person(_ dataset: Dataset, _ route: AttributionRoute?) -> RowExpression? {
        guard route?.person != nil else { return nil }
        return workspace.dimension("person", of: dataset, along: route)?.expression
    }
}
