import KPICore
import KPIEngine

/// What an analyst would write by hand, on the same engine and through the same connection.
struct Rival {
    let folder: String

    struct Level {
        let name: String
        /// The column of the organisation, nil for the whole company.
        let column: String?
    }

    static let levels = [
        Level(name: "", column: nil), Level(name: "department", column: "department"),
        Level(name: "team", column: "team"), Level(name: "person", column: "agent"),
    ]

    /// The answer of one grain and level: `b`, `g`, then the 12 KPIs in the order of the cards.
    struct LevelTable {
        let grain: Grain
        let level: Int
        let table: Table
    }

    /// Partials by day and person once, then one statement for each grain and level.
    func fused() async throws -> (tables: [LevelTable], seconds: Double) {
        try await closeDatabases()
        let start = ContinuousClock.now
        let connection = try await connect()
        try await connection.execute(Self.partials)
        var tables: [LevelTable] = []
        for grain in Product.grains {
            for level in Self.levels.indices {
                tables.append(
                    LevelTable(
                        grain: grain, level: level,
                        table: try await connection.query(Self.statement(grain, level))))
            }
        }
        return (tables, start.duration(to: .now).inSeconds)
    }

    /// Seconds of one query on the records for each KPI, grain and level.
    func oneByOne() async throws -> Double {
        try await closeDatabases()
        let start = ContinuousClock.now
        let connection = try await connect()
        for kpi in Self.kpisOnRecords {
            for grain in Product.grains {
                for level in Self.levels {
                    _ = try await connection.query(Self.query(kpi, grain, level))
                }
            }
        }
        return start.duration(to: .now).inSeconds
    }

    func connect() async throws -> Connection {
        let database = try await Database.open(folder + "/store/records.duckdb")
        let connection = try await database.connect()
        try await connection.execute("SET TimeZone = 'UTC'")
        return connection
    }

    // MARK: Statements

    static let partials = """
        CREATE TEMP TABLE tickets_by_day AS SELECT "opened_at$day" AS day, agent,
            count(*) AS opened, count(resolved_at) AS resolved,
            count(*) FILTER (WHERE first_contact) AS at_once,
            count(*) FILTER (WHERE reopened) AS reopened,
            sum(epoch_us(resolved_at) - epoch_us(opened_at)) AS resolve_us,
            sum(epoch_us(replied_at) - epoch_us(opened_at)) AS reply_us,
            count(replied_at) AS replied, sum(cost) AS cost
        FROM data.tickets GROUP BY ALL;
        CREATE TEMP TABLE ratings_by_day AS SELECT "rated_at$day" AS day, agent,
            count(*) AS given, count(*) FILTER (WHERE score >= 4) AS top, sum(score) AS points
        FROM data.ratings GROUP BY ALL;
        CREATE TEMP TABLE partials AS SELECT p.*, a.team, t.department
        FROM (SELECT * FROM tickets_by_day FULL JOIN ratings_by_day USING (day, agent)) AS p
        LEFT JOIN data.agents AS a USING (agent) LEFT JOIN data.teams AS t USING (team);
        """

    static func period(_ grain: Grain, _ day: String) -> String {
        grain == .day ? day : "CAST(date_trunc('\(grain.rawValue)', \(day)) AS DATE)"
    }

    static func statement(
        _ grain: Grain, _ level: Int, from table: String = "partials"
    ) -> String {
        let group = levels[level].column ?? "''"
        return """
            SELECT \(period(grain, "day")) AS b, \(group) AS g, sum(opened), sum(resolved),
                sum(resolved) / sum(opened), sum(at_once) / sum(resolved),
                sum(reopened) / sum(resolved), sum(resolve_us) / 1e6 / sum(resolved),
                sum(reply_us) / 1e6 / sum(replied), sum(cost), sum(cost) / sum(opened),
                sum(points) / sum(given), sum(top) / sum(given), sum(given)
            FROM \(table) GROUP BY ALL
            """
    }

    /// A KPI as one aggregate expression on its dataset.
    struct KPIOnRecords {
        let table: String
        let time: String
        let expression: String
    }

    static let kpisOnRecords: [KPIOnRecords] =
        [
            "count(*)", "count(resolved_at)", "count(resolved_at) / count(*)",
            "count(*) FILTER (WHERE first_contact) / count(resolved_at)",
            "count(*) FILTER (WHERE reopened) / count(resolved_at)",
            "avg(epoch_us(resolved_at) - epoch_us(opened_at)) / 1e6",
            "avg(epoch_us(replied_at) - epoch_us(opened_at)) / 1e6",
            "sum(cost)", "sum(cost) / count(*)",
        ].map { KPIOnRecords(table: "tickets", time: "opened_at$day", expression: $0) }
        + ["avg(score)", "count(*) FILTER (WHERE score >= 4) / count(*)", "count(*)"]
        .map { KPIOnRecords(table: "ratings", time: "rated_at$day", expression: $0) }

    private static func query(_ kpi: KPIOnRecords, _ grain: Grain, _ level: Level) -> String {
        let joins =
            switch level.name {
            case "team": " LEFT JOIN data.agents AS o USING (agent)"
            case "department":
                " LEFT JOIN data.agents AS o USING (agent) LEFT JOIN data.teams AS t USING (team)"
            default: ""
            }
        return """
            SELECT \(period(grain, "r.\"\(kpi.time)\"")) AS b, \(level.column ?? "''") AS g,
                \(kpi.expression) AS v FROM data.\(kpi.table) AS r\(joins) GROUP BY ALL
            """
    }
}
