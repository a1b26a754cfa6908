import KPICore
import KPIFormula

/// `working(from, to, calendar, pause(…))` and `team_calendar()`.
extension RowResolver {
    func working(
        _ arguments: [Expression], _ span: Range<Int>
    ) throws(Diagnostics) -> RowExpression {
        _ = try workingTime(span)
        var rest = arguments.dropFirst(2)
        var pause: (arguments: [Expression], span: Range<Int>)?
        if let last = rest.last, case .call(.known(.pause), let inner) = last.node {
            pause = (inner, last.span)
            rest.removeLast()
        }
        guard rest.count <= 1 else {
            throw Diagnostics(
                .badArgument(function: "working", expected: "pause(…) as the last argument"),
                span: arguments[3].span)
        }
        let from = try instant(arguments[0])
        let to = try instant(arguments[1])
        var calendar: RowExpression?
        if let named = rest.first { calendar = try self.calendar(named) }
        let whole = RowExpression(
            .working(from: from, to: to, calendar: calendar), type: .duration)
        guard let pause else { return whole }
        let paused = RowExpression(
            .paused(try paused(pause.arguments, pause.span, from, to, calendar)), type: .duration)
        return RowExpression(.binary(.subtract, whole, paused), type: .duration)
    }

    /// The calendars, where working time can be computed at all.
    private func workingTime(_ span: Range<Int>) throws(Diagnostics) -> WorkingTime {
        if isAtLoad { throw Diagnostics(.workingTimeAtLoad, span: span) }
        if case .entity = level { throw Diagnostics(.workingTimeOfAggregates, span: span) }
        guard let working = calendar.working else { throw Diagnostics(.noWorkingHours, span: span) }
        return working
    }

    /// A time; a date is its midnight.
    private func instant(_ tree: Expression) throws(Diagnostics) -> RowExpression {
        let resolved = try resolve(tree)
        switch resolved.type {
        case .timestamp: return resolved
        case .date: return Self.midnight(resolved)
        default:
            throw Diagnostics(
                .badArgument(function: "working", expected: "two dates or two times"),
                span: tree.span)
        }
    }

    /// A calendar's name, known now or when the record is.
    private func calendar(_ tree: Expression) throws(Diagnostics) -> RowExpression {
        let resolved = try resolve(tree)
        guard resolved.type == .text, resolved.node != .literal(.null) else {
            throw Diagnostics(
                .badArgument(function: "working", expected: "the name of a calendar"),
                span: tree.span)
        }
        if case .literal(.text(let name)) = resolved.node {
            let known = try workingTime(tree.span).calendars.map(\.name)
            guard known.contains(name) else {
                throw Diagnostics(
                    .unknownCalendar(name, closest: NearMatch.closest(to: name, among: known)),
                    span: tree.span)
            }
        }
        return resolved
    }

    /// `pause(dataset, condition)` or `pause(dataset, begin, end, condition)`.
    private func paused(
        _ arguments: [Expression], _ span: Range<Int>, _ from: RowExpression, _ to: RowExpression,
        _ calendar: RowExpression?
    ) throws(Diagnostics) -> Paused {
        guard arguments.count == 2 || arguments.count == 4 else {
            throw Diagnostics(
                .wrongArgumentCount(
                    function: "pause", expected: Bilingual(zh: "2 或 4", en: "2 or 4"),
                    found: arguments.count),
                span: span)
        }
        let inner = try resolver(of: arguments[0])
        let (begin, end) =
            arguments.count == 4
            ? (try inner.instant(arguments[1]), try inner.instant(arguments[2]))
            : try inner.validity(span)
        let related = Related(
            dataset: inner.dataset.id,
            condition: try inner.condition(arguments[arguments.count - 1]))
        func outside(_ expression: RowExpression) -> RowExpression {
            RowExpression(.outer(expression), type: expression.type)
        }
        return Paused(
            related: related, begin: begin, end: end, from: outside(from), to: outside(to),
            calendar: calendar.map(outside))
    }

    /// The instants between which a record of the dataset is valid.
    private func validity(
        _ span: Range<Int>
    ) throws(Diagnostics) -> (begin: RowExpression, end: RowExpression) {
        guard let validity = dataset.validity, let from = dataset.column(validity.from),
            let to = dataset.column(validity.to)
        else { throw Diagnostics(.noValidity(dataset: dataset.id), span: span) }
        func instant(_ column: ColumnDefinition) -> RowExpression {
            let own = RowExpression(.column(path: [], name: column.name), type: column.type)
            return column.type == .date ? Self.midnight(own) : own
        }
        return (instant(from), instant(to))
    }

    /// The calendar of the record's team, as a choice by the dimensions that have calendars.
    func teamCalendar(_ span: Range<Int>) throws(Diagnostics) -> RowExpression {
        let working = try workingTime(span)
        let own: [(RowExpression, TeamCalendars)] = working.teams.compactMap { teams in
            let dimension =
                levels.first { $0.id == teams.dimension } ?? dataset.dimension(teams.dimension)
            return dimension.map { ($0.expression, teams) }
        }
        guard !own.isEmpty else {
            throw Diagnostics(
                .noTeamDimension(dataset: dataset.id, dimensions: working.teams.map(\.dimension)),
                span: span)
        }
        func text(_ value: String) -> RowExpression {
            RowExpression(.literal(.text(value)), type: .text)
        }
        var choice = text(WorkingCalendar.defaultName)
        for (expression, teams) in own.reversed() {
            let value =
                expression.type == .text
                ? expression : RowExpression(.call(.text, [expression]), type: .text)
            for team in teams.teams.reversed() {
                let isTeam = RowExpression(.binary(.equal, value, text(team.value)), type: .boolean)
                choice = RowExpression(
                    .call(.if, [isTeam, text(team.calendar), choice]), type: .text)
            }
        }
        return choice
    }
}
