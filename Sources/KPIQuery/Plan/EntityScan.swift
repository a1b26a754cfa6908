import KPICore
import KPIModel

/// Entity measures: records are aggregated by the key in every window and group first, then the
/// entities that satisfy the condition are counted or summed.
extension ScanContext {
    func entityScan(_ demands: [Demand], table: String) throws(Diagnostics) -> Scan {
        let use = demands[0].use
        let measure = builder.workspace.measure(use)
        let windows = ordered(demands)
        let groupings = Set(demands.map(\.grouping)).sorted { $0.lexicographicallyPrecedes($1) }
        let dimensions = Set(groupings.joined()).sorted()
        let parts = entityParts(use, measure, windows, groupings, dimensions, table: table)
        let filter: SQLText = parts.having.map { " FILTER (WHERE \($0))" } ?? ""
        let argument = parts.argument
        let count: SQLText = argument.map { "count(\($0))\(filter)" } ?? "count(*)\(filter)"
        let value = outerAggregate(measure.aggregate, argument, filter)
        let groups: [SQLText] = (["w", "g"] + dimensions.indices.map { "d\($0)" }).map {
            "\(name: "e").\(name: $0)"
        }
        let statement: SQLText = """
            SELECT \(groups), \(value) AS \(name: "v0"), \(count) AS \(name: "v1") \
            FROM \(parts.source) GROUP BY \(groups)
            """
        return Scan(
            key: self.key, shape: .windows, statement: statement,
            windowTable: (table, windowTable(windows)),
            boundsTable: (table + "_bounds", boundsTable(windows)),
            layout: ScanLayout(
                dimensions: dimensions, sets: setIDs(groupings, dimensions),
                measures: [LaidOutMeasure(use: use, value: "v0", count: "v1", open: nil)],
                windows: windows))
    }

    /// The keys that an entity measure counts in one window and group.
    ///
    /// Needs the tables `plumb_windows_keys` and `plumb_windows_keys_bounds` of that window.
    func entityKeys(
        _ use: MeasureUse, _ measure: Measure, _ window: CoveredWindow,
        _ members: [(dimension: String, value: String)]
    ) throws(Diagnostics) -> SQLText {
        let dimensions = members.map(\.dimension).sorted()
        let parts = entityParts(
            use, measure, [window], [dimensions], dimensions, table: Self.keyTable)
        var conditions = [parts.having].compactMap { $0 }
        for (index, dimension) in dimensions.enumerated() {
            let value = members.first { $0.dimension == dimension }!.value
            conditions.append("\(name: "e").\(name: "d\(index)") = \(value: .text(value))")
        }
        if let argument = parts.argument { conditions.append("\(argument) IS NOT NULL") }
        let filter: SQLText =
            conditions.isEmpty ? "" : " WHERE \(conditions, separator: " AND ")"
        return """
            SELECT CAST(\(name: "e").\(name: "k") AS VARCHAR) AS \(name: "key") \
            FROM \(parts.source)\(filter) ORDER BY 1
            """
    }

    static var keyTable: String { "plumb_windows_keys" }

    /// Entities in windows and groups as the table `e` with their aggregates, bounds as `p`.
    private struct EntityParts {
        var source: SQLText
        var having: SQLText?
        var argument: SQLText?
    }

    private func entityParts(
        _ use: MeasureUse, _ measure: Measure, _ windows: [CoveredWindow], _ groupings: [[String]],
        _ dimensions: [String], table: String
    ) -> EntityParts {
        let rule = measure.entity!
        var compiler = compiler()
        let key = compiler.sql(rule.key)
        let conditions = (measure.condition?.conjuncts ?? []) + (use.filter?.conjuncts ?? [])
        let history = history(rule, measure, conditions, &compiler)
        compiler.special.merge(history.columns) { $1 }
        let chosen = conditions.map { compiler.sql($0, isCondition: true) }
        let members: [SQLText] = dimensions.enumerated().map {
            "\(member($1, &compiler)) AS \(name: "d\($0)")"
        }
        var inner = EntityAggregates()
        inner.gather([rule.having, measure.aggregate.argument].compactMap { $0 }, &compiler)
        let records = recordsInWindows(
            windows, table: table,
            columns: ["\(key) AS \(name: "k")"] + members + inner.inputColumns
                + history.selected,
            joins: history.join,
            conditions: chosen + ["\(key) IS NOT NULL"], &compiler)
        let columns = dimensions.indices.map { "d\($0)" }
        let entities: SQLText = """
            SELECT \(name: "w"), \(setColumn(columns)) AS \(name: "g")\(columns.map { ", \(name: $0)" as SQLText }, separator: ""), \
            \(name: "k")\(inner.outputColumns.map { ", \($0)" as SQLText }, separator: "")\(history.carried, separator: "") \
            FROM (\(records)) AS \(name: "s") \
            GROUP BY GROUPING SETS (\(groupingSets(groupings, dimensions, first: ["w"], last: ["k"])))
            """
        var outer = self.compiler()
        outer.special = inner.columns.merging(history.carriedColumns) { a, _ in a }
        let outerParts = [rule.having, measure.aggregate.argument].compactMap { $0 }
        outer.special.merge(periodTests(outerParts, &outer)) { a, _ in a }
        let source: SQLText = """
            (\(entities)) AS \(name: "e") JOIN \(name: table + "_bounds") AS \(name: "p") \
            ON \(name: "p").\(name: "w") = \(name: "e").\(name: "w")
            """
        return EntityParts(
            source: source, having: rule.having.map { outer.sql($0, isCondition: true) },
            argument: measure.aggregate.argument.map { outer.sql($0) })
    }

