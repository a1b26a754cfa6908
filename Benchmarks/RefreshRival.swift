import KPICore
import KPIEngine
import KPIIngest
import KPIQuery
import KPIService

/// A refresh as an analyst would write it: the partials of the day that changed, then one statement for
/// each grain and level.
struct RefreshRival {
    private let connection: Connection

    init(company: Company) async throws {
        connection = try await company.warehouse.database.connect()
        try await connection.execute("SET TimeZone = 'UTC'")
    }

    private static let columns = """
        "opened_at$day" AS day, agent, count(*) AS opened, count(resolved_at) AS resolved,
        count(*) FILTER (WHERE first_contact) AS at_once,
        count(*) FILTER (WHERE reopened) AS reopened,
        sum(epoch_us(resolved_at) - epoch_us(opened_at)) AS resolve_us,
        sum(epoch_us(replied_at) - epoch_us(opened_at)) AS reply_us,
        count(replied_at) AS replied, sum(cost) AS cost
        """

    /// Partials and cells from nothing.
    func fill() async throws {
        for sql in [
            "CREATE SCHEMA IF NOT EXISTS rival",
            "CREATE OR REPLACE TABLE rival.tickets_by_day AS SELECT \(Self.columns) FROM data.tickets GROUP BY ALL",
            """
            CREATE OR REPLACE TABLE rival.ratings_by_day AS SELECT "rated_at$day" AS day, agent,
                count(*) AS given, count(*) FILTER (WHERE score >= 4) AS top, sum(score) AS points
            FROM data.ratings GROUP BY ALL
            """,
            """
            CREATE OR REPLACE TABLE rival.partials AS SELECT p.*, a.team, t.department
            FROM (SELECT * FROM rival.tickets_by_day FULL JOIN rival.ratings_by_day USING (day, agent)) AS p
            LEFT JOIN data.agents AS a USING (agent) LEFT JOIN data.teams AS t USING (team)
            """,
        ] { try await connection.execute(sql) }
        try await connection.transaction { connection in
            for grain in Product.grains {
                for level in Rival.levels.indices {
                    try connection.execute(
                        "CREATE OR REPLACE TABLE \(Self.table(grain, level)) AS "
                            + Rival.statement(grain, level, from: "rival.partials"))
                }
            }
        }
    }

    /// Everything after a load of tickets of one day.
    func refresh(_ day: String) async throws {
        try await connection.transaction { connection in
            try connection.execute("DELETE FROM rival.tickets_by_day WHERE day = DATE '\(day)'")
            try connection.execute(
                """
                INSERT INTO rival.tickets_by_day SELECT \(Self.columns) FROM data.tickets
                WHERE "opened_at$day" = DATE '\(day)' GROUP BY ALL
                """)
            try connection.execute("DELETE FROM rival.partials WHERE day = DATE '\(day)'")
            try connection.execute(
                """
                INSERT INTO rival.partials SELECT p.*, a.team, t.department
                FROM (SELECT * FROM (FROM rival.tickets_by_day WHERE day = DATE '\(day)')
                    FULL JOIN (FROM rival.ratings_by_day WHERE day = DATE '\(day)') USING (day, agent)) AS p
                LEFT JOIN data.agents AS a USING (agent) LEFT JOIN data.teams AS t USING (team)
                """)
            for grain in Product.grains {
                for level in Rival.levels.indices {
                    for sql in Self.renewal(grain, level, day) { try connection.execute(sql) }
                }
            }
        }
    }

    /// The cells of the one period of a grain that holds the day, again from its partials.
    private static func renewal(_ grain: Grain, _ level: Int, _ day: String) -> [String] {
        let start = Rival.period(grain, "DATE '\(day)'")
        let end = "\(start) + INTERVAL 1 \(grain.rawValue)"
        let partials = "(FROM rival.partials WHERE day >= \(start) AND day < \(end))"
        return [
            "DELETE FROM \(table(grain, level)) WHERE b = \(start)",
            "INSERT INTO \(table(grain, level)) " + Rival.statement(grain, level, from: partials),
        ]
    }

    private static func table(_ grain: Grain, _ level: Int) -> String {
        "rival.cells_\(grain.rawValue)_\(level)"
    }

    func cells() async throws -> [Rival.LevelTable] {
        var tables: [Rival.LevelTable] = []
        for grain in Product.grains {
            for level in Rival.levels.indices {
                let table = try await connection.query("SELECT * FROM \(Self.table(grain, level))")
                tables.append(Rival.LevelTable(grain: grain, level: level, table: table))
            }
        }
        return tables
    }
}
