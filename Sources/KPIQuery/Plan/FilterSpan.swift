import KPICore
import KPIFormula
import KPIModel

/// The span that a question's filter leaves of a time column, as far as it compares that column with
/// dates or times: what it cuts of a period makes the period partial.
struct FilterSpan {
    let calendar: BusinessCalendar
    let column: String

    func span(_ condition: RowExpression) -> Window {
        condition.conjuncts.reduce(.always) { $0.intersection(single($1)) }
    }

    private func single(_ condition: RowExpression) -> Window {
        guard case .binary(let operation, let a, let b) = condition.node else { return .always }
        if isColumn(a), let bound = instant(b) { return window(operation, bound, a.type) }
        if isColumn(b), let bound = instant(a), let turned = operation.turned {
            return window(turned, bound, b.type)
        }
        return .always
    }

    /// The column itself, its date, or its midnight.
    private func isColumn(_ expression: RowExpression) -> Bool {
        switch expression.node {
        case .column(let path, let name): path.isEmpty && name == column
        case .call(.date, let arguments), .call(.time, let arguments): isColumn(arguments[0])
        default: false
        }
    }

    private func instant(_ expression: RowExpression) -> Instant? {
        switch expression.node {
        case .literal(.date(let day)): calendar.startOfDay(Int(day))
        case .literal(.timestamp(let instant, _)): instant
        case .call(.time, let arguments): instant(arguments[0])
        default: nil
        }
    }

    /// - Parameter type: of the compared side: a date stands for its whole day.
    private func window(_ operation: BinaryOperator, _ bound: Instant, _ type: ValueType) -> Window
    {
        let next =
            type == .date
            ? calendar.startOfDay(calendar.firstDay(notBefore: bound) + 1) : bound + 1
        return switch operation {
        case .equal: Window(start: bound, end: next)
        case .less: Window(start: .min, end: bound)
        case .lessOrEqual: Window(start: .min, end: next)
        case .greater: Window(start: next, end: .max)
        case .greaterOrEqual: Window(start: bound, end: .max)
        default: .always
        }
    }
}

extension BinaryOperator {
    /// The comparison with its sides exchanged.
    fileprivate var turned: BinaryOperator? {
        switch self {
        case .equal: .equal
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: nil
        }
    }
}

extension Planner {
    /// What the filter leaves of every time column that the measures of some cards are on.
    func filterSpans(
        _ question: Question, _ cards: [Card]
    ) throws(Diagnostics) -> [TimeAxis: Window] {
        guard let tree = question.filter else { return [:] }
        let datasets = Dictionary(uniqueKeysWithValues: workspace.datasets.map { ($0.id, $0) })
        var spans: [TimeAxis: Window] = [:]
        for use in cards.flatMap(\.formula.node.measures) {
            let measure = workspace.measure(use)
            let axis = TimeAxis(dataset: use.dataset, column: measure.timeColumn)
            guard spans[axis] == nil, measure.stock == nil else { continue }
            let resolver = RowResolver(
                datasets: datasets, dataset: workspace.dataset(use.dataset)!,
                calendar: workspace.calendar, prefersDimensions: true)
            let finder = FilterSpan(calendar: workspace.calendar, column: measure.timeColumn)
            spans[axis] = finder.span(try resolver.condition(tree))
        }
        return spans
    }
}

/// A time column of a dataset.
struct TimeAxis: Hashable {
    let dataset: String
    let column: String
}
