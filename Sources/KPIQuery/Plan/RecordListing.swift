import KPICore
import KPIFormula
import KPIModel

/// The records (or the keys) behind one cell: a statement for each measure behind its n.
package struct RecordListing: Sendable {
    package let use: MeasureUse
    package let label: Bilingual
    /// Keys of a distinct count or entity measure instead of records.
    package let listsKeys: Bool
    package let window: Window
    package let statement: SQLText
    /// To be ingested as temporary tables before the statement runs.
    package let tables: [(name: String, table: Table)]
}

extension Planner {
    /// The listings of the cell of a plan with one KPI, one grain and one period.
    ///
    /// - Parameter members: the value of each dimension of the grouping.
    package func listings(
        _ plan: Plan, members: [(dimension: String, value: String)]
    ) throws(Diagnostics) -> [RecordListing] {
        guard let kpi = plan.kpis.first, let frame = plan.grains.first?.frames.first
        else { return [] }
        let node = kpi.card.formula.node
        var leaves: [(MeasureUse, Frame, [(dimension: String, value: String)])] = []
        gather(node.quotient?.denominator ?? node, frame, members, plan.frameMaker, into: &leaves)
        var listings: [RecordListing] = []
        for (use, frame, members) in leaves {
            guard let covered = kpi.covered(frame) else { continue }
            listings.append(try listing(use, covered, members, plan))
        }
        return listings
    }

    private func gather(
        _ node: FormulaNode, _ frame: Frame, _ members: [(dimension: String, value: String)],
        _ maker: FrameMaker,
        into leaves: inout [(MeasureUse, Frame, [(dimension: String, value: String)])]
    ) {
        switch node {
        case .measure(let use): leaves.append((use, frame, members))
        case .previous(let inner, _), .yearAgo(let inner), .toDate(let inner, _),
            .rolling(let inner, _, _):
            gather(inner, maker.moved(frame, by: node), members, maker, into: &leaves)
        case .share(let inner, let over), .whole(let inner, let over):
            let kept = over.isEmpty ? [] : members.filter { !over.contains($0.dimension) }
            gather(inner, frame, kept, maker, into: &leaves)
        default:
            for child in node.children { gather(child, frame, members, maker, into: &leaves) }
        }
    }

    private func listing(
        _ use: MeasureUse, _ covered: CoveredWindow,
        _ members: [(dimension: String, value: String)], _ plan: Plan
    ) throws(Diagnostics) -> RecordListing {
        let measure = workspace.measure(use)
        let builder = ScanBuilder(
            workspace: workspace, facts: facts, dialect: dialect, asOf: plan.asOf,
            range: plan.range, filter: plan.question.filter, intervals: false)
        let key = ScanKey(measure, in: workspace)
        let own = facts[key.dataset]?.coverage[key.timeColumn] ?? covered.window
        let context = try ScanContext(
            builder: builder, key: key,
            records: own.intersection(Window(start: .min, end: plan.asOf)))
        let isKeyed = measure.entity != nil || measure.aggregate.kind == .distinct
        let statement =
            measure.entity != nil
            ? try context.entityKeys(use, measure, covered, members)
            : context.records(use, measure, covered, members)
        return RecordListing(
            use: use, label: measure.label, listsKeys: isKeyed, window: covered.window,
            statement: statement,
            tables: [
                (ScanContext.keyTable, context.windowTable([covered])),
                (ScanContext.keyTable + "_bounds", context.boundsTable([covered])),
            ])
    }
}

extension ScanContext {
    /// Records of a measure in a window and group; of a distinct count its keys.
    func records(
        _ use: MeasureUse, _ measure: Measure, _ covered: CoveredWindow,
        _ members: [(dimension: String, value: String)]
    ) -> SQLText {
        var compiler = compiler()
        var (source, conditions) = listed(covered)
        for condition in [filter, measure.condition, use.filter].compactMap({ $0 }) {
            conditions.append(compiler.sql(condition, isCondition: true))
        }
        for (name, value) in members {
            conditions.append("\(member(name, &compiler)) = \(value: .text(value))")
        }
        let argument = measure.aggregate.argument.map { compiler.sql($0) }
        if let argument { conditions.append("\(argument) IS NOT NULL") }
        if measure.aggregate.kind == .distinct, let argument {
            return """
                SELECT CAST(\(argument) AS VARCHAR) AS \(name: "key"), count(*) AS \(name: "records") \
                FROM \(builder.dialect.table(key.dataset)) AS \(name: "r")\(source)\(compiler.joinClauses()) \
                WHERE \(conditions, separator: " AND ") GROUP BY 1 ORDER BY 1
                """
        }
        let zone = builder.workspace.calendar.zone
        let columns: [SQLText] = dataset.columns.map { column in
            let plain: SQLText = "\(name: "r").\(name: column.name)"
            let shown = column.type == .timestamp ? builder.dialect.local(plain, zone) : plain
            return ", CAST(\(shown) AS VARCHAR) AS \(name: column.name)"
        }
        return """
            SELECT \(name: "f").\(name: "path") AS \(name: "file"), \(name: "r").\(name: "$line") AS \(name: "line")\
            \(columns, separator: "") FROM \(builder.dialect.table(key.dataset)) AS \(name: "r")\(source) \
            LEFT JOIN plumb.files AS \(name: "f") ON \(name: "f").\(name: "id") = \(name: "r").\(name: "$file")\
            \(compiler.joinClauses()) WHERE \(conditions, separator: " AND ") \
            ORDER BY \(name: "r").\(name: key.timeColumn), 1, 2
            """
    }

    /// The one window of a listing, joined as its bounds, and what puts records into it.
    private func listed(_ covered: CoveredWindow) -> (join: SQLText, conditions: [SQLText]) {
        if case .stock(let stock) = key.kind { return inForce(stock, Self.keyTable) }
        return (
            " CROSS JOIN \(name: Self.keyTable + "_bounds") AS \(name: "p")",
            [within(covered.window.intersection(records), alias: "r")]
                + covered.gaps.map { "NOT (\(within($0, alias: "r")))" }
        )
    }
}
