import KPICore
import KPIEngine
import KPIQuery

/// Statements of one piece of work, one after another, on the connection's own thread.
///
/// Made inside `Connection.perform` or `transaction`; using it anywhere else stops the program. It keeps its
/// connection open.
struct Session {
    private let connection: Connection

    init(_ connection: isolated Connection) { self.connection = connection }

    /// On a connection that takes turns with the one that runs now.
    init(beside connection: Connection) { self.connection = connection }

    /// Another connection to the store, outside the transaction of this one: what it drops is gone at once,
    /// where a transaction keeps it until its end.
    func beside() throws -> Session {
        try connection.assumeIsolated { Session(beside: try $0.sibling()) }
    }

    /// Runs a statement for its effect.
    func run(_ sql: SQLText) throws {
        try connection.assumeIsolated { connection in
            _ = try connection.execute(sql.text, sql.parameters)
        }
    }

    /// Runs a statement and answers with its result.
    func read(_ sql: SQLText) throws -> Table {
        try connection.assumeIsolated { try $0.query(sql.text, sql.parameters) }
    }

    /// The whole number that a statement answers with, 0 for none.
    func number(_ sql: SQLText) throws -> Int {
        let table = try read(sql)
        return table.rowCount == 0 ? 0 : table[0, 0].wholeNumber ?? 0
    }

    /// What is known of a dataset; nil where nothing is loaded.
    func facts(of dataset: String, _ warehouse: Warehouse) throws -> DatasetFacts? {
        try connection.assumeIsolated { try warehouse.facts(of: [dataset], on: $0) }[dataset]
    }

    func ingest(
        _ table: Table, into name: String, schema: String? = nil, mode: IngestMode,
        temporary: Bool = false
    ) throws {
        try connection.assumeIsolated { connection in
            _ = try connection.ingest(
                table, into: name, schema: schema, mode: mode, temporary: temporary)
        }
    }
}

extension Scalar {
    /// A whole number of any type.
    var wholeNumber: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .decimal(let value) where value.scale == 0: Int(exactly: value.mantissa)
        default: nil
        }
    }

    var plainText: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
