import KPICore
import KPIModel
import KPIQuery

/// Notes which records of which dataset and day a load changes, in `plumb.changes`.
///
/// Rows that leave a table are set aside in a temporary one; at the end they are compared with the
/// rows of the files that the load brought. A record loaded again as it was is no change.
struct ChangeLog {
    let workspace: Workspace
    let session: Session
    /// Files of this load have greater numbers.
    let floor: Int

    init(workspace: Workspace, session: Session) throws {
        self.workspace = workspace
        self.session = session
        floor = try session.number("SELECT nextval('plumb.file_number')")
    }

    /// Whether records of earlier loads are left.
    func hasEarlier(_ dataset: String) throws -> Bool {
        try session.number(
            "SELECT 1 FROM data.\(name: dataset) WHERE \(name: "$file") <= \(integer: floor) LIMIT 1"
        )
            > 0
    }

    private func gone(_ dataset: String) -> String { "plumb_gone_" + dataset }

    /// Sets rows aside that are about to be deleted.
    ///
    /// - Parameters:
    ///   - join: of further tables, to the alias `t` of the dataset's.
    ///   - condition: on them.
    func remember(_ dataset: String, join: SQLText = "", where condition: SQLText) throws {
        try session.run(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS \(name: gone(dataset)) AS \
            SELECT * FROM data.\(name: dataset) LIMIT 0
            """)
        try session.run(
            """
            INSERT INTO \(name: gone(dataset)) SELECT \(name: "t").* \
            FROM data.\(name: dataset) AS \(name: "t")\(join) WHERE \(condition)
            """)
    }

    /// Sets rows aside that are about to be changed in place, each as it was at first.
    ///
    /// - Parameter renewed: a table with their `rid`.
    func rememberInPlace(_ dataset: String, _ renewed: SQLText) throws {
        let touched = "plumb_touched_" + dataset
        try session.run(
            "CREATE TEMPORARY TABLE IF NOT EXISTS \(name: touched) (rid BIGINT PRIMARY KEY)")
        try session.run(
            """
            CREATE OR REPLACE TEMPORARY TABLE plumb_new AS SELECT rid FROM \(renewed) AS \(name: "n") \
            WHERE rid NOT IN (SELECT rid FROM \(name: touched)) AND rid IN (SELECT rowid \
            FROM data.\(name: dataset) WHERE \(name: "$file") <= \(integer: floor))
            """)
        try remember(
            dataset,
            join: " JOIN plumb_new AS \(name: "n") ON \(name: "n").rid = \(name: "t").rowid",
            where: "TRUE")
        try session.run("INSERT INTO \(name: touched) SELECT rid FROM plumb_new")
    }

    private func wasChangedInPlace(_ dataset: String) throws -> Bool {
        try session.number(
            """
            SELECT count(*) FROM duckdb_tables() WHERE temporary \
            AND table_name = \(value: .text("plumb_touched_" + dataset))
            """) > 0
    }

    /// A table that is made anew, so that nothing can be compared.
    func forgetAll(_ dataset: String) throws {
        try session.run("DROP TABLE IF EXISTS \(name: gone(dataset))")
        try session.run(
            "INSERT INTO plumb.changes VALUES (-1, \(value: .text(dataset)), '*', NULL, 0, 0, 0)")
    }

    /// Forgets what was set aside of a dataset, so that another transaction of the connection can begin.
    func clear(_ dataset: String) throws {
        try session.run("DROP TABLE IF EXISTS \(name: gone(dataset))")
        try session.run("DROP TABLE IF EXISTS \(name: "plumb_touched_" + dataset)")
    }

    /// Writes the changes of some datasets under a new number; none when nothing changed.
    func write(_ datasets: [String]) throws -> [String: RecordCounts] {
        var counts: [String: RecordCounts] = [:]
        let load = try session.number("SELECT coalesce(max(load), 0) + 1 FROM plumb.loads")
        for id in datasets {
            let own = try write(workspace.dataset(id)!, load)
            if !own.isEmpty { counts[id] = own }
        }
        try session.run("UPDATE plumb.changes SET load = \(integer: load) WHERE load = -1")
        let noted = try session.number(
            "SELECT count(*) FROM plumb.changes WHERE load = \(integer: load)")
        if noted > 0 { try session.run("INSERT INTO plumb.loads VALUES (\(integer: load), now())") }
        return counts
    }

    private func write(_ dataset: Dataset, _ load: Int) throws -> RecordCounts {
        let compared = try compare(dataset)
        let axes = dataset.timeColumns
        for axis in axes {
            let day = dataset.column(axis)!.type == .date ? axis : axis + "$day"
            let old: SQLText = "\(name: "o:" + day)"
            let new: SQLText = "\(name: "n:" + day)"
            // A record that moves to another day changes both.
            try session.run(
                """
                INSERT INTO plumb.changes SELECT \(integer: load), \(value: .text(dataset.id)), \
                \(value: .text(axis)), \(name: "day"), \
                count(*) FILTER (WHERE kind = 'i'), count(*) FILTER (WHERE kind = 'u'), \
                count(*) FILTER (WHERE kind = 'd') FROM ( \
                SELECT kind, \(new) AS \(name: "day") FROM \(compared) WHERE kind <> 'd' UNION ALL \
                SELECT kind, \(old) FROM \(compared) \
                WHERE kind = 'd' OR kind = 'u' AND \(old) IS DISTINCT FROM \(new)) GROUP BY ALL
                """)
        }
        let found = try session.read(
            """
            SELECT count(*) FILTER (WHERE kind = 'i'), count(*) FILTER (WHERE kind = 'u'), \
            count(*) FILTER (WHERE kind = 'd') FROM \(compared)
            """)
        let counts = RecordCounts(
            inserted: found[0, 0].wholeNumber ?? 0, updated: found[0, 1].wholeNumber ?? 0,
            deleted: found[0, 2].wholeNumber ?? 0)
        if axes.isEmpty, !counts.isEmpty {
            try session.run(
                """
                INSERT INTO plumb.changes VALUES (\(integer: load), \(value: .text(dataset.id)), '', \
                NULL, \(integer: counts.inserted), \(integer: counts.updated), \(integer: counts.deleted))
                """)
        }
        return counts
    }

    /// A table with a row for each record that came, went or changed, with its kind and the days it had
    /// (`o:`) and has (`n:`).
    private func compare(_ dataset: Dataset) throws -> SQLText {
        let days = dataset.timeColumns.map {
            dataset.column($0)!.type == .date ? $0 : $0 + "$day"
        }
        let inPlace: SQLText =
            try wasChangedInPlace(dataset.id)
            ? " OR rowid IN (SELECT rid FROM \(name: "plumb_touched_" + dataset.id))" : ""
        let came: SQLText = """
            (SELECT * FROM data.\(name: dataset.id) WHERE \(name: "$file") > \(integer: floor)\(inPlace))
            """
        guard try hasGone(dataset.id) else {
            let columns: [SQLText] = days.map {
                ", CAST(NULL AS DATE) AS \(name: "o:" + $0), \(name: $0) AS \(name: "n:" + $0)"
            }
            // Nothing to find out: a table would only repeat what a first load brings.
            return "(SELECT 'i' AS kind\(columns, separator: "") FROM \(came))"
        }
        let went: SQLText = """
            (SELECT * FROM \(name: gone(dataset.id)) WHERE \(name: "$file") <= \(integer: floor))
            """
        try dataset.key.isEmpty
            ? compareRows(dataset, days, went, came) : compareKeys(dataset, days, went, came)
        return "plumb_compared"
    }

    /// Whether a record of an earlier load was set aside.
    private func hasGone(_ dataset: String) throws -> Bool {
        let isKnown = try session.number(
            """
            SELECT count(*) FROM duckdb_tables() \
            WHERE temporary AND table_name = \(value: .text(gone(dataset)))
            """)
        guard isKnown > 0 else { return false }
        return try session.number(
            """
            SELECT 1 FROM \(name: gone(dataset)) WHERE \(name: "$file") <= \(integer: floor) LIMIT 1
            """) > 0
    }

    /// Makes `plumb_compared`.
    private func compareKeys(
        _ dataset: Dataset, _ days: [String], _ went: SQLText, _ came: SQLText
    ) throws {
        let key: [SQLText] = dataset.key.map {
            "\(name: "o").\(name: $0) = \(name: "n").\(name: $0)"
        }
        let differs: [SQLText] = dataset.columns.map {
            "\(name: "o").\(name: $0.name) IS DISTINCT FROM \(name: "n").\(name: $0.name)"
        }
        let columns: [SQLText] = days.map {
            ", \(name: "o").\(name: $0) AS \(name: "o:" + $0), \(name: "n").\(name: $0) AS \(name: "n:" + $0)"
        }
        try session.run(
            """
            CREATE OR REPLACE TEMPORARY TABLE plumb_compared AS \
            SELECT CASE WHEN \(name: "o").\(name: "$file") IS NULL THEN 'i' \
            WHEN \(name: "n").\(name: "$file") IS NULL THEN 'd' ELSE 'u' END AS kind\(columns, separator: "") \
            FROM \(went) AS \(name: "o") FULL JOIN \(came) AS \(name: "n") ON \(key, separator: " AND ") \
            WHERE \(name: "o").\(name: "$file") IS NULL OR \(name: "n").\(name: "$file") IS NULL \
            OR \(differs, separator: " OR ")
            """)
    }

    /// Makes `plumb_compared`. Without a key records are compared whole, each copy with one copy.
    private func compareRows(
        _ dataset: Dataset, _ days: [String], _ went: SQLText, _ came: SQLText
    ) throws {
        let all: [SQLText] =
            (dataset.columns.map(\.name) + Warehouse.dayColumns(dataset).map { $0 + "$day" })
            .map { "\(name: $0)" }
        func rest(_ kind: SQLText, _ a: SQLText, _ b: SQLText, _ own: String) -> SQLText {
            let columns: [SQLText] = days.map { day in
                let none: SQLText = "CAST(NULL AS DATE)"
                let stated: SQLText = "\(name: day)"
                let (old, new) = own == "o" ? (stated, none) : (none, stated)
                return ", \(old) AS \(name: "o:" + day), \(new) AS \(name: "n:" + day)"
            }
            return """
                SELECT \(kind) AS kind\(columns, separator: "") \
                FROM (SELECT \(all) FROM \(a) EXCEPT ALL SELECT \(all) FROM \(b))
                """
        }
        try session.run(
            """
            CREATE OR REPLACE TEMPORARY TABLE plumb_compared AS \
            \(rest("'i'", came, went, "n")) UNION ALL \(rest("'d'", went, came, "o"))
            """)
    }
}
