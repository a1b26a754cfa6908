import KPICore
import KPIFormula
import KPIModel

/// Compiles row expressions of one dataset to SQL over the alias `r` and the joins they need.
///
/// Comparisons with a missing operand are false and their negation true, as the language has it.
struct RowCompiler {
    let workspace: Workspace
    let dataset: Dataset
    let dialect: Dialect
    /// Recorded times at or after it read as missing; nil where nothing lies there.
    let asOf: Instant?
    /// The alias of the dataset's own columns.
    var alias: String = "r"
    /// SQL of `ever(…)`, of aggregates inside entity measures, of the record outside and of the
    /// bounds of the window.
    var special: [RowExpression.Node: SQLText] = [:]
    /// When history is looked up; nil: at the first time column of the dataset.
    var moment: Moment?
    /// Paths of references followed so far, in order; the alias is `j` and the index.
    private(set) var joins: [[String]] = []
    /// Instants whose working time is looked up, as their keys; the alias is `w` and the index.
    var clockKeys: [SQLText] = []

    init(
        workspace: Workspace, dataset: Dataset, dialect: Dialect, asOf: Instant?,
        alias: String = "r"
    ) {
        self.workspace = workspace
        self.dataset = dataset
        self.dialect = dialect
        self.asOf = asOf
        self.alias = alias
    }

    // MARK: Columns and joins

    private mutating func joinAlias(_ path: [String]) -> String {
        if path.isEmpty { return alias }
        if path.count > 1 { _ = joinAlias(Array(path.dropLast())) }
        if let index = joins.firstIndex(of: path) { return joinName(index) }
        joins.append(path)
        return joinName(joins.count - 1)
    }

    /// Inside a subquery other than outside it.
    private func joinName(_ index: Int) -> String {
        alias.hasSuffix("x") ? "\(alias)j\(index)" : "j\(index)"
    }

    /// What makes a record of the target the one in force; nothing for a plain reference.
    private func inForce(
        _ reference: Reference, _ path: [String], left: String, right: String
    ) -> [SQLText] {
        guard reference.isTemporal, let target = workspace.dataset(reference.target),
            let validity = target.validity
        else { return [] }
        let from: SQLText = "\(name: right).\(name: validity.from)"
        let to: SQLText = "\(name: right).\(name: validity.to)"
        let found = moment(of: path).isIn(from, to, target.column(validity.from)!.type)
        guard let condition = reference.condition else { return [found] }
        var inner = RowCompiler(
            workspace: workspace, dataset: target, dialect: dialect, asOf: nil, alias: right)
        return [found, inner.sql(condition, isCondition: true)]
    }

    /// The history joined so far: alias and the columns of its ranges.
    var temporalJoins: [(table: String, validity: Validity)] {
        joins.enumerated().compactMap { index, path in
            let owner = target(Array(path.dropLast()))
            guard let reference = owner.reference(path[path.count - 1]), reference.isTemporal,
                reference.at == nil, !reference.isAtClosing,
                let validity = workspace.dataset(reference.target)?.validity
            else { return nil }
            return (joinName(index), validity)
        }
    }

    /// The instant of a step: its own `at`, or that of the step before; or just before that.
    private func moment(of path: [String]) -> Moment {
        var moment = plainMoment(of: path)
        let owner = target(Array(path.dropLast()))
        if owner.reference(path[path.count - 1])!.isJustBefore { moment.isJustBefore = true }
        return moment
    }

    private func plainMoment(of path: [String]) -> Moment {
        let calendar = workspace.calendar
        for count in stride(from: path.count, to: 0, by: -1) {
            let owner = target(Array(path.prefix(count - 1)))
            let reference = owner.reference(path[count - 1])!
            if reference.isAtClosing {
                return Moment(
                    instant: special[.periodEnd] ?? "NULL", day: "\(name: "p").\(name: "end")",
                    isJustBefore: true)
            }
            guard let at = reference.at else { continue }
            let table =
                count == 1 ? alias : joinName(joins.firstIndex(of: Array(path.prefix(count - 1)))!)
            return moment(at, of: owner, alias: table)
        }
        if let moment { return moment }
        guard let time = dataset.timeColumns.first else {
            return Moment(instant: "NULL", day: "NULL")
        }
        return dialect.moment(time, of: dataset, alias: alias, calendar, asOf: nil)
    }

    /// The moment of a column as it is known at as-of: one that is computed of times of its own record is
    /// computed again, of those that were recorded by then.
    func moment(_ column: String, of owner: Dataset, alias: String) -> Moment {
        let calendar = workspace.calendar
        guard asOf != nil, let computed = owner.column(column)?.computed, !computed.isColumn,
            !computed.usesRelated,
            computed.columnUses(on: owner.id).allSatisfy({ $0.path.isEmpty })
        else { return dialect.moment(column, of: owner, alias: alias, calendar, asOf: asOf) }
        var inner = RowCompiler(
            workspace: workspace, dataset: owner, dialect: dialect, asOf: asOf, alias: alias)
        let known = inner.sql(computed)
        if owner.column(column)?.type == .date {
            return Moment(instant: dialect.midnight(known, calendar.zone), day: known)
        }
        return Moment(
            instant: known, day: "CAST(\(dialect.local(known, calendar.zone)) AS DATE)")
    }

