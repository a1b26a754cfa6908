import KPICore

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

extension RowExpression {
    /// The names of the working calendars used here and below; nil for one that the record decides.
    fileprivate var workingCalendars: [String?] {
        node.own + node.children.flatMap(\.workingCalendars)
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
