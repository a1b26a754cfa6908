import KPICore
import KPIModel

/// Measures computed in every window and grouping from the records: what does not add, and what is
/// cut inside a day. Windows are joined day by day, so that they may overlap.
extension ScanContext {
    func windowScan(_ demands: [Demand], table: String) throws(Diagnostics) -> Scan {
        let windows = ordered(demands)
        var compiler = compiler()
        var list = AggregateList()
        let measures = orderedUses(demands).map {
            list.add($0, builder.workspace.measure($0), intervals: builder.intervals, &compiler)
        }
        let groupings = Set(demands.map(\.grouping)).sorted { $0.lexicographicallyPrecedes($1) }
        let dimensions = Set(groupings.joined()).sorted()
        let members: [SQLText] = dimensions.enumerated().map {
            "\(member($1, &compiler)) AS \(name: "d\($0)")"
        }
        let source = recordsInWindows(
            windows, table: table, columns: members + list.inputColumns, &compiler)
        let columns = dimensions.indices.map { "d\($0)" }
        let statement: SQLText = """
            SELECT \(name: "w"), \(setColumn(columns)) AS \(name: "g")\(columns.map { ", \(name: $0)" as SQLText }, separator: ""), \
            \(list.outputColumns) FROM (\(source)) AS \(name: "s") \
            GROUP BY GROUPING SETS (\(groupingSets(groupings, dimensions, first: ["w"])))
            """
        return Scan(
            key: key, shape: .windows, statement: statement,
            windowTable: (table, windowTable(windows)),
            boundsTable: (table + "_bounds", boundsTable(windows)),
            layout: ScanLayout(
                dimensions: dimensions, sets: setIDs(groupings, dimensions), measures: measures,
                windows: windows))
    }

    // MARK: Pieces shared with entity scans

    func ordered(_ demands: [Demand]) -> [CoveredWindow] {
        [CoveredWindow](
            ordered: demands.reduce(into: []) { $0.formUnion($1.windows) })
    }

    func setColumn(_ columns: [String]) -> SQLText {
        columns.isEmpty ? "0" : "GROUPING(\(columns.map { "\(name: $0)" as SQLText }))"
    }

    func groupingSets(
        _ groupings: [[String]], _ dimensions: [String], first: [String], last: [String] = []
    ) -> [SQLText] {
        groupings.map { grouping in
            let own = grouping.map { "d\(dimensions.firstIndex(of: $0)!)" }
            return "(\((first + own + last).map { "\(name: $0)" as SQLText }))"
        }
    }

    func setIDs(_ groupings: [[String]], _ dimensions: [String]) -> [Int: [String]] {
        groupings.reduce(into: [:]) { sets, grouping in
            sets[groupingID(dimensions, Set(grouping))] = grouping
        }
    }

    /// One row for each window and covered local day it touches; `lo` and `hi` only where a day is cut.
    func windowTable(_ windows: [CoveredWindow]) -> Table {
        var days: [Int32] = []
        var ids: [Int64] = []
        var low: [Int64] = []
        var high: [Int64] = []
        var isCut: [Bool] = []
        for (id, window) in windows.enumerated() {
            guard let range = self.days(window.window) else { continue }
            let whole = isDayAligned(window.window)
            for day in self.days(window).joined() {
                let cutHere = !whole && (day == range.lowerBound || day == range.upperBound)
                days.append(Int32(day))
                ids.append(Int64(id))
                low.append(window.start)
                high.append(window.end)
                isCut.append(cutHere)
            }
        }
        return Table(columns: [
            Column(name: "day", values: .date(days)),
            Column(name: "w", values: .int64(ids)),
            Column(name: "lo", values: .timestamp(low, zone: "UTC"), validity: isCut),
            Column(name: "hi", values: .timestamp(high, zone: "UTC"), validity: isCut),
        ])
    }

    /// The bounds of every window, as instants and as local days.
    func boundsTable(_ windows: [CoveredWindow]) -> Table {
        let calendar = builder.workspace.calendar
        return Table(columns: [
            Column(name: "w", values: .int64(windows.indices.map { Int64($0) })),
            Column(name: "lo", values: .timestamp(windows.map(\.start), zone: "UTC")),
            Column(name: "hi", values: .timestamp(windows.map(\.end), zone: "UTC")),
            Column(
                name: "first",
                values: .date(windows.map { Int32(calendar.firstDay(notBefore: $0.start)) })),
            Column(
                name: "end",
                values: .date(windows.map { Int32(calendar.firstDay(notBefore: $0.end)) })),
        ])
    }
}