    private func target(_ path: [String]) -> Dataset {
        path.reduce(dataset) { current, step in
            workspace.dataset(current.reference(step)!.target)!
        }
    }

    /// The left joins of every path followed, in the order they need.
    func joinClauses() -> SQLText {
        let clauses: [SQLText] = joins.enumerated().map { index, path in
            let owner = target(Array(path.dropLast()))
            let reference = owner.reference(path[path.count - 1])!
            let left =
                path.count == 1 ? alias : joinName(joins.firstIndex(of: Array(path.dropLast()))!)
            let right = joinName(index)
            var conditions: [SQLText] = zip(reference.columns, reference.targetColumns).map {
                "\(name: left).\(name: $0) = \(name: right).\(name: $1)"
            }
            conditions += inForce(reference, path, left: left, right: right)
            return
                " LEFT JOIN \(dialect.table(reference.target)) AS \(name: right) ON \(conditions, separator: " AND ")"
        }
        return "\(clauses, separator: "")\(clockJoins())"
    }

    /// A column, whenever it was recorded.
    mutating func plainColumn(_ path: [String], _ name: String) -> SQLText {
        "\(name: joinAlias(path)).\(name: name)"
    }

    mutating func column(_ path: [String], _ name: String) -> SQLText {
        let plain = plainColumn(path, name)
        guard let asOf, let column = target(path).column(name), !column.isPlanned else {
            return plain
        }
        switch column.type {
        case .timestamp:
            return "CASE WHEN \(plain) < \(value: .timestamp(asOf, utc: true)) THEN \(plain) END"
        case .date:
            let day = workspace.calendar.firstDay(notBefore: asOf)
            return "CASE WHEN \(plain) < \(value: .date(Int32(day))) THEN \(plain) END"
        default: return plain
        }
    }

    // MARK: Expressions

    /// - Parameter isCondition: only whether it is true matters, so missing may stand for false.
    mutating func sql(_ expression: RowExpression, isCondition: Bool = false) -> SQLText {
        if let known = special[expression.node] { return known }
        switch expression.node {
        case .literal(.null): return "NULL"
        case .literal(let value): return "\(value: value)"
        case .column(let path, let name): return column(path, name)
        case .negate(let operand): return "(-\(sql(operand)))"
        case .not(let operand): return "(NOT \(sql(operand)))"
        case .isMissing(let operand, let negated):
            let inner = sql(operand)
            return negated ? "(\(inner) IS NOT NULL)" : "(\(inner) IS NULL)"
        case .isIn(let operand, let items, let negated):
            let value = sql(operand)
            let list = items.map { sql($0) }
            if negated { return "coalesce(\(value) NOT IN (\(list)), TRUE)" }
            let test: SQLText = "(\(value) IN (\(list)))"
            return isCondition ? test : "coalesce(\(test), FALSE)"
        case .binary(let operation, let a, let b):
            return binary(operation, a, b, isCondition: isCondition)
        case .call(let function, let arguments): return call(function, arguments, expression.type)
        case .parameter(_, let value): return "\(value: .integer(value))"
        case .exists(let related): return exists(related)
        case .related(let aggregate, let filter, let related):
            return self.related(aggregate, filter, related)
        case .working(let from, let to, let calendar): return working(from, to, calendar)
        case .paused(let paused): return self.paused(paused)
        case .aggregate, .ever, .inPeriod, .outer, .periodStart, .periodEnd:
            preconditionFailure("compiled by the scan that knows them")
        }
    }

    private mutating func binary(
        _ operation: BinaryOperator, _ a: RowExpression, _ b: RowExpression, isCondition: Bool
    ) -> SQLText {
        switch operation {
        case .and:
            return "(\(sql(a, isCondition: isCondition)) AND \(sql(b, isCondition: isCondition)))"
        case .or:
            return "(\(sql(a, isCondition: isCondition)) OR \(sql(b, isCondition: isCondition)))"
        case .notEqual: return "coalesce(\(sql(a)) <> \(sql(b)), TRUE)"
        case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual:
            let test = compare(operation, sql(a), sql(b))
            return isCondition ? test : "coalesce(\(test), FALSE)"
        case .add, .subtract, .multiply, .divide: return arithmetic(operation, a, b)
        }
    }

    private func compare(_ operation: BinaryOperator, _ a: SQLText, _ b: SQLText) -> SQLText {
        switch operation {
        case .equal: "(\(a) = \(b))"
        case .less: "(\(a) < \(b))"
        case .lessOrEqual: "(\(a) <= \(b))"
        case .greater: "(\(a) > \(b))"
        default: "(\(a) >= \(b))"
        }
    }

