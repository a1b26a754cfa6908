import KPICore
import KPIModel

/// Which groups of stocks and cohorts occur in which windows: those of the records that are in force in
/// some part of a window, or whose entity entered in it. Of events the partials say it.
extension ScanContext {
    /// - Parameter windows: of the range, and where it is kept of every period.
    /// - Returns: nil where only the whole company is asked for.
    func presenceScan(
        _ demands: [Demand], _ windows: Set<CoveredWindow>, table: String
    ) -> Scan? {
        let windows = [CoveredWindow](ordered: windows)
        let groupings = Set(demands.map(\.grouping)).filter { !$0.isEmpty }
            .sorted { $0.lexicographicallyPrecedes($1) }
        guard !groupings.isEmpty else { return nil }
        let dimensions = Set(groupings.joined()).sorted()
        var compiler = compiler()
        if case .stock(let stock) = key.kind { compiler.moment = presence(of: stock) }
        let members: [SQLText] = dimensions.enumerated().map {
            "\(member($1, &compiler)) AS \(name: "d\($0)")"
        }
        var conditions: [SQLText] = []
        if case .cohort(_, let condition?) = key.kind {
            conditions = condition.conjuncts.filter { !$0.usesEver && !$0.usesPeriod }.map {
                compiler.sql($0, isCondition: true)
            }
        }
        let source = recordsInWindows(
            windows, table: table, columns: members, conditions: conditions, isPresence: true,
            &compiler)
        let columns = dimensions.indices.map { "d\($0)" }
        let statement: SQLText = """
            SELECT \(name: "w"), \(setColumn(columns)) AS \(name: "g")\(columns.map { ", \(name: $0)" as SQLText }, separator: ""), \
            count(*) AS \(name: "v0") FROM (\(source)) AS \(name: "s") \
            GROUP BY GROUPING SETS (\(groupingSets(groupings, dimensions, first: ["w"])))
            """
        return Scan(
            key: key, shape: .presence, statement: statement,
            windowTable: (table, windowTable(windows)),
            boundsTable: (table + "_bounds", boundsTable(windows)),
            layout: ScanLayout(
                dimensions: dimensions, sets: setIDs(groupings, dimensions), measures: [],
                windows: windows))
    }

    /// The part of a window in which a record is in force: history is looked up all along it.
    private func presence(of stock: Stock) -> Moment {
        let (from, to) = range(of: stock)
        let (low, high) = bounds(of: stock)
        let end: SQLText = "least(\(to), \(high))"
        return stock.moment == .opening
            ? .during(from, end, notBefore: low) : .during("greatest(\(from), \(low))", end)
    }

    /// The columns between which a record of a stock is in force.
    func range(of stock: Stock) -> (from: SQLText, to: SQLText) {
        if stock.isSnapshot {
            return ("\(name: "n").\(name: "from")", "\(name: "n").\(name: "to")")
        }
        guard let to = stock.to else {
            let type = builder.dialect.type(dataset.column(stock.from)!.type)
            return ("\(name: "r").\(name: stock.from)", "CAST(NULL AS \(type))")
        }
        return ("\(name: "r").\(name: stock.from)", "\(name: "r").\(name: to)")
    }

    /// Those of a window, in the type of the stock's columns.
    private func bounds(of stock: Stock) -> (low: SQLText, high: SQLText) {
        let isDate = dataset.column(stock.from)!.type == .date
        return (
            "\(name: "p").\(name: isDate ? "first" : "lo")",
            "\(name: "p").\(name: isDate ? "end" : "hi")"
        )
    }

    /// In force just before some instant of a window: of an opening its start is one, of a closing its
    /// end.
    func touches(_ stock: Stock) -> SQLText {
        let (from, to) = range(of: stock)
        let (low, high) = bounds(of: stock)
        let lasts: SQLText =
            stock.moment == .opening ? "\(to) >= \(low)" : "\(to) > \(low)"
        return "\(from) < \(high) AND (\(to) IS NULL OR \(lasts))"
    }
}
