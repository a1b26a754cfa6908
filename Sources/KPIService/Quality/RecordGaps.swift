import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// Counts the records that a KPI loses, or counts wrongly, because a value is missing.
///
/// A record is incomplete where a value is missing that a measure reads, and everything holds that its
/// condition says apart from what reads that value. A time that is missing has not happened, which is no
/// gap; nor is a value that the measure asks to be missing, or has a substitute for.
/// One scan for each dataset and time column, whatever the number of KPIs.
struct RecordGaps {
    struct Found {
        var records = 0
        var incomplete = 0
        var gaps: [KPIQuality.Gap] = []
    }

    let workspace: Workspace
    let cards: [Card]
    let loaded: Set<String>

    /// What is scanned together.
    private struct Axis: Hashable {
        var dataset: String
        /// Records without it are in no period; nil: every record, as of stocks and stated figures.
        var time: String?
    }

    /// What a measure asks of one record.
    private struct Need: Hashable {
        var conditions: [RowExpression]
        var columns: [ColumnUse]

        /// The conditions that do not read a column.
        func conditions(without column: ColumnUse) -> [RowExpression] {
            conditions.filter { !$0.columnUses(on: column.dataset).contains(column) }
        }
    }

    /// By id of the card.
    func read(on connection: isolated Connection) throws -> [String: Found] {
        var found: [String: Found] = [:]
        for (axis, needs) in needs().sorted(by: { Self.isBefore($0.key, $1.key) })
        where loaded.contains(axis.dataset) {
            try read(axis, needs, &found, on: connection)
        }
        for id in found.keys { found[id]!.gaps.sort(by: Self.isLarger) }
        return found
    }

    private static func isBefore(_ a: Axis, _ b: Axis) -> Bool {
        (a.dataset, a.time ?? "") < (b.dataset, b.time ?? "")
    }

    private static func isLarger(_ a: KPIQuality.Gap, _ b: KPIQuality.Gap) -> Bool {
        let (x, y) = (a.missing * b.records, b.missing * a.records)
        return x == y ? (a.dataset, a.column) < (b.dataset, b.column) : x > y
    }

    // MARK: What is needed

    private func needs() -> [Axis: [(card: String, needs: [Need])]] {
        var all: [Axis: [(card: String, needs: [Need])]] = [:]
        for card in cards {
            var own: [Axis: [Need]] = [:]
            for use in card.formula.node.measures {
                let measure = workspace.measure(use)
                let isEvent = measure.stock == nil && measure.lookup == nil
                let axis = Axis(dataset: use.dataset, time: isEvent ? measure.timeColumn : nil)
                let need = need(measure, use)
                if own[axis]?.contains(need) != true { own[axis, default: []].append(need) }
            }
            for (axis, needs) in own { all[axis, default: []].append((card.id, needs)) }
        }
        return all
    }

    private func need(_ measure: Measure, _ use: MeasureUse) -> Need {
        let conditions = [measure.condition, use.filter].compactMap { $0 }.flatMap(\.conjuncts)
        let read = measure.expressions + [use.filter].compactMap { $0 }
        let columns = read.flatMap { $0.neededColumns(on: use.dataset) }.filter(isValue)
        return Need(
            conditions: conditions.filter(\.isOfRecordAlone),
            columns: columns.indices.filter { !columns[..<$0].contains(columns[$0]) }
                .map { columns[$0] })
    }

    /// Neither a time nor a column for which a stated value stands where it is missing.
    private func isValue(_ use: ColumnUse) -> Bool {
        var current = workspace.dataset(use.dataset)
        for step in use.path {
            current = current?.reference(step).flatMap { workspace.dataset($0.target) }
        }
        guard let column = current?.column(use.name) else { return false }
        return !column.isAssumed && column.type != .date && column.type != .timestamp
    }

    // MARK: The scan

