import KPICore
import KPIModel

/// Gathers the aggregates that several measures need on one scan, each expression once.
struct AggregateList {
    /// Expressions of a record, columns `x0`, `x1`, … of the inner select.
    private(set) var inputs: [SQLText] = []
    /// Aggregates over them, columns `v0`, `v1`, … of the answer.
    private(set) var outputs: [SQLText] = []

    mutating func input(_ sql: SQLText) -> SQLText {
        let index = inputs.firstIndex(of: sql) ?? inputs.count
        if index == inputs.count { inputs.append(sql) }
        return "\(name: "$x\(index)")"
    }

    mutating func output(_ sql: SQLText) -> String {
        let index = outputs.firstIndex(of: sql) ?? outputs.count
        if index == outputs.count { outputs.append(sql) }
        return "v\(index)"
    }

    var inputColumns: [SQLText] {
        inputs.enumerated().map { "\($1) AS \(name: "$x\($0)")" }
    }

    var outputColumns: [SQLText] {
        outputs.enumerated().map { "\($1) AS \(name: "v\($0)")" }
    }

    /// The columns of a measure: value (sum for a mean), count, open.
    ///
    /// - Parameter intervals: whether what an interval needs is computed too.
    mutating func add(
        _ use: MeasureUse, _ measure: Measure, intervals: Bool, _ compiler: inout RowCompiler
    ) -> LaidOutMeasure {
        let conditions = [measure.condition, use.filter].compactMap { $0 }
        let condition = RowExpression.all(conditions).map {
            input(compiler.sql($0, isCondition: true))
        }
        let filter: SQLText = condition.map { " FILTER (WHERE \($0))" } ?? ""
        let open = measure.open.map { open -> String in
            let all = RowExpression.all(conditions + [open])!
            let column = input(compiler.sql(all, isCondition: true))
            return output("count(*) FILTER (WHERE \(column))")
        }
        guard let argument = measure.aggregate.argument else {
            let count = output("count(*)\(filter)")
            return LaidOutMeasure(use: use, value: count, count: count, open: open)
        }
        let x = input(compiler.sql(argument))
        let count =
            measure.aggregate.kind == .distinct
            ? output("count(DISTINCT \(x))\(filter)") : output("count(\(x))\(filter)")
        let value = output(value(measure.aggregate, x, filter, compiler.dialect))
        var columns = LaidOutMeasure(use: use, value: value, count: count, open: open)
        if intervals { addBounds(&columns, measure.aggregate.kind, x, condition) }
        return columns
    }

    /// What the interval of a mean or median needs beside the value.
    ///
    /// The bounds of a median are the r-th smallest and r-th largest value with
    /// r = ⌊(n + 1) ÷ 2 − 0.98 √n⌋: the normal approximation of the binomial order statistics.
    private mutating func addBounds(
        _ columns: inout LaidOutMeasure, _ kind: Aggregate.Kind, _ x: SQLText,
        _ condition: SQLText?
    ) {
        let chosen: SQLText = condition.map { "\(x) IS NOT NULL AND \($0)" } ?? "\(x) IS NOT NULL"
        switch kind {
        case .mean:
            let square: SQLText = "CAST(\(x) AS DOUBLE) * CAST(\(x) AS DOUBLE)"
            columns.squares = output("sum(\(square)) FILTER (WHERE \(chosen))")
        case .median:
            let n: SQLText = "count(*) FILTER (WHERE \(chosen))"
            let rank: SQLText = "CAST(floor((\(n) + 1) / 2.0 - 0.98 * sqrt(\(n))) AS BIGINT)"
            let values: SQLText = "list_sort(list(\(x)) FILTER (WHERE \(chosen)))"
            func bound(_ place: SQLText) -> SQLText {
                """
                CASE WHEN \(rank) >= 1 THEN CAST(list_extract(\(values), \(place)) AS DOUBLE) END
                """
            }
            columns.low = output(bound(rank))
            columns.high = output(bound("\(n) + 1 - \(rank)"))
        default: break
        }
    }

    private func value(
        _ aggregate: Aggregate, _ x: SQLText, _ filter: SQLText, _ dialect: Dialect
    ) -> SQLText {
        switch aggregate.kind {
        case .count: "count(\(x))\(filter)"
        case .distinct: "count(DISTINCT \(x))\(filter)"
        case .sum, .mean: "sum(\(x))\(filter)"
        case .min: "min(\(x))\(filter)"
        case .max: "max(\(x))\(filter)"
        case .median:
            "\(dialect.median(x, ExactDecimal(mantissa: 5, scale: 1)))\(filter)"
        case .percentile: "\(dialect.median(x, aggregate.fraction!))\(filter)"
        case .stddev, .latest, .earliest: dialect.aggregate(aggregate, x, filter: filter)
        }
    }
}
