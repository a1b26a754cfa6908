import KPICore
import KPIFormula

extension Workspace {
    /// The working calendars that expressions use, each as a text with everything it decides.
    ///
    /// Where the calendar depends on the record, these are all calendars.
    package func workingHours(of expressions: [RowExpression]) -> [String] {
        guard let working = calendar.working else { return [] }
        let used = expressions.flatMap(\.workingCalendars)
        let isAny = used.contains(nil)
        return working.calendars.filter { isAny || used.contains($0.name) }
            .map { "working hours \($0.signature)" }
    }
}

extension Workspace {
    /// Whether the time in a measure's values is working time.
    package func isWorkingTime(_ measure: Measure) -> Bool {
        measure.unit.hasDuration && measure.aggregate.argument?.isWorkingTime == true
    }

    /// Whether the time in a formula's values is working time.
    package func isWorkingTime(_ formula: KPIFormula) -> Bool {
        formula.unit.hasDuration
            && formula.node.measures.contains { isWorkingTime(measure($0)) }
    }
}

extension RowExpression {
    /// The names of the working calendars used here and below; nil for one that the record decides.
    fileprivate var workingCalendars: [String?] {
        node.own + node.children.flatMap(\.workingCalendars)
    }

    /// Whether it is a length of working time, not one by the clock.
    package var isWorkingTime: Bool {
        guard type == .duration else { return false }
        switch node {
        case .working, .paused: return true
        default: return node.children.contains(where: \.isWorkingTime)
        }
    }

    /// Whether working time is compared with days, which are lengths by the clock.
    var comparesWorkingTimeWithDays: Bool {
        contains { expression in
            guard case .binary(let operation, let a, let b) = expression.node,
                operation.isComparison
            else { return false }
            return [(a, b), (b, a)].contains { worked, other in
                worked.isWorkingTime && other.countsDays
            }
        }
    }

    private var countsDays: Bool {
        contains { if case .call(.days, _) = $0.node { true } else { false } }
    }

    /// Whether it needs the working calendars.
    package var usesWorkingTime: Bool { !workingCalendars.isEmpty }
}

extension RowExpression.Node {
    fileprivate var own: [String?] {
        switch self {
        case .working(_, _, let calendar): [Self.name(calendar)]
        case .paused(let paused): [Self.name(paused.calendar)]
        default: []
        }
    }

    private static func name(_ calendar: RowExpression?) -> String? {
        guard let calendar else { return WorkingCalendar.defaultName }
        switch calendar.node {
        case .literal(.text(let name)): return name
        case .outer(let inner): return name(inner)
        default: return nil
        }
    }
}
