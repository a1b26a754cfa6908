import KPICore
import KPIModel

/// Partials of one dataset and time column that stay in the store between questions.
package struct KeptPartials: Sendable {
    /// In the schema `kept`.
    package let table: String
    package let key: ScanKey
    /// The definition of the partials: other partials have another one.
    package let signature: SQLText
    /// All of them.
    package let fill: SQLText
    /// As `fill`, for some local days alone.
    package let refill: @Sendable ([ClosedRange<Int>]) -> SQLText
    /// The local day that holds as-of, which was cut: it is renewed when as-of moves.
    package let lastDay: Int
}

extension ScanContext {
    static let keptSchema = "kept"

    /// Roll-ups of kept partials, one for each family of dimensions that are grouped by together.
    func keptScans(
        _ uses: [MeasureUse], _ rollups: [[String]: Set<CoveredWindow>], table: String
    ) throws(Diagnostics) -> [Scan] {
        let groupings = Set(rollups.keys)
        let all = partials(uses, groupings, counted: nil, within(records, alias: "r"))
        let kept = KeptPartials(
            table: table, key: key, signature: try signature(uses, groupings), fill: all.statement,
            refill: { days in
                let bounds = self.within(self.records, alias: "r")
                return self.partials(
                    uses, groupings, counted: nil, "\(bounds) AND \(self.isAmong(days))"
                ).statement
            },
            lastDay: builder.workspace.calendar.day(of: records.end))
        let range = CoveredWindow(builder.range.intersection(records))
        let demanded = rollups.values.reduce(into: Set<CoveredWindow>()) { $0.formUnion($1) }
        let asked =
            demanded.union(
                builder.presenceWindows.map { CoveredWindow($0.intersection(records)) }
                    .filter { !$0.isEmpty }
            )
            .subtracting([range])
        let windows = [CoveredWindow](ordered: asked) + [range]
        var scans: [Scan] = []
        for (id, family) in all.sets.sorted(by: { $0.key < $1.key }) {
            let served = groupings.filter { grouping in
                Set(family).isSuperset(of: grouping)
                    && !scans.contains { $0.layout.sets.values.contains(grouping) }
            }
            guard !served.isEmpty else { continue }
            var scan = rollup(
                all, family, id, served.sorted { $0.lexicographicallyPrecedes($1) }, windows,
                isRangeDemanded: demanded.contains(range), table)
            if scans.isEmpty { scan.kept = kept }
            scans.append(scan)
        }
        return scans
    }

    /// The year 9999: an as-of that no record reaches.
    private static let farthest: Instant = 253_370_764_800_000_000

    /// What the partials are, whatever the as-of and the records there are.
    private func signature(
        _ uses: [MeasureUse], _ groupings: Set<[String]>
    ) throws(Diagnostics) -> SQLText {
        var timeless = builder
        timeless.asOf = Self.farthest
        return try ScanContext(
            builder: timeless, key: key, records: Window(start: 0, end: Self.farthest)
        )
        .partials(uses, groupings, counted: nil, "TRUE").statement
    }

    private func isAmong(_ days: [ClosedRange<Int>]) -> SQLText {
        let day: SQLText = "\(name: "r").\(name: dayColumn)"
        let ranges: [SQLText] = days.map {
            "\(day) BETWEEN \(value: .date(Int32($0.lowerBound))) AND \(value: .date(Int32($0.upperBound)))"
        }
        return ranges.isEmpty ? "FALSE" : "(\(ranges, separator: " OR "))"
    }

    private func rollup(
        _ partials: Partials, _ family: [String], _ id: Int, _ groupings: [[String]],
        _ windows: [CoveredWindow], isRangeDemanded: Bool, _ table: String
    ) -> Scan {
        let dimensions = Set(groupings.joined()).sorted()
        let members: [SQLText] = dimensions.enumerated().map {
            ", \(name: "s").\(name: "d\(partials.dimensions.firstIndex(of: $1)!)") AS \(name: "d\($0)")"
        }
        var layout = ScanLayout(
            dimensions: dimensions, sets: setIDs(groupings, dimensions),
            measures: partials.measures,
            windows: windows)
        layout.records = records
        let operations = layout.operations(builder.workspace)
        let counts = Set(
            ["v0"] + partials.measures.flatMap { [$0.count, $0.open].compactMap { $0 } })
        let values: [SQLText] = (0..<partials.columns).map { index in
            let column = "v\(index)"
            let plain: SQLText = "\(name: column)"
            return switch operations[column] {
            case .min: ", min(\(plain)) AS \(name: column)"
            case .max: ", max(\(plain)) AS \(name: column)"
            default:
                counts.contains(column)
                    ? ", CAST(sum(\(plain)) AS BIGINT) AS \(name: column)"
                    : ", sum(\(plain)) AS \(name: column)"
            }
        }
        let rows: [SQLText] = (0..<partials.columns).map { ", \(name: "s").\(name: "v\($0)")" }
        let columns = dimensions.indices.map { "d\($0)" }
        let days = "plumb_kept_\(table)_\(id)"
        let rolledUp: SQLText = """
            SELECT \(name: "w"), \(setColumn(columns)) AS \(name: "g")\(columns.map { ", \(name: $0)" as SQLText }, separator: "")\
            \(values, separator: "") FROM (SELECT \(name: "m").\(name: "w")\(members, separator: "")\(rows, separator: "") \
            FROM \(name: Self.keptSchema).\(name: table) AS \(name: "s") \
            JOIN \(name: days) AS \(name: "m") ON \(name: "m").\(name: "day") = \(name: "s").\(name: "b") \
            WHERE \(name: "s").\(name: "g") = \(integer: id)) \
            GROUP BY GROUPING SETS (\(groupingSets(groupings, dimensions, first: ["w"])))
            """
        guard !isRangeDemanded else {
            return Scan(
                key: key, shape: .kept, statement: rolledUp,
                windowTable: (days, windowTable(windows)), boundsTable: nil, layout: layout)
        }
        // Of the range only which groups have records is asked for.
        let others: [SQLText] = (1..<partials.columns).map { _ in ", NULL" }
        let occurring: SQLText = """
            SELECT CAST(\(integer: windows.count - 1) AS BIGINT), \(setColumn(columns))\(columns.map { ", \(name: $0)" as SQLText }, separator: "")\
            , CAST(sum(\(name: "v0")) AS BIGINT)\(others, separator: "") FROM (SELECT \(name: "s").\(name: "v0")\
            \(members, separator: "") FROM \(name: Self.keptSchema).\(name: table) AS \(name: "s") \
            WHERE \(name: "s").\(name: "g") = \(integer: id) AND \(isStored(windows[windows.count - 1].window))) \
            GROUP BY GROUPING SETS (\(groupingSets(groupings, dimensions, first: [])))
            """
        return Scan(
            key: key, shape: .kept, statement: "(\(rolledUp)) UNION ALL (\(occurring))",
            windowTable: (days, windowTable(Array(windows.dropLast()))), boundsTable: nil,
            layout: layout)
    }

    /// The kept rows of a window's days.
    private func isStored(_ window: Window) -> SQLText {
        guard let days = days(window) else { return "FALSE" }
        let (first, last) = (Int32(days.lowerBound), Int32(days.upperBound))
        return "\(name: "s").\(name: "b") BETWEEN \(value: .date(first)) AND \(value: .date(last))"
    }
}
