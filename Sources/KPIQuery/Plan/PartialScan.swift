import KPICore
import KPIModel

/// Additive measures by day and dimensions: one grouped scan for a dataset and time column.
///
/// Dimensions of one reference (agent, team, office) are grouped by together, for finer groups hold
/// coarser ones; unrelated dimensions get grouping sets of their own. References that only
/// dimensions need are followed after the aggregation, on few rows.
extension ScanContext {
    func partialScan(
        _ uses: [MeasureUse], _ rollups: [[String]: Set<CoveredWindow>], _ span: Window
    ) throws(Diagnostics) -> Scan {
        let partials = partials(
            uses, Set(rollups.keys), counted: presence(in: span),
            within(span.intersection(records), alias: "r"))
        var layout = ScanLayout(
            dimensions: partials.dimensions, sets: partials.sets, measures: partials.measures,
            windows: [])
        layout.rollups = rollups.mapValues { windows in
            [CoveredWindow](ordered: windows).map { RollupWindow(window: $0, days: days($0)) }
        }
        return Scan(
            key: key, shape: .partials, statement: partials.statement, windowTable: nil,
            boundsTable: nil, layout: layout)
    }

    /// - Parameters:
    ///   - counted: which records make a group occur; nil: all.
    ///   - bounds: which records are read.
    func partials(
        _ uses: [MeasureUse], _ groupings: Set<[String]>, counted: SQLText?, _ bounds: SQLText
    ) -> Partials {
        var inner = compiler()
        var list = AggregateList()
        let presence = list.count(counted)
        let measures = uses.map {
            list.add($0, builder.workspace.measure($0), intervals: builder.intervals, &inner)
        }
        precondition(presence == "v0")
        let condition = filter.map { inner.sql($0, isCondition: true) }

        let families = mergedSets(groupings)
        let dimensions = Set(families.joined()).sorted()
        var outer = RowCompiler(
            workspace: builder.workspace, dataset: dataset, dialect: builder.dialect,
            asOf: inner.asOf, alias: "p")
        // Only what looks up history by the day is followed after the aggregation.
        outer.moment = Moment(instant: "NULL", day: "\(name: "p").\(name: "$b")")
        var keys: [String] = []  // columns of the dataset to group by
        var computed: [SQLText] = []  // dimensions computed in the inner select
        var keysOf: [String: [String]] = [:]
        var memberOf: [String: SQLText] = [:]
        for id in dimensions {
            let expression = dimension(id).expression
            if let columns = deferredKeys(expression) {
                keysOf[id] = columns
                for column in columns where !keys.contains(column) { keys.append(column) }
                memberOf[id] = limited(id, outer.member(expression))
            } else {
                let column = "$c\(computed.count)"
                computed.append("\(member(id, &inner)) AS \(name: column)")
                keysOf[id] = [column]
                memberOf[id] = "\(name: "p").\(name: column)"
            }
        }
        let sets = distinctSets(families, keysOf)
        let keyColumns: [SQLText] = keys.map { "\(name: "r").\(name: $0)" } + computed
        let records: [SQLText] =
            [bounds] + [condition].compactMap { $0 }
        let select: [SQLText] =
            ["\(name: "r").\(name: dayColumn) AS \(name: "$b")"] + keyColumns + list.inputColumns
        let groups: [SQLText] = sets.map { set in
            let columns = Set(set.flatMap { keysOf[$0]! }).sorted()
            return "(\(([name("$b")] + columns.map(name)), separator: ", "))"
        }
        let allKeys = keys + computed.indices.map { "$c\($0)" }
        let setColumn: SQLText =
            sets.count == 1 || allKeys.isEmpty ? "0" : "GROUPING(\(allKeys.map(name)))"
        // No column of a dataset has a `$` in its name, so none is taken for another.
        let outputs: [SQLText] = list.outputs.enumerated().map { "\($1) AS \(name: "$v\($0)")" }
        let aggregated: SQLText = """
            SELECT \(name: "$b"), \(setColumn) AS \(name: "$g")\(allKeys.map { ", \(name: $0)" as SQLText }, separator: "")\
            , \(outputs) FROM (SELECT \(select) FROM \(builder.dialect.table(key.dataset)) AS \(name: "r")\
            \(inner.joinClauses()) WHERE \(records, separator: " AND ")) AS \(name: "s") \
            GROUP BY GROUPING SETS (\(groups))
            """
        let members: [SQLText] = dimensions.enumerated().map {
            ", \(memberOf[$1]!) AS \(name: "d\($0)")"
        }
        let values: [SQLText] = list.outputs.indices.map {
            ", \(name: "$v\($0)") AS \(name: "v\($0)")"
        }
        let statement: SQLText = """
            SELECT \(name: "$b") AS \(name: "b"), \(name: "$g") AS \(name: "g")\(members, separator: "")\
            \(values, separator: "") \
            FROM (\(aggregated)) AS \(name: "p")\(outer.joinClauses())
            """
        var setIDs: [Int: [String]] = [:]
        for set in sets {
            let own = Set(set.flatMap { keysOf[$0]! })
            let id = sets.count == 1 || allKeys.isEmpty ? 0 : groupingID(allKeys, own)
            setIDs[id] = set
        }
        return Partials(
            statement: statement, dimensions: dimensions, sets: setIDs, measures: measures,
            columns: list.outputs.count)
    }

