import Crypto
import Foundation
import KPICore
import KPIEngine
import KPIFormula
import KPIIngest
import KPIModel
import KPIQuery

/// What a refresh of one kept question did.
package struct RefreshReport: Sendable {
    package let name: String
    package let cells: Int
    /// Periods whose cells were computed again, of all there are.
    package let renewed: Int
    package let periods: Int
    /// KPIs whose cells were computed again in all periods, those of the others in none.
    package var redefined: [String] = []
    /// Partials that were scanned from all of their records.
    package var scanned = 0
    /// Nothing was kept before.
    package var isNew = false
    /// Why a question cannot be kept up to date any more.
    package var failure: Diagnostics?
}

extension Company {
    /// Brings the cells of every kept question up to date.
    ///
    /// Only days with changed records are scanned again, and only periods that they or the passing of
    /// time can change are computed again. Each question is one transaction.
    @discardableResult
    package func refresh() async throws -> [RefreshReport] {
        var reports: [RefreshReport] = []
        for question in try await keptQuestions() {
            do {
                reports.append(try await refresh(question))
            } catch let error as Diagnostics {
                // The definitions no longer fit the question: nothing of it is answered from store.
                let connection = try await warehouse.database.connect()
                try await connection.transaction {
                    try KeptStore(connection: $0, number: question.number).forget()
                }
                reports.append(
                    RefreshReport(
                        name: question.name, cells: 0, renewed: 0, periods: 0, failure: error))
            }
        }
        return reports
    }

    func refresh(_ kept: KeptQuestion) async throws -> RefreshReport {
        let question = try QuestionReader(workspace).question(kept.words)
        let connection = try await warehouse.database.connect()
        while true {
            let load = try await connection.perform { try KeptStore.lastLoad($0) }
            let planner = Planner(workspace: workspace, facts: try await warehouse.facts())
            let outline = try planner.outline(question)
            let report = try await connection.transaction { connection -> RefreshReport? in
                // Facts and records must be of one state.
                guard try KeptStore.lastLoad(connection) == load else { return nil }
                let refresh = Refresh(
                    company: self, kept: kept, planner: planner, outline: outline, load: load,
                    store: KeptStore(connection: connection, number: kept.number))
                return try refresh.run(connection)
            }
            if let report { return report }
        }
    }
}

/// One refresh of one question, inside a transaction.
private struct Refresh {
    let company: Company
    let kept: KeptQuestion
    let planner: Planner
    let outline: Outline
    let load: Int64
    let store: KeptStore

    private var question: Question { outline.question }

    func run(_ connection: isolated Connection) throws -> RefreshReport {
        let datasets = planner.datasets(of: outline)
        let reader = RecordChangesReader(workspace: company.workspace, connection: connection)
        let definitions = company.keptDefinitions(question, outline, planner.facts)
        let state = try store.state()
        let isDefinedAlike = state?.definitions == definitions
        let starts = outline.starts
        let signatures = outline.signatures(planner)
        let total = starts.reduce(0) { $0 + $1.count }
        if let known = state, isDefinedAlike, known.load == load, known.asOf == outline.asOf {
            return RefreshReport(name: kept.name, cells: 0, renewed: 0, periods: total)
        }
        if let known = state, known.load == load, known.asOf == outline.asOf,
            let redefined = definitions.redefined(since: known.definitions),
            let report = try renew(redefined, known, definitions, connection)
        {
            return report
        }
        let changes =
            try state.map { try reader.changes(since: $0, of: datasets, asOf: outline.asOf) }
            ?? RecordChanges()
        let isSweeping = state == nil || planner.isSweeping(outline, changes)
        let before = try isDefinedAlike ? store.frames() : [:]
        var chosen = starts.map { Array($0.indices) }
        if !isSweeping, isDefinedAlike {
            let touched = outline.touched(planner, changes)
            chosen = starts.indices.map { grain in
                starts[grain].indices.filter { frame in
                    touched[grain][frame]
                        || before[Int64(grain)]?[starts[grain][frame]] != signatures[grain][frame]
                }
            }
        }
        let scanned = try keepPartials(changes, isSweeping: isSweeping, connection)
        let written = try write(chosen, before, connection)
        try store.setFrames(starts, signatures)
        try store.set(
            KeptStore.State(
                load: load, asOf: outline.asOf, definitions: definitions,
                hidden: try reader.hidden(of: datasets, asOf: outline.asOf)))
        return RefreshReport(
            name: kept.name, cells: written.cells, renewed: written.frames, periods: total,
            scanned: scanned, isNew: state == nil)
    }

