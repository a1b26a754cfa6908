import KPICore
import KPIFormula
import KPIModel
import KPIQuery

/// A question in the words of the command line or of a request.
package struct QuestionText: Sendable, Codable {
    package var kpis: [String] = []
    /// Grains, each possibly several separated by commas.
    package var grains: [String] = []
    /// One grouping each, dimensions separated by commas.
    package var groupings: [String] = []
    package var from: String?
    package var to: String?
    package var filter: String?
    package var asOf: String?
    package var intervals = false
    package var top: Int?

    package init() {}
}

/// Reads the words of a question against a workspace.
package struct QuestionReader {
    let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    /// - Throws: every problem of the words, each with a hint.
    package func question(_ text: QuestionText) throws(Diagnostics) -> Question {
        var grains: [Grain] = []
        for name in text.grains.flatMap(split) {
            guard let grain = Grain(rawValue: name) else { throw Diagnostics(.unknownGrain(name)) }
            if !grains.contains(grain) { grains.append(grain) }
        }
        var groupings: [[String]] = []
        for grouping in text.groupings {
            var names: [String] = []
            for name in split(grouping) { names.append(try dimension(name)) }
            if !groupings.contains(where: { Set($0) == Set(names) }) { groupings.append(names) }
        }
        var question = Question(
            kpis: [], grains: grains.isEmpty ? [.month] : grains, groupings: groupings)
        question.kpis = kpis(text.kpis, question.dimensions)
        if let from = text.from { question.from = try window(from).start }
        if let to = text.to { question.to = try window(to).end }
        if let asOf = text.asOf { question.asOf = try instant(asOf) }
        question.intervals = text.intervals
        question.top = text.top
        if let filter = text.filter { question.filter = try FormulaText.parse(filter) }
        return question
    }

    private func split(_ text: String) -> [String] {
        text.split(whereSeparator: { ",，、".contains($0) }).map { part in
            String(part.drop { $0 == " " })
        }
    }

    /// Without names: every card that is in use and can be broken down as asked.
    private func kpis(_ names: [String], _ dimensions: [String]) -> [String] {
        let planner = Planner(workspace: workspace, facts: [:])
        guard names.isEmpty else {
            // What is no KPI is said when the question is planned.
            let ids = names.map { (try? planner.card(named: $0).id) ?? $0 }
            return ids.indices.filter { !ids[..<$0].contains(ids[$0]) }.map { ids[$0] }
        }
        return workspace.cards.filter { card in
            card.life != .retired && card.life != .suspended
                && planner.missingDimension(card, dimensions) == nil
        }.map(\.id)
    }

    private func dimension(_ name: String) throws(Diagnostics) -> String {
        let all = workspace.datasets.flatMap(\.dimensions)
        if name == Cohort.ageDimension || all.contains(where: { $0.id == name }) { return name }
        let labelled = Set(all.filter { $0.label.zh == name || $0.label.en == name }.map(\.id))
        if labelled.count == 1, let id = labelled.first { return id }
        let known = all.flatMap { [$0.id, $0.label.zh, $0.label.en] }
        throw Diagnostics(
            .unknownDimension(
                name, closest: NearMatch.closest(to: name, among: known),
                known: Set(all.map(\.id)).sorted()))
    }

    /// The window of a period or day.
    package func window(_ name: String) throws(Diagnostics) -> Window {
        guard let period = workspace.calendar.period(named: name) else {
            throw Diagnostics(.badPeriod(name))
        }
        return workspace.calendar.window(period)
    }

    /// A time, or the end of a period.
    package func instant(_ text: String) throws(Diagnostics) -> Instant {
        let calendar = workspace.calendar
        if let period = calendar.period(named: text) { return calendar.window(period).end }
        if let local = LocalClock.parse(text) { return calendar.zone.instant(local) }
        throw Diagnostics(.badTime(text))
    }
}