    /// Records inside the range of the question: what makes a group occur. Records before it are read
    /// for comparisons alone.
    private func presence(in span: Window) -> SQLText? {
        let range = builder.range.intersection(records)
        return range.contains(span.intersection(records)) ? nil : within(range, alias: "r")
    }

    /// Sets that group by the same columns are one: twice, the engine would answer twice.
    private func distinctSets(
        _ families: [[String]], _ keysOf: [String: [String]]
    ) -> [[String]] {
        var byKeys: [Set<String>: Set<String>] = [:]
        for family in families {
            byKeys[Set(family.flatMap { keysOf[$0]! }), default: []].formUnion(family)
        }
        return byKeys.values.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func name(_ column: String) -> SQLText { "\(name: column)" }

    /// What `GROUPING(a, b, …)` gives: a bit for each column not grouped by, the last one lowest.
    func groupingID(_ columns: [String], _ grouped: Set<String>) -> Int {
        columns.reduce(0) { $0 * 2 + (grouped.contains($1) ? 0 : 1) }
    }

    /// The columns that stand for a dimension until after the aggregation: an own column, or those
    /// of the reference it follows. Nil when it is computed from more than that.
    private func deferredKeys(_ expression: RowExpression) -> [String]? {
        if case .literal = expression.node { return [] }
        guard case .column(let path, let name) = expression.node else { return nil }
        guard followsDays(path) else { return nil }
        guard let first = path.first else {
            let type = dataset.column(name)!.type
            return type == .timestamp || type == .double ? nil : [name]
        }
        return dataset.reference(first)!.columns
    }

    /// Whether a path can be followed with the day alone: history on it is kept in days.
    private func followsDays(_ path: [String]) -> Bool {
        var current = dataset
        for step in path {
            let reference = current.reference(step)!
            let target = builder.workspace.dataset(reference.target)!
            if reference.isTemporal {
                guard reference.at == nil, !reference.isJustBefore, !reference.isAtClosing,
                    key.attribution.at == nil,
                    let validity = target.validity,
                    target.column(validity.from)!.type == .date
                else { return false }
            }
            current = target
        }
        return true
    }

    /// Groupings joined where all their dimensions belong to one reference; larger sets serve the
    /// smaller ones they hold.
    private func mergedSets(_ groupings: Set<[String]>) -> [[String]] {
        var families: [Set<String>: Set<String>] = [:]
        for grouping in groupings where !grouping.isEmpty {
            families[Set(grouping.compactMap(root)), default: []].formUnion(grouping)
        }
        // Dimensions that are the same for every record cost nothing in any set.
        if let constant = families[[]],
            let host = families.keys.filter({ !$0.isEmpty }).min(by: {
                $0.sorted().lexicographicallyPrecedes($1.sorted())
            })
        {
            families[host]!.formUnion(constant)
            families[[]] = nil
        }
        let sets = families.values.map { $0 }
        let kept = sets.filter { set in
            !sets.contains { $0 != set && $0.isSuperset(of: set) }
        }
        if kept.isEmpty { return [[]] }
        return kept.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The reference a dimension belongs to, or itself; nil for a constant.
    private func root(_ id: String) -> String? {
        if case .literal = dimension(id).expression.node { return nil }
        guard case .column(let path, let name) = dimension(id).expression.node else {
            return "dimension " + id
        }
        if let first = path.first { return "reference " + first }
        let reference = dataset.references.first { $0.columns == [name] }
        return reference.map { "reference " + $0.name } ?? "dimension " + id
    }
}

/// A statement for partials by day and what its columns mean.
struct Partials {
    let statement: SQLText
    /// The columns `d0`, `d1`, …
    let dimensions: [String]
    /// For each value of the column `g` the dimensions grouped by.
    let sets: [Int: [String]]
    let measures: [LaidOutMeasure]
    /// How many columns `v0`, `v1`, … there are.
    let columns: Int
}

extension AggregateList {
    /// All records, or those that satisfy a condition.
    fileprivate mutating func count(_ condition: SQLText?) -> String {
        guard let condition else { return output("count(*)") }
        return output("count(*) FILTER (WHERE \(input(condition)))")
    }
}
