import KPICore
import KPIIngest
import KPIModel
import KPIQuery

/// Which verifications are computed, over which time.
package struct VerifyText: Sendable {
    package var ids: [String] = []
    package var from: String?
    package var to: String?
    package var asOf: String?

    package init() {}
}

/// Records behind one side of a row of a verification.
package struct RecordsBehind: Sendable {
    package let side: Bilingual
    package let records: [Explanation.Records]
}

extension Company {
    /// Both sides of verifications for every period, compared.
    ///
    /// Each side is asked like any other question, so it has the value that `compute` shows.
    package func verifySources(_ words: VerifyText) async throws -> [SourceComparison] {
        var comparisons: [SourceComparison] = []
        for verification in try verifications(words.ids) {
            comparisons.append(try await compare(verification, words))
        }
        return comparisons
    }

    private func verifications(_ ids: [String]) throws(Diagnostics) -> [Verification] {
        guard !ids.isEmpty else { return workspace.verifications }
        var found: [Verification] = []
        for id in ids {
            guard let verification = workspace.verification(id) else {
                let known = workspace.verifications.map(\.id)
                throw Diagnostics(
                    .unknownVerification(id, closest: NearMatch.closest(to: id, among: known)))
            }
            found.append(verification)
        }
        return found
    }

    /// The company with both sides among its cards.
    private func holding(_ verification: Verification) -> Company {
        var whole = workspace
        for card in [verification.left, verification.right] where whole.card(card.id) == nil {
            whole.cards.append(card)
        }
        return Company(workspace: whole, warehouse: warehouse)
    }

    private func compare(
        _ verification: Verification, _ words: VerifyText
    ) async throws -> SourceComparison {
        var text = QuestionText()
        text.kpis = [verification.left.id, verification.right.id]
        text.grains = [verification.grain.rawValue]
        text.groupings = [""] + verification.by
        (text.from, text.to, text.asOf) = (words.from, words.to, words.asOf)
        let company = holding(verification)
        var question = try QuestionReader(company.workspace).question(text)
        let first = question.from
        let needsPrevious = verification.direction != .equal
        if needsPrevious, let from = question.from {
            question.from = startOfPeriodBefore(from, verification.grain)
        }
        let answer = try await company.computeFromRecords(question)
        return SourceMatching(verification: verification, calendar: workspace.calendar)
            .comparison(answer, from: first)
    }

    private func startOfPeriodBefore(_ instant: Instant, _ grain: Grain) -> Instant {
        let calendar = workspace.calendar
        let period = calendar.period(grain, containing: calendar.zone.local(instant))
        return calendar.window(calendar.earlier(period, by: 1)).start
    }

    /// The records behind both sides of a row, of the dataset that the verification names.
    package func records(
        behind row: SourceComparison.Row, of id: String, asOf: String? = nil, limit: Int = 5
    ) async throws -> [RecordsBehind] {
        guard let verification = workspace.verification(id) else { return [] }
        let company = holding(verification)
        let members = row.dimension.isEmpty ? [] : ["\(row.dimension)=\(row.member)"]
        var found: [RecordsBehind] = []
        for card in [verification.left, verification.right] {
            let records: [Explanation.Records]
            do {
                records = try await company.explain(
                    card.id, period: row.period, members: members, asOf: asOf, limit: limit,
                    withQuality: false
                ).records
            } catch let error as Diagnostics where error.items.first?.code == "KPI0410" {
                // A group that only the other side has.
                records = []
            }
            found.append(
                RecordsBehind(
                    side: card.label,
                    records: records.filter {
                        verification.records == nil || $0.dataset == verification.records
                    }))
        }
        return found
    }
}

/// Puts the cells of both sides beside each other.
struct SourceMatching {
    let verification: Verification
    let calendar: BusinessCalendar

    /// - Parameter first: the start of what was asked; what lies before is there to compare with.
    func comparison(_ answer: Answer, from first: Instant?) -> SourceComparison {
        let sides = [verification.left.id, verification.right.id].map { id in
            answer.blocks.filter { $0.kpi.id == id }
        }
        var comparison = SourceComparison(
            id: verification.id, label: verification.label,
            direction: verification.direction.rawValue, grain: verification.grain,
            tolerance: verification.toleranceText, collector: verification.collector,
            verifier: verification.verifier, left: sides[0][0].kpi, right: sides[1][0].kpi,
            rows: [])
        for (left, right) in zip(sides[0], sides[1]) {
            comparison.rows += rows(left, right, from: first)
        }
        return comparison
    }

