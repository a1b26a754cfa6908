import KPICore
import KPIEngine
import KPIFormula
import KPIIngest
import KPIModel
import KPIQuery

/// Everything behind one cell.
package struct Explanation: Sendable {
    package let card: Card
    package let header: KPIHeader
    package let cell: CellBlock
    package let group: Int
    package let definition: String
    package let asOf: String
    /// Name and version of the engine that ran the scans.
    package let engine: String
    /// For each scan its data, shape and SQL.
    package let scans: [(title: String, sql: String, parameters: [String])]
    /// Value of every measure behind the cell, in its window.
    package let inputs: [Input]
    /// How far beyond its own time a record of a measure is looked at.
    package let windows: [(label: Bilingual, count: Int, isHours: Bool)]
    /// Values of the parameters of its measures, by name.
    package let parameters: [(name: String, value: Int64)]
    package let records: [Records]
    /// The measures that the card shows beside its value.
    package let beside: [Input]
    /// Whether records are not listed because the card withholds small cells.
    package let isAnonymous: Bool
    /// How far the data behind it can be trusted, where that was asked.
    package fileprivate(set) var quality: KPIQuality?

    package struct Input: Sendable {
        package let label: Bilingual
        package let id: String
        package let value: Scalar
        package let state: CellState
        package let unit: Unit
        package let isWorkingTime: Bool
    }

    package struct Records: Sendable {
        package let dataset: String
        package let label: Bilingual
        package let listsKeys: Bool
        package let window: String
        package let total: Int
        /// At most as many rows as asked for.
        package let table: Table
    }
}

extension Company {
    /// Explains one cell.
    ///
    /// - Parameters:
    ///   - period: name of a period, or `total`.
    ///   - members: `dimension=value` pairs of the cell's group.
    ///   - limit: records shown of each measure.
    ///   - withQuality: whether the data behind it are looked at too, which costs a scan of them.
    package func explain(
        _ kpi: String, period: String, members: [String], filter: String? = nil,
        asOf: String? = nil, limit: Int = 20, withQuality: Bool = true
    ) async throws -> Explanation {
        try await atOneState {
            var explanation = try await explainNow(kpi, period, members, filter, asOf, limit)
            if withQuality {
                explanation.quality =
                    try await quality([explanation.card.id], grain: .total).kpis.first
            }
            return explanation
        }
    }

    private func explainNow(
        _ kpi: String, _ period: String, _ members: [String], _ filter: String?, _ asOf: String?,
        _ limit: Int
    ) async throws -> Explanation {
        var pairs: [(dimension: String, value: String)] = []
        for text in members { pairs.append(try pair(text)) }
        var words = QuestionText()
        words.kpis = [kpi]
        words.filter = filter
        words.asOf = asOf
        if !pairs.isEmpty { words.groupings = [pairs.map(\.dimension).joined(separator: ",")] }
        words.grains = ["total"]
        if period != "total" {
            guard let named = workspace.calendar.period(named: period) else {
                throw Diagnostics(.badPeriod(period))
            }
            words.grains = [named.grain.rawValue]
            words.from = period
            words.to = period
        }
        var question = try QuestionReader(workspace).question(words)
        try await checkGroup(question, pairs)
        // A cell of a moved window, or of a share, need not have a record in its own period.
        question.group = Dictionary(pairs.map { ($0.dimension, $0.value) }) { first, _ in first }
        let (plan, answer, connection) = try await answer(question)
        let block = answer.blocks[0]
        guard let group = block.group(of: pairs), block.state[group] != .absent else {
            throw Diagnostics(.noSuchCell)
        }
        let planner = Planner(workspace: workspace, facts: try await warehouse.facts())
        let listings = try planner.listings(plan, members: pairs)
        var records: [Explanation.Records] = []
        let card = plan.kpis[0].card
        // Where small cells are withheld nobody may be told from single records either.
        let isAnonymous = card.minimumRecords != nil
        for listing in isAnonymous ? [] : listings {
            records.append(try await self.records(listing, limit, connection))
        }
        let zone = workspace.calendar.zone
        return Explanation(
            card: plan.kpis[0].card, header: block.kpi, cell: block, group: group,
            definition: Definition.text(of: plan.kpis[0].card, in: workspace),
            asOf: LocalClock.text(zone.local(plan.asOf)) + zone.offsetText(at: plan.asOf),
            engine: "DuckDB \(warehouse.database.library.version)",
            scans: plan.scans.map(describe),
            inputs: block.state[group] == .withheld
                ? [] : try await inputs(question.asked(at: plan.asOf), card, pairs),
            windows: windows(of: card), parameters: parameters(of: card), records: records,
            beside: block.state[group] == .withheld
                ? []
                : try await inputs(question.asked(at: plan.asOf), card, pairs, card.companions),
            isAnonymous: isAnonymous)
    }

    /// A group that occurs at no time has no cell.
    private func checkGroup(
        _ question: Question, _ pairs: [(dimension: String, value: String)]
    ) async throws {
        guard !pairs.isEmpty else { return }
        var always = question
        always.grains = [.total]
        (always.from, always.to) = (nil, nil)
        let block = try await compute(always).blocks[0]
        guard block.group(of: pairs) != nil else { throw Diagnostics(.noSuchCell) }
    }