    /// Where definitions alone changed: the cells of those KPIs again, of the others none.
    ///
    /// - Returns: nil when the rows that there are cannot hold them, such as those of other groups.
    private func renew(
        _ kpis: Set<String>, _ state: KeptStore.State, _ definitions: KeptDefinitions,
        _ connection: isolated Connection
    ) throws -> RefreshReport? {
        let starts = outline.starts
        let before = try store.frames()
        let isSamePeriods = starts.indices.allSatisfy {
            Set(before[Int64($0)]?.keys.map { $0 } ?? []) == Set(starts[$0])
        }
        guard isSamePeriods else { return nil }
        let scanned = try keepPartials(RecordChanges(), isSweeping: false, connection)
        let (answer, occurs, groups) = try answer(outline, of: kpis, connection)
        let places = question.kpis.indices.filter { kpis.contains(question.kpis[$0]) }
        let stored = try store.groups()
        let known = question.groupings.indices.map { grouping in
            places.map { stored[grouping * question.kpis.count + $0] }
        }
        guard groups == known,
            let rows = KeptTable(question: question).rows(
                answer, occurs: occurs, outline: outline, kinds: try store.kinds())
        else { return nil }
        try store.replaceColumns(of: places, in: question, with: rows)
        try store.setFrames(starts, outline.signatures(planner))
        var state = state
        state.definitions = definitions
        try store.set(state)
        return RefreshReport(
            name: kept.name, cells: answer.cellCount, renewed: 0,
            periods: starts.reduce(0) { $0 + $1.count }, redefined: kpis.sorted(),
            scanned: scanned)
    }

    // MARK: Partials

    /// Scans the days that changed, of partials that are new or defined otherwise all days.
    ///
    /// - Returns: of how many partials all days.
    private func keepPartials(
        _ changes: RecordChanges, isSweeping: Bool, _ connection: isolated Connection
    ) throws -> Int {
        var scanned = 0
        let plan = try planner.keptPlan(
            outline.only(outline.starts.map { _ in [] }), number: kept.number)
        let all = plan.scans.compactMap(\.kept)
        try company.prepare(for: all.map(\.fill), on: connection)
        for partials in all {
            let signature = signature(of: partials)
            let stored = try connection.query(
                "SELECT last_day FROM kept.partials WHERE name = ? AND signature = ?",
                [.text(partials.table), .text(signature)])
            var lastDay: Int?
            if stored.rowCount == 1, case .integer(let day) = stored[0, 0] { lastDay = Int(day) }
            if let lastDay, !isSweeping {
                var days = changes.days(of: partials.key)
                if lastDay != partials.lastDay {
                    days.append(min(lastDay, partials.lastDay)...max(lastDay, partials.lastDay))
                }
                try renew(partials, days, connection)
            } else {
                try fill(partials, connection)
                scanned += 1
            }
            try connection.execute(
                "DELETE FROM kept.partials WHERE name = ?", [.text(partials.table)])
            try connection.execute(
                "INSERT INTO kept.partials VALUES (?, ?, ?, ?)",
                [
                    .text(partials.table), .integer(Int64(kept.number)), .text(signature),
                    .integer(Int64(partials.lastDay)),
                ])
        }
        return scanned
    }

