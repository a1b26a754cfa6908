import KPICore
import KPIModel
import KPIQuery

/// The statements that a server gets. Names are quoted and values bound; the one text of a workspace that
/// stands in them as it is written is a source's own `query`, which is a statement itself. They run in a
/// transaction that cannot write.
struct PostgresRows {
    let source: Source
    let origin: PostgresOrigin
    let dataset: Dataset
    /// Of the relation, by name, with the server's name of their type.
    let types: [String: String]

    // MARK: Whatever the columns

    private static func relation(_ relation: PostgresOrigin.Relation) -> String {
        switch relation {
        case .table(nil, let name): ("\(name: name)" as SQLText).text
        case .table(let schema?, let name): ("\(name: schema).\(name: name)" as SQLText).text
        // The line break ends a comment at the end of the query.
        case .query(let text): "(" + text + "\n)"
        }
    }

    static func probe(_ origin: PostgresOrigin) -> String {
        "SELECT * FROM \(relation(origin.relation)) AS \"r\" LIMIT 0"
    }

    /// One row with the types of some columns, also of a relation without rows.
    static func typing(_ columns: [String], _ origin: PostgresOrigin) -> String {
        let types: [SQLText] = columns.enumerated().map {
            "pg_typeof(\(name: "r").\(name: $1))::text AS \(name: "t\($0)")"
        }
        let list = ("\(types)" as SQLText).text
        return """
            SELECT \(list) FROM (SELECT 1) AS "one" LEFT JOIN LATERAL \
            (SELECT * FROM \(relation(origin.relation)) AS "q" LIMIT 0) AS "r" ON true
            """
    }

    /// Names of the tables that the user may read, with the schema where it has to be said.
    static let tables = """
        SELECT CASE WHEN n.nspname = ANY (current_schemas(false)) THEN c.relname \
        ELSE n.nspname || '.' || c.relname END FROM pg_catalog.pg_class AS c \
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' \
        AND n.nspname !~ '^pg_' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1 LIMIT 1000
        """

    // MARK: Rows

    static let cursor = "plumb_rows"
    /// Columns beside `s0`, `s1`, …: the stamp, the key, and whether the row was read before.
    static let stamp = "$since"
    static let key = "$key"
    static let isAgain = "$again"

    /// Parameters of `declaration`: where to go on, and how far before it.
    struct Start {
        var value: String
        var overlap: PostgresOrigin.Overlap
    }

    /// Opens the cursor: without a start the whole relation.
    func declaration(_ start: Start?) -> (sql: String, parameters: [Scalar]) {
        var parts = [
            "SELECT \(columns(start).text) FROM \(Self.relation(origin.relation)) AS \"r\""
        ]
        if let since = origin.since {
            let column: SQLText = "\(name: "r").\(name: since)"
            let from: SQLText = start.map { " AND \(column) >= \(bound($0))" } ?? ""
            let order: [SQLText] = [column] + origin.key.map { "\(name: "r").\(name: $0)" }
            parts.append(
                ("WHERE \(isStamped(column))\(from) ORDER BY \(order)" as SQLText).text)
        }
        let values = start.map { [$0.value] + Self.text(of: $0.overlap) } ?? []
        return (
            "DECLARE \(Self.cursor) NO SCROLL CURSOR FOR " + parts.joined(separator: " "),
            values.map { .text($0) }
        )
    }

    var fetch: String { "FETCH FORWARD \(origin.batch) FROM \(Self.cursor)" }

    /// How many rows are never read because they have no stamp.
    var unstamped: String? {
        guard let since = origin.since else { return nil }
        let column: SQLText = "\(name: "r").\(name: since)"
        let condition: SQLText = "\(column) IS NULL OR NOT (\(isStamped(column)))"
        return """
            SELECT count(*) FROM \(Self.relation(origin.relation)) AS "r" WHERE \(condition.text)
            """
    }