    private func pair(_ text: String) throws(Diagnostics) -> (dimension: String, value: String) {
        guard let sign = text.firstIndex(of: "=") else { throw Diagnostics(.badGroupValue(text)) }
        var words = QuestionText()
        words.groupings = [String(text[..<sign])]
        let dimension = try QuestionReader(workspace).question(words).dimensions.first
        guard let dimension else { throw Diagnostics(.badGroupValue(text)) }
        return (dimension, String(text[text.index(after: sign)...]))
    }

    private func describe(_ scan: Scan) -> (title: String, sql: String, parameters: [String]) {
        let shape =
            switch scan.shape {
            case .partials: "partials by day, rolled up at home"
            case .windows: "computed in every window from the records"
            case .kept: "kept partials rolled up"
            case .presence: "which groups there are"
            case .existence: "which units of the organisation exist when"
            case .lookup: "the figures that are stated for periods"
            }
        return (
            "\(scan.key.dataset) by \(scan.key.timeColumn): \(shape)", scan.statement.indented,
            scan.statement.parameters.map(shown)
        )
    }

    /// A bound value as a person reads it.
    private func shown(_ value: Scalar) -> String {
        switch value {
        case .text(let text): "'\(text)'"
        case .integer(let number): String(number)
        case .decimal(let number): number.description
        case .double(let number): number.description
        case .bool(let value): value ? "true" : "false"
        case .date(let day): CivilDate(day: Int(day)).description
        case .timestamp(let instant, _):
            LocalClock.text(workspace.calendar.zone.local(instant))
                + workspace.calendar.zone.offsetText(at: instant)
        default: "\(value)"
        }
    }

    private func records(
        _ listing: RecordListing, _ limit: Int, _ connection: Connection
    ) async throws -> Explanation.Records {
        let table = try await connection.perform { connection in
            try prepare(for: [listing.statement], on: connection)
            for (name, table) in listing.tables {
                _ = try connection.ingest(table, into: name, mode: .replace, temporary: true)
            }
            return try connection.query(listing.statement.text, listing.statement.parameters)
        }
        let zone = workspace.calendar.zone
        func text(_ instant: Instant) -> String { LocalClock.text(zone.local(instant)) }
        return Explanation.Records(
            dataset: listing.use.dataset, label: listing.label, listsKeys: listing.listsKeys,
            window: "[\(text(listing.window.start)), \(text(listing.window.end)))",
            total: table.rowCount, table: table.first(limit))
    }

    private func windows(
        of card: Card
    ) -> [(label: Bilingual, count: Int, isHours: Bool)] {
        card.formula.node.measures.map(workspace.measure).compactMap { measure in
            measure.window.map { (measure.label, $0.count, $0.isHours) }
        }
    }

    private func parameters(of card: Card) -> [(name: String, value: Int64)] {
        card.formula.node.measures.map(workspace.measure).flatMap(\.parameters)
            .reduce(into: []) { all, one in
                if !all.contains(where: { $0 == (one.key, one.value) }) {
                    all.append((one.key, one.value))
                }
            }
            .sorted { $0 < $1 }
    }

    /// The value of each measure in the cell's own window.
    private func inputs(
        _ question: Question, _ card: Card, _ pairs: [(dimension: String, value: String)],
        _ uses: [MeasureUse]? = nil
    ) async throws -> [Explanation.Input] {
        var inputs: [Explanation.Input] = []
        let dimensions = pairs.map(\.dimension)
        for use in uses ?? card.formula.node.measures {
            let known = workspace.dataset(use.dataset)!
            // What is shown beside need not be broken down in the same way.
            guard uses == nil || dimensions.allSatisfy({ known.dimension($0) != nil }) else {
                continue
            }
            let measure = workspace.measure(use)
            var single = workspace
            var probe = card
            probe.formula = KPIFormula(node: .measure(use), unit: measure.unit, isPercent: false)
            single.cards = [probe]
            let company = Company(workspace: single, warehouse: warehouse)
            let block = try await company.compute(question).blocks[0]
            guard let group = block.group(of: pairs) else { continue }
            inputs.append(
                Explanation.Input(
                    label: measure.label, id: measure.id, value: block.value[group],
                    state: block.state[group], unit: measure.unit,
                    isWorkingTime: workspace.isWorkingTime(measure)))
        }
        return inputs
    }
}

extension CellBlock {
    /// The group with these values of its dimensions.
    func group(of pairs: [(dimension: String, value: String)]) -> Int? {
        let wanted = dimensions.map { name in pairs.first { $0.dimension == name }?.value }
        return (0..<groupCount).first { group in
            members.indices.allSatisfy { members[$0][group] == wanted[$0] }
        }
    }
}

extension Table {
    /// At most the first `count` rows.
    func first(_ count: Int) -> Table {
        guard rowCount > count else { return self }
        let columns = columns.map { column in
            let texts = (0..<count).map { row -> String in
                switch column[row] {
                case .text(let text): text
                case .integer(let number): String(number)
                default: ""
                }
            }
            let present = (0..<count).map { column.isValid($0) }
            return Column(name: column.name, values: .text(texts), validity: present)
        }
        return Table(columns: columns)
    }
}
