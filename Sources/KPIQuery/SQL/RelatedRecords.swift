import KPICore
import KPIFormula
import KPIModel

/// `exists` and `related`: subqueries on other records that never multiply the ones they are seen from.
extension RowCompiler {
    mutating func exists(_ related: Related) -> SQLText {
        var (inner, conditions) = inner(related, [related.condition])
        let condition = inner.sql(related.condition, isCondition: true)
        conditions.append(condition)
        return "EXISTS (SELECT 1 \(inner.source(conditions)))"
    }

    mutating func related(
        _ aggregate: Aggregate, _ filter: RowExpression?, _ related: Related
    ) -> SQLText {
        let parts = aggregate.expressions + [filter].compactMap { $0 } + [related.condition]
        var (inner, conditions) = inner(related, parts)
        let value = inner.aggregate(aggregate, filter)
        conditions.append(inner.sql(related.condition, isCondition: true))
        let subquery: SQLText = "(SELECT \(value) \(inner.source(conditions)))"
        switch aggregate.kind {
        case .count, .distinct: return "coalesce(\(subquery), 0)"
        case .sum: return "coalesce(\(subquery), 0)"
        default: return subquery
        }
    }

    /// A compiler for the records of another dataset, and what makes them have happened.
    mutating func inner(
        _ related: Related, _ expressions: [RowExpression]
    ) -> (RowCompiler, [SQLText]) {
        let target = workspace.dataset(related.dataset)!
        var inner = RowCompiler(
            workspace: workspace, dataset: target, dialect: dialect, asOf: asOf,
            alias: alias + "x")
        inner.special = special.filter { $0.key == .periodStart || $0.key == .periodEnd }
        var outer: [RowExpression] = []
        for expression in expressions { Self.gatherOuter(expression, into: &outer) }
        for expression in outer {
            guard case .outer(let own) = expression.node else { continue }
            inner.special[expression.node] = sql(own)
        }
        guard let asOf, let time = target.timeColumns.first(where: { isRecorded($0, target) })
        else {
            return (inner, [])
        }
        let column: SQLText = "\(name: inner.alias).\(name: time)"
        let bound: Scalar =
            target.column(time)!.type == .date
            ? .date(Int32(workspace.calendar.firstDay(notBefore: asOf)))
            : .timestamp(asOf, utc: true)
        return (inner, ["coalesce(\(column) < \(value: bound), TRUE)"])
    }

    private func isRecorded(_ column: String, _ dataset: Dataset) -> Bool {
        dataset.column(column)?.isPlanned == false
    }

    /// `this.…` of this level, not of subqueries inside.
    private static func gatherOuter(
        _ expression: RowExpression, into found: inout [RowExpression]
    ) {
        switch expression.node {
        case .outer: if !found.contains(expression) { found.append(expression) }
        case .exists, .related, .paused:
            // What these call outer is the record between.
            gatherBetween(expression, into: &found)
        default: for child in expression.node.children { gatherOuter(child, into: &found) }
        }
    }

    /// Inside a subquery of a subquery: `this` means the record between, which may itself stand on
    /// the outer one.
    private static func gatherBetween(
        _ expression: RowExpression, into found: inout [RowExpression]
    ) {
        for child in expression.node.children {
            if case .outer(let own) = child.node {
                gatherOuter(own, into: &found)
            } else {
                gatherBetween(child, into: &found)
            }
        }
    }

    func source(_ conditions: [SQLText]) -> SQLText {
        """
        FROM \(dialect.table(dataset.id)) AS \(name: alias)\(joinClauses()) \
        WHERE \(conditions, separator: " AND ")
        """
    }

    /// An aggregate over the records of this compiler's table.
    mutating func aggregate(_ aggregate: Aggregate, _ filter: RowExpression?) -> SQLText {
        let values = aggregate.argument.map { sql($0) }
        let order = aggregate.order.map { sql($0) }
        let chosen: SQLText = filter.map { " FILTER (WHERE \(sql($0, isCondition: true)))" } ?? ""
        return dialect.aggregate(aggregate, values, order: order, filter: chosen)
    }
}

extension Dialect {
    /// An aggregate as the engine spells it.
    ///
    /// - Parameters:
    ///   - filter: ` FILTER (WHERE …)`, or nothing.
    func aggregate(
        _ aggregate: Aggregate, _ argument: SQLText?, order: [SQLText] = [], filter: SQLText
    ) -> SQLText {
        guard let argument else { return "count(*)\(filter)" }
        switch aggregate.kind {
        case .count: return "count(\(argument))\(filter)"
        case .distinct: return "count(DISTINCT \(argument))\(filter)"
        case .sum: return "sum(\(argument))\(filter)"
        case .mean: return "avg(\(argument))\(filter)"
        case .min: return "min(\(argument))\(filter)"
        case .max: return "max(\(argument))\(filter)"
        case .stddev: return "stddev_samp(\(argument))\(filter)"
        case .median, .percentile:
            let half = ExactDecimal(mantissa: 5, scale: 1)
            return "\(median(argument, aggregate.fraction ?? half))\(filter)"
        case .latest: return "arg_max(\(argument), row(\(order)))\(filter)"
        case .earliest: return "arg_min(\(argument), row(\(order)))\(filter)"
        }
    }
}
