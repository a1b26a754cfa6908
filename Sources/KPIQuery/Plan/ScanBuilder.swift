import KPICore
import KPIFormula
import KPIModel

/// Fuses demands into scans: one of partials for each dataset and time column, and window scans
/// for what does not add or is cut inside a day.
struct ScanBuilder {
    let workspace: Workspace
    let facts: [String: DatasetFacts]
    let dialect: Dialect
    var asOf: Instant
    let range: Window
    let filter: Expression?
    let intervals: Bool
    /// The groups kept apart, by dimension; all where a dimension is not named.
    var kept: [String: Set<String>] = [:]
    /// The number of the kept question whose partials are rolled up instead of scanning records.
    var keeping: Int?
    /// With it: windows in which it is asked whether a group has records.
    var presenceWindows: Set<Window> = []

    func scans(_ demands: [Demand]) throws(Diagnostics) -> [Scan] {
        var order: [ScanKey] = []
        var byKey: [ScanKey: [Demand]] = [:]
        for demand in demands {
            let measure = workspace.measure(demand.use)
            let key = ScanKey(measure, in: workspace)
            if byKey[key] == nil { order.append(key) }
            byKey[key, default: []].append(demand)
        }
        var scans: [Scan] = []
        for key in order {
            guard let own = facts[key.dataset]?.coverage[key.timeColumn] else { continue }
            let records = own.intersection(Window(start: .min, end: asOf))
            let context = try ScanContext(builder: self, key: key, records: records)
            scans += try context.scans(byKey[key]!, number: scans.count, order.firstIndex(of: key)!)
        }
        return scans
    }
}

/// One dataset on one time column, while its scans are built.
struct ScanContext {
    let builder: ScanBuilder
    let key: ScanKey
    /// What lies outside does not exist for these scans.
    let records: Window
    let dataset: Dataset
    /// Of the question, resolved against this dataset.
    let filter: RowExpression?

    init(builder: ScanBuilder, key: ScanKey, records: Window) throws(Diagnostics) {
        self.builder = builder
        self.key = key
        self.records = records
        dataset = builder.workspace.dataset(key.dataset)!
        filter = try builder.filter.map { (tree) throws(Diagnostics) in
            try RowResolver(
                datasets: Dictionary(
                    uniqueKeysWithValues: builder.workspace.datasets.map { ($0.id, $0) }),
                dataset: builder.workspace.dataset(key.dataset)!,
                calendar: builder.workspace.calendar, prefersDimensions: true
            ).condition(tree)
        }
    }

    /// - Parameters:
    ///   - number: of the first scan.
    ///   - place: of this dataset and time column among those of the question.
    func scans(
        _ demands: [Demand], number: Int, _ place: Int
    ) throws(Diagnostics) -> [Scan] {
        var partial: [MeasureUse] = []
        var inWindows: [Demand] = []
        var entities: [Demand] = []
        var rollups: [[String]: Set<CoveredWindow>] = [:]
        var days: Set<Window> = []
        for demand in demands {
            let measure = builder.workspace.measure(demand.use)
            days.formUnion(demand.windows.map(\.window))
            if key.kind == .events, !isAtClosing {
                rollups[demand.grouping, default: []].formUnion([])
            }
            if measure.entity != nil {
                if !demand.windows.isEmpty { entities.append(demand) }
                continue
            }
            guard measure.isAdditive, !isAtClosing else {
                if !demand.windows.isEmpty { inWindows.append(demand) }
                continue
            }
            if !partial.contains(demand.use) { partial.append(demand.use) }
            let cut = demand.windows.filter { !isDayAligned($0.window) }
            rollups[demand.grouping]!.formUnion(demand.windows.subtracting(cut))
            if !cut.isEmpty {
                inWindows.append(Demand(use: demand.use, grouping: demand.grouping, windows: cut))
            }
        }
        if let keeping = builder.keeping, key.kind == .events, !isAtClosing {
            let table = "p\(keeping)_\(place)"
            var scans = try keptScans(partial, rollups, table: table)
            scans += try further(inWindows, entities, number)
            return scans
        }
        let hull = days.union([builder.range.intersection(records)]).filter { !$0.isEmpty }
        guard let first = hull.map(\.start).min(), let last = hull.map(\.end).max() else {
            return []
        }
        let span = Window(start: first, end: last)
        var scans: [Scan] = []
        if key.kind != .events {
            scans = [presence(demands, number)].compactMap { $0 }
        } else if !isAtClosing {
            scans = [try partialScan(partial, rollups, span)]
        }
        scans += try further(inWindows, entities, number)
        return scans
    }

    /// Whether who a record belongs to depends on the window: then no value of a day is one of a month.
    private var isAtClosing: Bool {
        let route = key.attribution.route ?? dataset.route
        return [route?.person, route?.unit].compactMap { $0 }.contains { path in
            var current = dataset
            for step in path {
                let reference = current.reference(step)!
                if reference.isAtClosing { return true }
                current = builder.workspace.dataset(reference.target)!
            }
            return false
        }
    }

    private func presence(_ demands: [Demand], _ number: Int) -> Scan? {
        let windows = builder.presenceWindows.union([builder.range]).filter { !$0.isEmpty }
        return presenceScan(
            demands, Set(windows.map { CoveredWindow($0) }), table: "plumb_presence_\(number)")
    }

    /// What is computed in windows from the records.
    private func further(
        _ inWindows: [Demand], _ entities: [Demand], _ number: Int
    ) throws(Diagnostics) -> [Scan] {
        var scans: [Scan] = []
        if !inWindows.isEmpty {
            scans.append(try windowScan(inWindows, table: "plumb_windows_\(number)"))
        }
        for (index, use) in orderedUses(entities).enumerated() {
            let own = entities.filter { $0.use == use }
            scans.append(try entityScan(own, table: "plumb_windows_\(number)_\(index)"))
        }
        return scans
    }

