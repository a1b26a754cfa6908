/// A table or a query of a PostgreSQL server, and how it is read.
///
/// Holds no secret: passwords and URLs stand in the environment, under the names given here.
package struct PostgresOrigin: Sendable, Hashable {
    package enum Address: Sendable, Hashable {
        /// The variable that holds a URL.
        case url(variable: String)
        case parts(ServerParts)
    }

    package enum Relation: Sendable, Hashable {
        case table(schema: String?, name: String)
        /// One SELECT, as its author wrote it.
        case query(String)
    }

    /// How far before the checkpoint rows are read again.
    package enum Overlap: Sendable, Hashable {
        case none
        case seconds(Int)
        case number(Int)
    }

    package var address: Address
    package var relation: Relation
    /// Columns of the relation that order rows of one stamp.
    package var key: [String] = []
    /// The column that grows with every change; nil: the whole is read at each load.
    package var since: String?
    package var overlap = Overlap.none
    /// Rows that are fetched, and with `since` committed, together.
    package var batch = 50_000

    package init(address: Address, relation: Relation) {
        self.address = address
        self.relation = relation
    }

    package static let batchRange = 1...10_000_000
}

/// A server that is named part by part.
package struct ServerParts: Sendable, Hashable {
    /// A host, an address, or the folder of a socket.
    package var host = "localhost"
    package var port = 5432
    package var database: String
    package var user: String
    /// The variable that holds the password; nil: the server asks for none.
    package var passwordVariable: String?
    /// libpq's word for how the connection is encrypted; nil: its default.
    package var encryption: String?

    package init(database: String, user: String) {
        self.database = database
        self.user = user
    }
}

extension PostgresOrigin.Relation {
    /// Where it changes the records are others.
    var signature: String {
        switch self {
        case .table: "table \(self)"
        case .query(let text): "query \(text)"
        }
    }
}

extension PostgresOrigin.Relation: CustomStringConvertible {
    /// As messages and the list of what was loaded say it.
    package var description: String {
        switch self {
        case .table(let schema, let name): schema.map { "\($0).\(name)" } ?? name
        case .query: "query"
        }
    }
}