    private mutating func arithmetic(
        _ operation: BinaryOperator, _ a: RowExpression, _ b: RowExpression
    ) -> SQLText {
        let x = sql(a)
        if a.type == .timestamp, case .call(.days, let count) = b.node {
            return dialect.moved(x, operation, days: sql(count[0]), workspace.calendar.zone)
        }
        let y = sql(b)
        let isTime = a.type == .date || a.type == .timestamp
        if isTime, b.type == a.type { return dialect.duration(y, x, a.type) }
        if isTime { return dialect.moved(x, operation, y, a.type) }
        switch operation {
        case .add: return "(\(x) + \(y))"
        case .subtract: return "(\(x) - \(y))"
        case .multiply: return "(\(x) * \(y))"
        default: return "(CAST(\(x) AS DOUBLE) / nullif(CAST(\(y) AS DOUBLE), 0))"
        }
    }

    // MARK: Functions

    private mutating func call(
        _ function: Function, _ arguments: [RowExpression], _ type: ValueType
    ) -> SQLText {
        if function == .if {
            let test = sql(arguments[0], isCondition: true)
            return "CASE WHEN \(test) THEN \(sql(arguments[1])) ELSE \(sql(arguments[2])) END"
        }
        let values = arguments.map { sql($0) }
        switch function {
        case .coalesce: return "coalesce(\(values))"
        case .least, .greatest: return extreme(function, values)
        case .abs: return "abs(\(values[0]))"
        case .round:
            guard arguments.count == 2, case .literal(.integer(let digits)) = arguments[1].node
            else { return "round(\(values[0]))" }
            return "round(\(values[0]), \(integer: Int(digits)))"
        case .duration:
            let types = arguments.map(\.type)
            guard types[0] != types[1] else {
                return dialect.duration(values[0], values[1], types[0])
            }
            let times = zip(values, types).map { value, type in
                type == .date ? dialect.midnight(value, workspace.calendar.zone) : value
            }
            return dialect.duration(times[0], times[1], .timestamp)
        case .time:
            return arguments[0].type == .date
                ? dialect.midnight(values[0], workspace.calendar.zone) : values[0]
        case .date, .year, .month, .day, .weekday, .hour:
            return part(function, values[0], arguments[0].type)
        case .days: return "(\(values[0]) * 86400000000)"
        case .hours: return "(\(values[0]) * 3600000000)"
        case .minutes: return "(\(values[0]) * 60000000)"
        case .integer: return "TRY_CAST(\(values[0]) AS BIGINT)"
        case .decimal: return "TRY_CAST(\(values[0]) AS \(dialect.type(type)))"
        case .text: return text(values[0], arguments[0].type)
        case .concat:
            let texts = zip(values, arguments).map { text($0, $1.type) }
            return "(\(texts, separator: " || "))"
        default: return textual(function, values)
        }
    }

    /// A missing operand makes the extreme missing, as every other function.
    private func extreme(_ function: Function, _ values: [SQLText]) -> SQLText {
        let present: [SQLText] = values.map { "\($0) IS NOT NULL" }
        let name: SQLText = function == .least ? "least" : "greatest"
        return "CASE WHEN \(present, separator: " AND ") THEN \(name)(\(values)) END"
    }

    private func textual(_ function: Function, _ values: [SQLText]) -> SQLText {
        switch function {
        case .lower: "lower(\(values[0]))"
        case .upper: "upper(\(values[0]))"
        case .trim: "trim(\(values[0]))"
        case .length: "length(\(values[0]))"
        case .startsWith: "coalesce(starts_with(\(values[0]), \(values[1])), FALSE)"
        case .endsWith: "coalesce(ends_with(\(values[0]), \(values[1])), FALSE)"
        case .contains: "coalesce(contains(\(values[0]), \(values[1])), FALSE)"
        default: "replace(\(values, separator: ", "))"
        }
    }

    private func part(_ function: Function, _ value: SQLText, _ type: ValueType) -> SQLText {
        let local =
            type == .timestamp ? dialect.local(value, workspace.calendar.zone) : value
        switch function {
        case .date: return "CAST(\(local) AS DATE)"
        case .year: return "year(\(local))"
        case .month: return "month(\(local))"
        case .day: return "day(\(local))"
        case .weekday: return "isodow(\(local))"
        default: return "hour(\(local))"
        }
    }

    /// The value of a dimension as text, `(unknown)` where it is missing.
    mutating func member(_ expression: RowExpression) -> SQLText {
        let value = sql(expression)
        return "coalesce(\(text(value, expression.type)), '(unknown)')"
    }

    /// A value as text; times as those of the workspace's wall clock.
    private func text(_ value: SQLText, _ type: ValueType) -> SQLText {
        switch type {
        case .text: value
        case .timestamp:
            "strftime(\(dialect.local(value, workspace.calendar.zone)), '%Y-%m-%dT%H:%M:%S')"
        default: "CAST(\(value) AS VARCHAR)"
        }
    }
}

/// Row expressions over the columns of one table with the alias `r`, for use at load.
package struct RowSQL {
    private var compiler: RowCompiler

    package init(workspace: Workspace, dataset: Dataset) {
        compiler = RowCompiler(
            workspace: workspace, dataset: dataset, dialect: .duckDB, asOf: nil)
    }

    package mutating func expression(_ expression: RowExpression) -> SQLText {
        compiler.sql(expression)
    }

    /// The references that the expressions so far have followed.
    package var joins: SQLText { compiler.joinClauses() }
}
