import KPICore
import KPIEngine

/// Random data in an engine of its own, asked in SQL written by hand.
struct LawOracle {
    let connection: Connection

    init(_ folder: String, zone: String) async throws {
        connection = try await Database.inMemory().connect()
        let options = "header = true, auto_detect = false, delim = ',', quote = '\"', nullstr = ''"
        let types = """
            {'id': 'BIGINT', 'owner': 'VARCHAR', 'channel': 'VARCHAR', 'closed_on': 'DATE', \
            'opened_at': 'TIMESTAMP', 'done_at': 'TIMESTAMP', 'amount': 'DECIMAL(18,2)', \
            'quantity': 'BIGINT', 'weight': 'DOUBLE'}
            """
        try await connection.execute(
            """
            CREATE TABLE people AS FROM read_csv('\(folder)/data/owners.csv', \
            columns = {'owner': 'VARCHAR', 'region': 'VARCHAR'}, \(options))
            """)
        try await connection.execute(
            """
            CREATE TABLE r AS SELECT d.*, p.region, \
            CASE WHEN quantity > 3 THEN 'large' ELSE 'small' END AS size, \
            date_diff('second', timezone('\(zone)', opened_at), timezone('\(zone)', done_at)) \
            AS seconds, min(closed_on) OVER (PARTITION BY d.owner) AS first_on \
            FROM read_csv('\(folder)/data/deals.csv', columns = \(types), \(options)) AS d \
            LEFT JOIN people AS p ON p.owner = d.owner
            """)
        // Between the two nearest ranks, counted from 0: h = (count − 1) × p.
        try await connection.execute(
            """
            CREATE MACRO between_ranks(l, h) AS l[floor(h)::INT + 1]::DOUBLE \
            + (h - floor(h)) * (l[ceil(h)::INT + 1]::DOUBLE - l[floor(h)::INT + 1]::DOUBLE)
            """)
        try await connection.execute(
            """
            CREATE MACRO ranked(l, p) AS between_ranks(\
            list_sort(list_filter(l, lambda x: x IS NOT NULL)), \
            (len(list_filter(l, lambda x: x IS NOT NULL)) - 1) * p::DOUBLE)
            """)
    }

    /// Name of the period of a grain that holds a column's time.
    static func period(_ grain: String, _ column: String) -> String {
        switch grain {
        case "hour": "strftime(\(column), '%Y-%m-%dT%H')"
        case "day": "strftime(\(column), '%Y-%m-%d')"
        case "week": "strftime(\(column), '%G-W%V')"
        case "month": "strftime(\(column), '%Y-%m')"
        case "quarter": "strftime(\(column), '%Y-Q') || quarter(\(column))"
        case "half":
            "strftime(\(column), '%Y-H') || (CASE WHEN month(\(column)) < 7 THEN 1 ELSE 2 END)"
        case "year": "strftime(\(column), '%Y')"
        default: "'total'"
        }
    }

    /// The cells of measures that have records, by grain and grouping.
    func cells(_ question: LawQuestion) async throws -> [CellKey: CellValue] {
        var cells: [CellKey: CellValue] = [:]
        for grain in question.grains {
            for grouping in question.groupings {
                cells.merge(try await self.cells(question, grain, grouping)) { a, _ in a }
            }
        }
        return cells
    }

    private func cells(
        _ question: LawQuestion, _ grain: String, _ grouping: [String]
    ) async throws -> [CellKey: CellValue] {
        let time = question.measures[0].time
        let columns = question.measures.enumerated().flatMap { index, measure in
            [
                "\(measure.value) AS v\(index)", "\(measure.n) AS n\(index)",
                "\(measure.open ?? "NULL") AS o\(index)",
            ]
        }
        let members = grouping.map { "coalesce(\($0), '(unknown)') AS m_\($0)" }
        let first = "\(Self.period(grain, "first_on")) = \(Self.period(grain, time))"
        let sql = """
            SELECT \(Self.period(grain, time)) AS period, \
            \((members + columns).joined(separator: ", ")) FROM r \
            WHERE \(question.conditions.joined(separator: " AND ")) GROUP BY ALL HAVING count(*) > 0
            """.replacing(
                "{first in period}", with: "(\(first) AND \(question.range("first_on")))")
        let table = try await connection.query(sql)
        var cells: [CellKey: CellValue] = [:]
        for row in 0..<table.rowCount {
            func text(_ name: String) -> String {
                if case .text(let text)? = table[name]?[row] { text } else { "" }
            }
            for (index, measure) in question.measures.enumerated() {
                let key = CellKey(
                    kpi: measure.id, grain: grain, period: text("period"),
                    members: Dictionary(
                        uniqueKeysWithValues: grouping.map { ($0, text("m_" + $0)) }))
                cells[key] = CellValue(
                    value: table["v\(index)"]![row], n: table["n\(index)"]![row],
                    open: table["o\(index)"]![row], state: .final)
            }
        }
        return cells
    }
}
