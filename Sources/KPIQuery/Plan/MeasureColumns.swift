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
        return "\(name: "x\(index)")"
    }

    mutating func output(_ sql: SQLText) -> String {
        let index = outputs.firstIndex(of: sql) ?? outputs.count
        if index == outputs.count { outputs.append(sql) }
        return "v\(index)"
    }

    var inputColumns: [SQLText] {
        inputs.enumerated().map { "\($1) AS \(name: "x\($0)")" }
    }

    var outputColumns: [SQLText] {
        outputs.enumerated().map { "\($1) AS \(name: "v\($0)")" }
    }

    /// The columns of a measure: value (sum for a mean), count, open.
    mutating func add(
        _ use: MeasureUse, _ measure: Measure, _ compiler: inout RowCompiler
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
        return LaidOutMeasure(use: use, value: value, count: count, open: open)
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
        case .stddev: "stddev_samp(\(x))\(filter)"
        }
    }
}
