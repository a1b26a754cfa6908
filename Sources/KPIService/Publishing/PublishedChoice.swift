import KPICore
import KPIIngest
import KPIModel
import KPIQuery

/// Which KPIs are published in which groupings, as questions.
struct PublishedChoice {
    let workspace: Workspace
    let words: PublishText
    let planner: Planner

    init(workspace: Workspace, facts: [String: DatasetFacts], words: PublishText) {
        self.workspace = workspace
        self.words = words
        planner = Planner(workspace: workspace, facts: facts)
    }

    /// One question for all KPIs that share groupings and as-of: each KPI is asked as of its own
    /// watermark, so that no other decides about its cells.
    func questions() throws(Diagnostics) -> [Question] {
        let calendar = workspace.calendar
        guard let period = calendar.period(named: words.period) else {
            throw Diagnostics(.badPeriod(words.period))
        }
        let window = calendar.window(period)
        var stated = QuestionText()
        stated.groupings = words.groupings
        let groupings = try QuestionReader(workspace).question(stated).groupings
        let cards = try cards(window)
        var questions: [Question] = []
        for card in cards {
            var question = Question(
                kpis: [card.id], grains: [period.grain],
                groupings: try self.groupings(card, groupings), from: window.start,
                to: window.end)
            do throws(Diagnostics) {
                question.asOf = try planner.outline(question).asOf
            } catch {
                // Of what nobody asked for by name the data may be still to come.
                guard words.kpis.isEmpty, case .notLoaded? = error.items.first?.problem else {
                    throw error
                }
                continue
            }
            let same = questions.firstIndex {
                $0.groupings == question.groupings && $0.asOf == question.asOf
            }
            if let same { questions[same].kpis.append(card.id) } else { questions.append(question) }
        }
        return questions
    }

    // MARK: KPIs

    private func cards(_ window: Window) throws(Diagnostics) -> [Card] {
        guard words.kpis.isEmpty else { return try named() }
        let chosen = workspace.cards.filter { card in
            let first = card.versions[0].from.map { workspace.calendar.startOfDay($0.day) }
            return card.life == .active && card.awaits == nil && (first ?? .min) <= window.start
        }
        guard !chosen.isEmpty else { throw Diagnostics(.nothingToPublish(period: words.period)) }
        return chosen
    }

    /// What is asked for by name is published in every state but draft: nobody agreed on a draft.
    private func named() throws(Diagnostics) -> [Card] {
        var cards: [Card] = []
        for name in words.kpis {
            let card = try planner.card(named: name)
            guard card.life != .draft, card.awaits == nil else {
                throw Diagnostics(.draftNotPublished(kpi: card.id))
            }
            if !cards.contains(where: { $0.id == card.id }) { cards.append(card) }
        }
        return cards
    }

    // MARK: Groupings

    /// The whole company, then those stated, or each level of the organisation that a KPI has.
    private func groupings(
        _ card: Card, _ stated: [[String]]
    ) throws(Diagnostics) -> [[String]] {
        let extra = stated.filter { !$0.isEmpty }.map { $0.sorted() }
        if extra.isEmpty {
            let levels = (workspace.organisation?.levels ?? []).map(\.id)
            return [[]] + levels.filter { planner.missingDimension(card, [$0]) == nil }.map { [$0] }
        }
        if words.kpis.isEmpty {
            return [[]] + extra.filter { planner.missingDimension(card, $0) == nil }
        }
        for grouping in extra {
            if let problem = planner.missingDimension(card, grouping) { throw Diagnostics(problem) }
        }
        return [[]] + extra
    }
}