    /// Of everything that decides about partials beside records and as-of: the statement, what it looks
    /// up, and what is declared to be covered.
    private func signature(of partials: KeptPartials) -> String {
        let workspace = company.workspace
        var parts = ["\(partials.signature.text) \(partials.signature.parameters)"]
        if WorkingTimeTable.isNeeded(by: partials.signature) {
            parts += workspace.calendar.working?.calendars.map(\.signature) ?? []
        }
        parts.append(planner.facts[partials.key.dataset]?.declaredText ?? "[]")
        return Company.hash(parts)
    }

    private func fill(_ partials: KeptPartials, _ connection: isolated Connection) throws {
        let statement: SQLText = """
            CREATE OR REPLACE TABLE kept.\(name: partials.table) AS \(partials.fill) ORDER BY 1
            """
        try connection.execute(statement.text, statement.parameters)
    }

    private func renew(
        _ partials: KeptPartials, _ days: [ClosedRange<Int>], _ connection: isolated Connection
    ) throws {
        guard !days.isEmpty else { return }
        for range in days {
            let gone: SQLText = """
                DELETE FROM kept.\(name: partials.table) WHERE \(name: "b") \
                BETWEEN \(value: .date(Int32(range.lowerBound))) AND \(value: .date(Int32(range.upperBound)))
                """
            try connection.execute(gone.text, gone.parameters)
        }
        let again: SQLText =
            "INSERT INTO kept.\(name: partials.table) \(partials.refill(Self.joined(days)))"
        try connection.execute(again.text, again.parameters)
    }

    /// Ranges that do not overlap: a day scanned twice would count twice.
    private static func joined(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { result, range in
            if let last = result.last, range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
    }

    // MARK: Cells

    /// Computes the chosen frames and puts their rows in the place of those there are.
    private func write(
        _ chosen: [[Int]], _ before: [Int64: [Instant: Int64]], _ connection: isolated Connection
    ) throws -> (cells: Int, frames: Int) {
        let all = outline.starts.map { Array($0.indices) }
        let table = KeptTable(question: question)
        let count = chosen.reduce(0) { $0 + $1.count }
        let isWhole = chosen == all || before.isEmpty
        if !isWhole {
            let part = outline.only(chosen)
            let (answer, occurs, groups) = try answer(part, connection)
            let isSame = try groups.flatMap { $0 } == store.groups()
            if isSame,
                let rows = table.rows(
                    answer, occurs: occurs, outline: part, kinds: try store.kinds())
            {
                try store.replace(
                    gone(chosen, before), groupings: question.groupings.count, with: rows)
                return (answer.cellCount, count)
            }
        }
        // Groups that come or go have rows in every period.
        let (answer, occurs, groups) = try answer(outline, connection)
        let rows = table.rows(answer, occurs: occurs, outline: outline, kinds: [:])!
        try store.replaceAll(rows)
        try store.setGroups(groups)
        return (answer.cellCount, all.reduce(0) { $0 + $1.count })
    }

    /// Frames whose rows go: those computed again, and those that are no longer asked for.
    private func gone(
        _ chosen: [[Int]], _ before: [Int64: [Instant: Int64]]
    ) -> [(grain: Int, start: Instant)] {
        var gone: [(Int, Instant)] = []
        for (grain, starts) in outline.starts.enumerated() {
            gone += chosen[grain].map { (grain, starts[$0]) }
            let present = Set(starts)
            gone += (before[Int64(grain)] ?? [:]).keys.filter { !present.contains($0) }
                .map { (grain, $0) }
        }
        return gone
    }

    /// - Parameter kpis: those that are wanted; nil: all.
    private func answer(
        _ outline: Outline, of kpis: Set<String>? = nil, _ connection: isolated Connection
    ) throws -> (Answer, [[Bool]], groups: [[Int64]]) {
        let plan = try planner.keptPlan(outline, number: kept.number, computed: kpis)
        let tables = try company.run(plan.scans, on: connection)
        let evaluator = Evaluator(plan: plan, workspace: company.workspace, tables: tables)
        let (answer, occurs) = try evaluator.keptAnswer(header: company.header)
        return (answer, occurs, evaluator.groupNumbers())
    }
}
