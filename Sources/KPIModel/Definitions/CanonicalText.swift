import KPICore
import KPIFormula

// Definitions as text, for the hash that is their version. Written out by hand, so that a version
// changes with what it defines and never with how the program keeps it.

extension FormulaNode: CustomStringConvertible {
    package var description: String {
        switch self {
        case .number(let value): value.description
        case .bool(let value): value ? "true" : "false"
        case .missing: "missing"
        case .notApplicable: "not-applicable"
        case .months: "months"
        case .periodDays: "period-days"
        case .measure(let use): use.description
        case .negate(let a): "(- \(a))"
        case .not(let a): "(not \(a))"
        case .binary(let operation, let a, let b): "(\(operation.rawValue) \(a) \(b))"
        case .isMissing(let a, let negated): "(\(negated ? "present" : "missing") \(a))"
        case .isIn(let a, let list, let negated): "(\(negated ? "not-in" : "in") \(a) \(list))"
        case .call(let function, let arguments): "(\(function.rawValue) \(arguments))"
        case .previous(let a, let count): "(previous \(a) \(count))"
        case .yearAgo(let a): "(year-ago \(a))"
        case .toDate(let a, let unit): "(to-date \(a) \(unit.rawValue))"
        case .rolling(let a, let count, let unit): "(rolling \(a) \(count) \(unit.rawValue))"
        case .share(let a, let over): "(share \(a) \(over))"
        case .whole(let a, let over): "(whole \(a) \(over))"
        }
    }
}

extension MeasureUse: CustomStringConvertible {
    package var description: String {
        let set = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(dataset).\(measure)" + (filter.map { "[\($0)]" } ?? "")
            + (moment.map { " \($0.rawValue)" } ?? "")
            + (set.isEmpty ? "" : " {\(set.joined(separator: ","))}")
    }
}

extension Aggregate: CustomStringConvertible {
    package var description: String {
        let parts =
            [argument?.description, fraction?.description].compactMap { $0 }
            + order.map { "by \($0)" }
        return "(\(([kind.rawValue] + parts).joined(separator: " ")))"
    }
}

extension RowExpression: CustomStringConvertible {
    package var description: String {
        switch node {
        case .literal(let value): "\(value)"
        case .column(let path, let name): (path + [name]).joined(separator: ".")
        case .call(let function, let arguments): "(\(function.rawValue) \(arguments))"
        case .binary(let operation, let a, let b): "(\(operation.rawValue) \(a) \(b))"
        case .negate(let a): "(- \(a))"
        case .not(let a): "(not \(a))"
        case .isMissing(let a, let negated): "(\(negated ? "present" : "missing") \(a))"
        case .isIn(let a, let list, let negated): "(\(negated ? "not-in" : "in") \(a) \(list))"
        case .aggregate(let aggregate, let filter): aggregate.text(filter)
        case .ever(let aggregate, let filter): "(ever \(aggregate.text(filter)))"
        case .inPeriod(let a): "(in-period \(a))"
        case .exists(let related): "(exists \(related.dataset) \(related.condition))"
        case .related(let aggregate, let filter, let related):
            "(related \(related.dataset) \(aggregate.text(filter)) \(related.condition))"
        case .working(let from, let to, let calendar):
            "(working \(from) \(to)\(calendar.map { " \($0)" } ?? ""))"
        case .paused(let paused): "(paused \(paused.related.dataset) \(paused.expressions))"
        case .outer(let a): "(this \(a))"
        case .periodStart: "period-start"
        case .periodEnd: "period-end"
        case .parameter(let name, let value): "(parameter \(name) \(value))"
        }
    }
}

extension Aggregate {
    fileprivate func text(_ filter: RowExpression?) -> String {
        description + (filter.map { "[\($0)]" } ?? "")
    }
}

extension EntityRule: CustomStringConvertible {
    package var description: String {
        "per \(key)" + (having.map { " having \($0)" } ?? "")
            + (cohort.map { " cohort \($0.column) \($0.age?.rawValue ?? "-")" } ?? "")
    }
}