    /// A mean leaves the engine as its sum; the count stands beside it.
    private func outerAggregate(
        _ aggregate: Aggregate, _ argument: SQLText?, _ filter: SQLText
    ) -> SQLText {
        var summed = aggregate
        if aggregate.kind == .mean { summed.kind = .sum }
        return builder.dialect.aggregate(summed, argument, filter: filter)
    }

    // MARK: ever(…)

    private struct History {
        var join: SQLText = ""
        /// In conditions on records.
        var columns: [RowExpression.Node: SQLText] = [:]
        /// Into the records in windows, and through the aggregation by entity.
        var selected: [SQLText] = []
        var carried: [SQLText] = []
        /// In conditions on entities.
        var carriedColumns: [RowExpression.Node: SQLText] = [:]
    }

    /// The aggregates over all records of an entity before as-of, joined by its key.
    private func history(
        _ rule: EntityRule, _ measure: Measure, _ conditions: [RowExpression],
        _ outer: inout RowCompiler
    ) -> History {
        var nodes: [RowExpression.Node] = []
        let parts = conditions + [rule.having, measure.aggregate.argument].compactMap { $0 }
        for part in parts { gatherEver(part, into: &nodes) }
        guard !nodes.isEmpty else { return History() }
        var history = History()
        var compiler = compiler()
        let key = compiler.sql(rule.key)
        let own = measure.condition?.conjuncts ?? []
        let plain = own.filter { !$0.usesEver && !$0.usesPeriod }.map {
            compiler.sql($0, isCondition: true)
        }
        var list: [SQLText] = []
        for (index, node) in nodes.enumerated() {
            guard case .ever(let aggregate, let filter) = node else { continue }
            let condition = filter.map { compiler.sql($0, isCondition: true) }
            let argument = aggregate.argument.map { compiler.sql($0) }
            let order = aggregate.order.map { compiler.sql($0) }
            let sql = builder.dialect.aggregate(
                aggregate, argument, order: order,
                filter: condition.map { " FILTER (WHERE \($0))" } ?? "")
            list.append("\(sql) AS \(name: "h\(index)")")
            history.columns[node] = "\(name: "h").\(name: "h\(index)")"
            history.selected.append("\(name: "h").\(name: "h\(index)")")
            history.carried.append(", any_value(\(name: "h\(index)")) AS \(name: "h\(index)")")
            history.carriedColumns[node] = "\(name: "e").\(name: "h\(index)")"
        }
        let all = [isBeforeAsOf("r")] + plain
        history.join = """
             JOIN (SELECT \(key) AS \(name: "k"), \(list) FROM \(builder.dialect.table(self.key.dataset)) AS \(name: "r")\
            \(compiler.joinClauses()) WHERE \(all, separator: " AND ") GROUP BY 1) AS \(name: "h") \
            ON \(name: "h").\(name: "k") = \(outer.sql(rule.key))
            """
        return history
    }

    private func gatherEver(_ expression: RowExpression, into nodes: inout [RowExpression.Node]) {
        if case .ever = expression.node {
            if !nodes.contains(expression.node) { nodes.append(expression.node) }
            return
        }
        for child in expression.node.children { gatherEver(child, into: &nodes) }
    }

    /// `in_period(t)` as a comparison with the bounds of the window.
    private func periodTests(
        _ expressions: [RowExpression], _ compiler: inout RowCompiler
    ) -> [RowExpression.Node: SQLText] {
        var tests: [RowExpression.Node: SQLText] = [:]
        func gather(_ expression: RowExpression) {
            if case .inPeriod(let time) = expression.node {
                let value = compiler.sql(time)
                let (low, high): (SQLText, SQLText) =
                    time.type == .date
                    ? ("\(name: "p").\(name: "first")", "\(name: "p").\(name: "end")")
                    : ("\(name: "p").\(name: "lo")", "\(name: "p").\(name: "hi")")
                tests[expression.node] =
                    "coalesce(\(value) >= \(low) AND \(value) < \(high), FALSE)"
            }
            for child in expression.node.children { gather(child) }
        }
        for expression in expressions { gather(expression) }
        return tests
    }
}

/// The aggregates of one entity that a condition or an outer aggregate needs.
private struct EntityAggregates {
    private(set) var list = AggregateList()
    private(set) var columns: [RowExpression.Node: SQLText] = [:]

    var inputColumns: [SQLText] { list.inputColumns }

    var outputColumns: [SQLText] {
        list.outputs.enumerated().map { "\($1) AS \(name: "a\($0)")" }
    }

    mutating func gather(_ expressions: [RowExpression], _ compiler: inout RowCompiler) {
        for expression in expressions { gather(expression, &compiler) }
    }

    private mutating func gather(_ expression: RowExpression, _ compiler: inout RowCompiler) {
        guard case .aggregate(let aggregate, let filter) = expression.node else {
            if case .ever = expression.node { return }
            for child in expression.node.children { gather(child, &compiler) }
            return
        }
        let condition = filter.map { list.input(compiler.sql($0, isCondition: true)) }
        let suffix: SQLText = condition.map { " FILTER (WHERE \($0))" } ?? ""
        let argument = aggregate.argument.map { list.input(compiler.sql($0)) }
        let order = aggregate.order.map { list.input(compiler.sql($0)) }
        let sql = compiler.dialect.aggregate(aggregate, argument, order: order, filter: suffix)
        let index = list.output(sql).dropFirst()
        columns[expression.node] = "\(name: "e").\(name: "a\(index)")"
    }
}
