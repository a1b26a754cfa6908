import KPICore
import KPIEngine
import KPIModel
import KPIQuery

/// Counts what the assessed department collected itself, and whether its scores are others.
struct CollectionReading {
    let workspace: Workspace
    let datasets: [Dataset]

    /// Count, sum and sum of squares of some scores.
    struct Sums {
        var count = 0
        var sum = 0.0
        var squares = 0.0

        static func + (a: Sums, b: Sums) -> Sums {
            Sums(count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares)
        }

        var mean: Double? { count == 0 ? nil : sum / Double(count) }
        /// Of the sample; nil for fewer than two.
        var variance: Double? {
            guard count > 1, let mean else { return nil }
            return max(0, (squares - mean * sum) / Double(count - 1))
        }
    }

    private struct Place: Hashable {
        var kind: String
        /// nil: of the whole time.
        var period: Period?
    }

    private enum Side: String { case own, other, rest }

    // MARK: Marks

    func marks(_ grain: Grain, on connection: isolated Connection) throws -> [CollectionMark] {
        try datasets.flatMap { dataset in
            try dataset.collected.map { try marks(dataset, $0, grain, on: connection) } ?? []
        }
    }

    private func marks(
        _ dataset: Dataset, _ collected: Collected, _ grain: Grain,
        on connection: isolated Connection
    ) throws -> [CollectionMark] {
        let statement = sums(dataset, collected)
        let found = try connection.query(statement.text, statement.parameters)
        var sums: [Place: [Side: Sums]] = [:]
        for row in 0..<found.rowCount {
            guard case .date(let day) = found[row, 0], case .text(let kind) = found[row, 1],
                case .text(let word) = found[row, 2], let side = Side(rawValue: word)
            else { continue }
            let period =
                grain == .total
                ? nil
                : workspace.calendar.period(grain, containing: LocalClock.midnight(Int(day)))
            let own = Sums(
                count: found[row, 3].count, sum: found[row, 4].double,
                squares: found[row, 5].double)
            let place = Place(kind: kind, period: period)
            sums[place, default: [:]][side] = (sums[place]?[side] ?? Sums()) + own
        }
        return sums.filter { ($0.value[.own]?.count ?? 0) > 0 }
            .sorted {
                ($0.key.kind, $0.key.period?.start ?? 0) < (
                    $1.key.kind, $1.key.period?.start ?? 0
                )
            }
            .map { mark(dataset, $0.key, $0.value) }
    }

    /// By day, kind and side.
    private func sums(_ dataset: Dataset, _ collected: Collected) -> SQLText {
        var rows = RowSQL(workspace: workspace, dataset: dataset)
        let score: SQLText = "CAST(\(rows.expression(collected.score)) AS DOUBLE)"
        let condition = collected.condition.map { rows.expression($0) } ?? "TRUE"
        let time = dataset.timeColumns[0]
        let isDate = dataset.column(time)?.type == .date
        let day: SQLText = "\(name: "r").\(name: isDate ? time : time + "$day")"
        let kind: SQLText =
            collected.kinds.map { "coalesce(CAST(\(name: "r").\(name: $0) AS VARCHAR), '')" }
            ?? "''"
        let by: SQLText = "\(name: "r").\(name: collected.column)"
        return """
            SELECT day, kind, side, count(*), sum(score), sum(score * score) FROM (\
            SELECT \(day) AS day, \(kind) AS kind, CASE WHEN \(by) = \(value: .text(collected.own)) THEN 'own' \
            WHEN \(by) = \(value: .text(collected.other)) THEN 'other' ELSE 'rest' END AS side, \
            \(score) AS score FROM data.\(name: dataset.id) AS \(name: "r")\(rows.joins) \
            WHERE \(condition)) WHERE day IS NOT NULL AND score IS NOT NULL GROUP BY 1, 2, 3
            """
    }

    private func mark(
        _ dataset: Dataset, _ place: Place, _ sides: [Side: Sums]
    ) -> CollectionMark {
        let own = sides[.own] ?? Sums()
        let other = sides[.other] ?? Sums()
        var mark = CollectionMark(
            dataset: dataset.id, kind: place.kind,
            period: place.period.map(workspace.calendar.name) ?? "total", own: own.count,
            other: other.count, all: sides.values.reduce(0) { $0 + $1.count })
        mark.ownMean = own.mean
        mark.otherMean = other.mean
        mark.interval = Self.interval(own, other)
        return mark
    }

    /// Welch’s 95 % interval of the difference of two means; nil where a side has fewer than two scores or
    /// none of them differ.
    static func interval(_ a: Sums, _ b: Sums) -> ClosedRange<Double>? {
        guard let x = a.variance, let y = b.variance, let p = a.mean, let q = b.mean else {
            return nil
        }
        let (u, v) = (x / Double(a.count), y / Double(b.count))
        guard u + v > 0 else { return nil }
        let degrees =
            (u + v) * (u + v)
            / (u * u / Double(a.count - 1) + v * v / Double(b.count - 1))
        let half = StudentT.quantile95(degrees) * (u + v).squareRoot()
        return (p - q - half)...(p - q + half)
    }

    // MARK: Of one KPI

    /// Records behind a card that the assessed department collected, and all of them; nil where nobody says.
    func share(
        of card: Card, on connection: isolated Connection
    ) throws -> (own: Int?, all: Int?) {
        var own: Int?
        var all: Int?
        for dataset in datasets {
            guard let collected = dataset.collected else { continue }
            let measures = card.formula.node.measures.filter { $0.dataset == dataset.id }
                .map(workspace.measure)
            guard !measures.isEmpty else { continue }
            let statement = share(dataset, collected, measures)
            let found = try connection.query(statement.text, statement.parameters)
            own = (own ?? 0) + found[0, 0].count
            all = (all ?? 0) + found[0, 1].count
        }
        return (own, all)
    }

    private func share(
        _ dataset: Dataset, _ collected: Collected, _ measures: [Measure]
    ) -> SQLText {
        var rows = RowSQL(workspace: workspace, dataset: dataset)
        let conditions: [SQLText] = measures.map { measure in
            guard let condition = measure.condition, condition.isOfRecordAlone else {
                return "TRUE"
            }
            return "coalesce(\(rows.expression(condition)), FALSE)"
        }
        let own: SQLText = "\(name: "r").\(name: collected.column) = \(value: .text(collected.own))"
        return """
            SELECT count(*) FILTER (WHERE \(own)), count(*) \
            FROM data.\(name: dataset.id) AS \(name: "r")\(rows.joins) \
            WHERE \(conditions, separator: " OR ")
            """
    }
}

extension Scalar {
    /// A sum that a statement answered with; 0 for none.
    fileprivate var double: Double {
        if case .double(let value) = self { value } else { exactNumber?.doubleValue ?? 0 }
    }
}