    private func rows(
        _ left: CellBlock, _ right: CellBlock, from first: Instant?
    ) -> [SourceComparison.Row] {
        let dimension = left.dimensions.first ?? ""
        let members = Set((left.members.first ?? [""]) + (right.members.first ?? [""])).sorted()
        var rows: [SourceComparison.Row] = []
        let lefts = figures(left)
        let rights = figures(right)
        for member in members {
            var before: (left: CellFigures, right: CellFigures)?
            for name in left.periods {
                let a = lefts[name]?[member] ?? Self.none(left)
                let b = rights[name]?[member] ?? Self.none(right)
                if a.state == .absent, b.state == .absent { continue }
                if isAsked(name, from: first) {
                    var row = SourceComparison.Row(
                        period: name, dimension: dimension, member: member, left: a, right: b,
                        outcome: .within)
                    judge(&row, before)
                    rows.append(row)
                }
                before = (a, b)
            }
        }
        return rows
    }

    private func isAsked(_ name: String, from first: Instant?) -> Bool {
        guard let first, let period = calendar.period(named: name) else { return true }
        return calendar.window(period).end > first
    }

    /// By period and member.
    private func figures(_ block: CellBlock) -> [String: [String: CellFigures]] {
        var found: [String: [String: CellFigures]] = [:]
        for cell in 0..<block.cellCount {
            let member = block.members.first?[cell % block.groupCount] ?? ""
            found[block.periods[cell / block.groupCount], default: [:]][member] =
                block.figures(at: cell)
        }
        return found
    }

    /// Of a group that only the other side has.
    private static func none(_ block: CellBlock) -> CellFigures {
        CellFigures(value: .null, state: .noRows)
    }

    // MARK: Judging

    private func judge(
        _ row: inout SourceComparison.Row, _ before: (left: CellFigures, right: CellFigures)?
    ) {
        guard let left = row.left.number else {
            row.outcome = .none(.left(row.left.state))
            return
        }
        guard let right = row.right.number else {
            row.outcome = .none(.right(row.right.state))
            return
        }
        guard verification.direction == .equal else {
            return judgeChange(&row, left, right, before)
        }
        let difference = left - right
        row.difference = difference
        row.share = right == 0 ? nil : difference / abs(right)
        let allowed = verification.tolerance.amount(of: right)
        // What is as large as the tolerance is within it, whatever the last bit of a double says.
        let slack = 1e-9 * max(abs(left), abs(right))
        row.outcome = abs(difference) > allowed + slack ? .beyond : .within
    }

    private func judgeChange(
        _ row: inout SourceComparison.Row, _ left: Double, _ right: Double,
        _ before: (left: CellFigures, right: CellFigures)?
    ) {
        guard let before, let a = before.left.number, let b = before.right.number else {
            row.outcome = .none(.noPrevious)
            return
        }
        row.leftChange = left - a
        row.rightChange = right - b
        let states = [row.left, row.right, before.left, before.right].map(\.state)
        guard !states.contains(.partial) else {
            row.outcome = .none(.unfinished)
            return
        }
        let signs = sign(left - a, from: a) * sign(right - b, from: b)
        let contradicts = verification.direction == .bothRise ? signs < 0 : signs > 0
        row.outcome = contradicts ? .contradicts : .within
    }

    /// 1 for a rise, -1 for a fall, 0 for a change within the tolerance.
    private func sign(_ change: Double, from before: Double) -> Int {
        let allowed = verification.tolerance.amount(of: before)
        if abs(change) <= allowed + 1e-9 * abs(before) { return 0 }
        return change > 0 ? 1 : -1
    }
}

extension CellFigures {
    /// nil where there is no value.
    fileprivate var number: Double? {
        guard state.hasValue else { return nil }
        if case .double(let value) = value { return value }
        return value.exactNumber?.doubleValue
    }
}