    private func read(
        _ axis: Axis, _ cards: [(card: String, needs: [Need])],
        _ found: inout [String: Found], on connection: isolated Connection
    ) throws {
        let scan = GapScan(workspace: workspace, dataset: workspace.dataset(axis.dataset)!)
        var sums: [SQLText] = []
        for card in cards {
            var whole: [SQLText] = []
            for need in card.needs {
                whole.append(scan.all(need.conditions))
                whole += need.columns.map { missing($0, need, scan) }
            }
            let columns = Self.columns(card.needs)
            let any = card.needs.flatMap { need in
                need.columns.map { missing($0, need, scan) }
            }
            sums += [scan.count(whole), scan.count(any)]
            sums += columns.map { column in
                scan.count(
                    card.needs.filter { $0.columns.contains(column) }
                        .map { missing(column, $0, scan) })
            }
        }
        let statement = scan.statement(sums, time: axis.time)
        let counts = try connection.query(statement.text, statement.parameters)
        var place = 0
        for card in cards {
            var own = found[card.card] ?? Found()
            let records = counts[0, place].count
            own.records += records
            own.incomplete += counts[0, place + 1].count
            place += 2
            for column in Self.columns(card.needs) {
                let missing = counts[0, place].count
                place += 1
                guard missing > 0 else { continue }
                own.gaps.append(
                    KPIQuality.Gap(
                        dataset: axis.dataset,
                        column: (column.path + [column.name]).joined(separator: "."),
                        missing: missing, records: records))
            }
            found[card.card] = own
        }
    }

    private static func columns(_ needs: [Need]) -> [ColumnUse] {
        let all = needs.flatMap(\.columns)
        return all.indices.filter { !all[..<$0].contains(all[$0]) }.map { all[$0] }
    }

    /// The column is missing and everything else holds.
    private func missing(_ column: ColumnUse, _ need: Need, _ scan: GapScan) -> SQLText {
        "(\(scan.isMissing(column)) AND \(scan.all(need.conditions(without: column))))"
    }
}

/// One scan of a dataset: conditions and missing values as columns, each once, and counts over them.
private final class GapScan {
    private let dataset: Dataset
    private var rows: RowSQL
    private var values: [SQLText] = []
    private var known: [RowExpression: Int] = [:]

    init(workspace: Workspace, dataset: Dataset) {
        self.dataset = dataset
        rows = RowSQL(workspace: workspace, dataset: dataset)
    }

    private func value(_ condition: RowExpression) -> SQLText {
        let index: Int
        if let found = known[condition] {
            index = found
        } else {
            index = values.count
            known[condition] = index
            values.append("coalesce(\(rows.expression(condition)), FALSE)")
        }
        return "\(name: "v\(index)")"
    }

    func isMissing(_ use: ColumnUse) -> SQLText {
        let column = RowExpression(.column(path: use.path, name: use.name), type: .text)
        return value(RowExpression(.isMissing(column, negated: false), type: .boolean))
    }

    func all(_ conditions: [RowExpression]) -> SQLText {
        conditions.isEmpty ? "TRUE" : "(\(conditions.map(value), separator: " AND "))"
    }

    func count(_ any: [SQLText]) -> SQLText {
        any.isEmpty ? "0" : "count(*) FILTER (WHERE \(any, separator: " OR "))"
    }

    func statement(_ sums: [SQLText], time: String?) -> SQLText {
        let columns: [SQLText] = values.enumerated().map { ", \($1) AS \(name: "v\($0)")" }
        let isTimed: SQLText = time.map { "\(name: "r").\(name: $0) IS NOT NULL" } ?? "TRUE"
        return """
            SELECT \(sums) FROM (SELECT TRUE AS \(name: "$row")\(columns, separator: "") \
            FROM data.\(name: dataset.id) AS \(name: "r")\(rows.joins) WHERE \(isTimed))
            """
    }
}

extension RowExpression {
    /// Whether it has a value without a window, entities and tables of working time.
    var isOfRecordAlone: Bool {
        !usesPeriod && !usesEver && !usesAggregate && !usesWorkingTime
    }
}
