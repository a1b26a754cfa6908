import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIService

/// The generated company: 250 agents in 25 teams in 5 departments, two years of tickets and ratings.
///
/// A load of small files makes the tables and notes what a load notes; the engine then fills them
/// with records made of hashes of their numbers, the same on every machine.
struct Records {
    let size: BenchSize
    let folder: String

    private var marker: String { "\(folder)/store/complete-3" }

    /// Makes the workspace and its records unless they are there; the path of the store.
    func prepare(again: Bool) async throws -> String {
        let manager = FileManager.default
        if again || !manager.fileExists(atPath: marker) {
            try? manager.removeItem(atPath: folder)
            try BenchWorkspace.write(to: folder)
            try await fill()
            try Data().write(to: URL(fileURLWithPath: marker))
        }
        return "\(folder)/store/records.duckdb"
    }

    private func fill() async throws {
        let company = try await Company.open(folder)
        _ = try await Loader(warehouse: company.warehouse, dataFolder: folder + "/data").load()
        let connection = try await company.warehouse.database.connect()
        for sql in [
            tickets, ratings, extents("tickets", "opened_at"), extents("ratings", "rated_at"),
        ] {
            try await connection.execute(sql)
        }
        try await connection.execute("CHECKPOINT")
    }

    /// A number from 0 to `limit` - 1 that looks random and is a function of the record's number.
    private func random(_ seed: Int, _ limit: Int) -> String {
        "CAST(hash(i * 16 + \(seed)) % \(limit) AS BIGINT)"
    }

    /// The instant of a record: ascending over the two years, with up to a day of jitter.
    private func instant(_ count: Int) -> String {
        let span = BenchWorkspace.spanSeconds
        let second = "least(i * \(span) // \(count) + \(random(0, 86_400)), \(span - 1))"
        return "(TIMESTAMPTZ '\(BenchWorkspace.start)' + to_seconds(\(second)))"
    }

    private var end: String { "TIMESTAMPTZ '\(BenchWorkspace.end)'" }

    /// The columns of the dataset in its order, the local day, and where the record came from.
    private var tickets: String {
        """
        INSERT INTO data.tickets
        SELECT i, agent, CASE channel WHEN 0 THEN 'phone' WHEN 1 THEN 'mail' ELSE 'chat' END,
            opened_at, CASE WHEN replied < \(end) THEN replied END,
            CASE WHEN resolved < \(end) THEN resolved END, reopened = 0 AND resolved < \(end),
            first_contact < 7 AND resolved < \(end), CAST(cost / 100.0 AS DECIMAL(18, 2)),
            CAST(timezone('Asia/Shanghai', opened_at) AS DATE), 1, i + 2
        FROM (SELECT i, printf('P%03d', \(random(1, BenchSize.agents))) AS agent,
            \(random(2, 3)) AS channel, \(instant(size.tickets)) AS opened_at,
            opened_at + to_seconds(30 + \(random(3, 7_200))) AS replied,
            opened_at + to_seconds(600 + \(random(4, 259_200))) AS resolved,
            \(random(5, 14)) AS reopened, \(random(6, 10)) AS first_contact,
            200 + \(random(7, 5_000)) AS cost
            FROM range(2, \(size.tickets)) AS numbers(i)) AS t
        """
    }

    private var ratings: String {
        """
        INSERT INTO data.ratings
        SELECT i, printf('P%03d', \(random(8, BenchSize.agents))), 1 + \(random(9, 5)), rated_at,
            CAST(timezone('Asia/Shanghai', rated_at) AS DATE), 2, i + 2
        FROM (SELECT i, \(instant(size.ratings)) AS rated_at
            FROM range(2, \(size.ratings)) AS numbers(i)) AS r
        """
    }

    /// As the loader notes it after every load: the earliest and just after the latest time.
    private func extents(_ dataset: String, _ column: String) -> String {
        """
        INSERT OR REPLACE INTO plumb.extents SELECT '\(dataset)', '\(column)', min(\(column)),
            max(\(column)) + INTERVAL 1 MICROSECOND FROM data.\(dataset)
        """
    }
}