    private func columns(_ start: Start?) -> SQLText {
        var columns: [SQLText] = source.columns.enumerated().map {
            "\(text($1)) AS \(name: "s\($0)")"
        }
        if let since = origin.since {
            let stamp: SQLText = "\(name: "r").\(name: since)"
            let key: [SQLText] = origin.key.map { "\(name: "r").\(name: $0)::text" }
            let isAgain: SQLText = start == nil ? "false" : "\(stamp) <= \(value)"
            columns += [
                "\(stamp)::text AS \(name: Self.stamp)",
                "concat_ws('/', \(key)) AS \(name: Self.key)",
                "\(isAgain) AS \(name: Self.isAgain)",
            ]
        }
        return columns.isEmpty ? "1 AS \(name: "none")" : "\(columns)"
    }

    /// A column as text that the mapping reads like that of a file.
    private func text(_ mapping: ColumnMapping) -> SQLText {
        let column: SQLText = "\(name: "r").\(name: mapping.from)"
        let target = dataset.column(mapping.column)?.type
        switch types[mapping.from] {
        case "money": return number("\(column)::numeric::text", target)
        case "smallint", "integer", "bigint", "numeric", "real", "double precision":
            return number("\(column)::text", target)
        // A day is one of the source's zone.
        case "timestamp with time zone" where target == .date:
            return "(\(column) AT TIME ZONE current_setting('plumb.zone'))::text"
        default: return "\(column)::text"
        }
    }

    /// Where the source says comma, its mapping of number columns reads commas.
    private func number(_ text: SQLText, _ target: ValueType?) -> SQLText {
        source.decimalComma && target?.isNumeric == true ? "replace(\(text), '.', ',')" : text
    }

    // MARK: Stamps

    /// Endless stamps would be the last ones for ever.
    private func isStamped(_ column: SQLText) -> SQLText {
        switch sinceKind {
        case .time: "\(column) < 'infinity'"
        case .number("numeric"): "\(column) < 'NaN'"
        default: "\(column) IS NOT NULL"
        }
    }

    /// The first parameter as what the column is, so that an index of the column can be used.
    private var value: SQLText {
        switch sinceKind {
        case .time("date"): "CAST($1::text AS date)"
        case .time("timestamp without time zone"): "CAST($1::text AS timestamp)"
        case .time: "CAST($1::text AS timestamptz)"
        case .number("numeric"): "CAST($1::text AS numeric)"
        default: "CAST($1::text AS bigint)"
        }
    }

    private func bound(_ start: Start) -> SQLText {
        switch start.overlap {
        case .none: value
        case .seconds: "\(value) - CAST($2::text AS interval)"
        case .number: "\(value) - CAST($2::text AS bigint)"
        }
    }

    private static func text(of overlap: PostgresOrigin.Overlap) -> [String] {
        switch overlap {
        case .none: []
        case .seconds(let seconds): ["\(seconds) seconds"]
        case .number(let number): ["\(number)"]
        }
    }

    private enum SinceKind {
        case time(String), number(String), other(String)
    }

    private var sinceKind: SinceKind {
        switch types[origin.since ?? ""] {
        case let type? where type == "date" || type.hasPrefix("timestamp"): .time(type)
        case let type? where ["smallint", "integer", "bigint", "numeric"].contains(type):
            .number(type)
        case let type: .other(type ?? "unknown")
        }
    }

    /// - Throws: `Diagnostics` for a column that does not grow, or an overlap that is not of its kind.
    func checkSince() throws(Diagnostics) {
        guard let since = origin.since else { return }
        switch (sinceKind, origin.overlap) {
        case (.other(let type), _):
            throw Diagnostics(.unfitSince(column: since, type: type), at: source.place)
        case (.time(let type), .number(_)):
            throw Diagnostics(.unfitOverlap(column: since, type: type), at: source.place)
        case (.number(let type), .seconds):
            throw Diagnostics(.unfitOverlap(column: since, type: type), at: source.place)
        default: return
        }
    }
}
