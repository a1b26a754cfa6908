import KPICore
import KPIModel
import KPIQuery

/// The questions that compute published cells again.
struct RestatedQuestions {
    let workspace: Workspace
    let planner: Planner

    private struct Key: Hashable {
        let period: String
        let groupings: [[String]]
        let asOf: Instant
    }

    /// One question for all KPIs of a period that share groupings and as-of. Blocks that nothing
    /// defines any more are in none.
    func questions(about blocks: [PublishedBlock]) throws(Diagnostics) -> [Question] {
        var wanted: [String: (period: String, kpi: String, groupings: [[String]])] = [:]
        for block in blocks where isDefined(block) {
            let key = "\(block.period) \(block.kpi)"
            wanted[key, default: (block.period, block.kpi, [])].groupings.append(block.dimensions)
        }
        var questions: [Key: Question] = [:]
        for (period, kpi, groupings) in wanted.values {
            let named = workspace.calendar.period(named: period)!
            let window = workspace.calendar.window(named)
            var question = Question(
                kpis: [kpi], grains: [named.grain],
                groupings: groupings.sorted { GroupOrder.isBefore($0, $1) }, from: window.start,
                to: window.end)
            let asOf = try planner.outline(question).asOf
            let key = Key(period: period, groupings: question.groupings, asOf: asOf)
            question.asOf = asOf
            questions[key, default: question].kpis.append(kpi)
        }
        return questions.values.map { question in
            var question = question
            question.kpis = Array(Set(question.kpis)).sorted()
            return question
        }
    }

    /// Whether card, period and dimensions of a block still exist.
    private func isDefined(_ block: PublishedBlock) -> Bool {
        guard let card = workspace.card(block.kpi),
            workspace.calendar.period(named: block.period)?.grain == block.grain
        else { return false }
        return planner.missingDimension(card, block.dimensions) == nil
    }
}