    func orderedUses(_ demands: [Demand]) -> [MeasureUse] {
        var uses: [MeasureUse] = []
        for demand in demands where !uses.contains(demand.use) { uses.append(demand.use) }
        return uses
    }

    // MARK: Time column

    var timeType: ValueType { dataset.column(key.timeColumn)!.type }

    /// The column that holds the local day of the time column.
    var dayColumn: String { timeType == .date ? key.timeColumn : key.timeColumn + "$day" }

    /// Whether whole days make up the window, as far as there are records.
    func isDayAligned(_ window: Window) -> Bool {
        if timeType == .date { return true }
        return isBoundary(window.start) && isBoundary(window.end)
    }

    private func isBoundary(_ instant: Instant) -> Bool {
        let calendar = builder.workspace.calendar
        if instant <= records.start || instant >= records.end { return true }
        return calendar.startOfDay(calendar.day(of: instant)) == instant
    }

    /// The local days of a window: from the first whose midnight lies in it (for timestamps: that
    /// it touches) to the last.
    func days(_ window: Window) -> ClosedRange<Int>? {
        let calendar = builder.workspace.calendar
        let first =
            timeType == .date
            ? calendar.firstDay(notBefore: window.start) : calendar.day(of: window.start)
        let last =
            timeType == .date
            ? calendar.firstDay(notBefore: window.end) - 1 : calendar.day(of: window.end - 1)
        return first <= last ? first...last : nil
    }

    /// The local days of a window without those of its gaps.
    func days(_ covered: CoveredWindow) -> [ClosedRange<Int>] {
        guard var rest = days(covered.window) else { return [] }
        let calendar = builder.workspace.calendar
        var found: [ClosedRange<Int>] = []
        for gap in covered.gaps {
            let first = calendar.firstDay(notBefore: gap.start)
            let next = calendar.firstDay(notBefore: gap.end)
            if first > rest.lowerBound { found.append(rest.lowerBound...first - 1) }
            guard next <= rest.upperBound else { return found }
            rest = max(next, rest.lowerBound)...rest.upperBound
        }
        return found + [rest]
    }

    /// Records whose time lies in a window.
    func within(_ window: Window, alias: String) -> SQLText {
        let column: SQLText = "\(name: alias).\(name: key.timeColumn)"
        if timeType == .date {
            let calendar = builder.workspace.calendar
            let first = Scalar.date(Int32(calendar.firstDay(notBefore: window.start)))
            let end = Scalar.date(Int32(endDay(of: window)))
            return "\(column) >= \(value: first) AND \(column) < \(value: end)"
        }
        let first = Scalar.timestamp(window.start, utc: true)
        let end = Scalar.timestamp(window.end, utc: true)
        return "\(column) >= \(value: first) AND \(column) < \(value: end)"
    }

    /// The first local day after a window; a last good day that as-of has not passed lies after it.
    private func endDay(of window: Window) -> Int {
        let calendar = builder.workspace.calendar
        let end = calendar.firstDay(notBefore: window.end)
        guard dataset.column(key.timeColumn)!.isLastDay else { return end }
        return min(end, calendar.day(of: builder.asOf))
    }

    func compiler() -> RowCompiler {
        var compiler = RowCompiler(
            workspace: builder.workspace, dataset: dataset, dialect: builder.dialect,
            asOf: builder.asOf)
        compiler.moment = moment
        compiler.special[.periodStart] = "\(name: "p").\(name: "lo")"
        compiler.special[.periodEnd] = "\(name: "p").\(name: "hi")"
        return compiler
    }

    /// When history is looked up for a record.
    private var moment: Moment {
        if case .stock(let stock) = key.kind { return instant(of: stock) }
        // What lies at or after as-of by the time column is left out anyway.
        guard let at = key.attribution.at else {
            return builder.dialect.moment(
                key.timeColumn, of: dataset, alias: "r", builder.workspace.calendar, asOf: nil)
        }
        return RowCompiler(
            workspace: builder.workspace, dataset: dataset, dialect: builder.dialect,
            asOf: builder.asOf
        ).moment(at, of: dataset, alias: "r")
    }

    /// The end of the window at which a stock is looked at, from the table of bounds `p`.
    func instant(of stock: Stock) -> Moment {
        let isOpening = stock.moment == .opening
        return Moment(
            instant: "\(name: "p").\(name: isOpening ? "lo" : "hi")",
            day: "\(name: "p").\(name: isOpening ? "first" : "end")", isJustBefore: true)
    }

    func dimension(_ id: String) -> Dimension {
        builder.workspace.dimension(id, of: dataset, along: key.attribution.route)!
    }

    /// The group of a record in one dimension, as text.
    func member(_ id: String, _ compiler: inout RowCompiler) -> SQLText {
        if case .cohort(let rule, _) = key.kind, id == Cohort.ageDimension,
            let unit = rule.cohort?.age
        {
            return age(unit)
        }
        return limited(id, compiler.member(dimension(id).expression))
    }

    func limited(_ id: String, _ member: SQLText) -> SQLText { builder.limited(id, member) }
}

extension ScanBuilder {
    /// Groups that are not among the largest are one.
    func limited(_ id: String, _ member: SQLText) -> SQLText {
        guard let kept = kept[id] else { return member }
        let values: [SQLText] = kept.sorted().map { "\(value: .text($0))" }
        guard !values.isEmpty else { return "\(value: .text(Question.others))" }
        return """
            CASE WHEN \(member) IN (\(values)) THEN \(member) ELSE \(value: .text(Question.others)) END
            """
    }
}
