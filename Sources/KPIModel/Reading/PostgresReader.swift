import KPICore

/// Reads `postgres:` of a source: the server, the table or query, and how it is read.
struct PostgresReader {
    private let field: Field
    private let fields: [String: Field]

    private static let parts = ["host", "port", "database", "user", "password_env", "encryption"]

    init?(_ field: Field) {
        let known = ["url_env", "table", "query", "key", "since", "overlap", "batch"] + Self.parts
        guard let fields = field.mapping(known) else { return nil }
        self.field = field
        self.fields = fields
    }

    func report(_ problem: Problem) { field.report(problem) }

    func reportSince(_ problem: Problem) { (fields["since"] ?? field).reportName(problem) }

    func origin() -> PostgresOrigin? {
        guard let address = address(), let relation = relation() else { return nil }
        var origin = PostgresOrigin(address: address, relation: relation)
        origin.key = fields["key"]?.strings ?? []
        origin.since = fields["since"]?.string
        if let overlap = fields["overlap"] {
            if origin.since == nil { report(.missingField("since")) }
            origin.overlap = self.overlap(overlap)
        }
        if let batch = fields["batch"]?.integer(in: PostgresOrigin.batchRange) {
            origin.batch = batch
        }
        return origin
    }

    // MARK: Server

    private func address() -> PostgresOrigin.Address? {
        guard let url = fields["url_env"] else { return parts().map { .parts($0) } }
        for name in Self.parts {
            fields[name]?.reportName(.fieldBeside(field: name, other: "url_env"))
        }
        return variable(url).map { .url(variable: $0) }
    }

    private func parts() -> ServerParts? {
        guard Self.parts.contains(where: { fields[$0] != nil }) else {
            report(.missingField("url_env"))
            return nil
        }
        guard let database = field.required("database", in: fields)?.string,
            let user = field.required("user", in: fields)?.string
        else { return nil }
        var parts = ServerParts(database: database, user: user)
        if let host = fields["host"]?.string { parts.host = host }
        if let port = fields["port"]?.integer(in: 1...65535) { parts.port = port }
        parts.passwordVariable = fields["password_env"].flatMap(variable)
        parts.encryption = fields["encryption"]?.choice([
            "disable": "disable", "prefer": "prefer", "require": "require",
            "verify-ca": "verify-ca", "verify-full": "verify-full",
        ])
        return parts
    }

    /// The name of a variable. What is none may be the secret itself, and is not repeated.
    private func variable(_ field: Field) -> String? {
        guard let name = field.string else { return nil }
        let isName =
            name.utf8.first.map { !(48...57).contains($0) } ?? false
            && name.utf8.allSatisfy {
                (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
                    || $0 == UInt8(ascii: "_")
            }
        if isName { return name }
        field.report(
            .wrongKind(field: field.name, expected: "the name of an environment variable"))
        return nil
    }

    // MARK: Rows

    private func relation() -> PostgresOrigin.Relation? {
        guard let query = fields["query"] else {
            return field.required("table", in: fields)?.string.flatMap(table)
        }
        fields["table"]?.reportName(.fieldBeside(field: "table", other: "query"))
        return query.string.map { .query($0.trimmingStatementEnd) }
    }

    /// `name` or `schema.name`, each exactly as the server has it.
    private func table(_ text: String) -> PostgresOrigin.Relation? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1 where !parts[0].isEmpty: return .table(schema: nil, name: parts[0])
        case 2 where !parts[0].isEmpty && !parts[1].isEmpty:
            return .table(schema: parts[0], name: parts[1])
        default:
            fields["table"]?.report(.wrongKind(field: "table", expected: "schema.name"))
            return nil
        }
    }

    private static let units: [(name: String, seconds: Int)] = [
        ("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400),
    ]

    /// `5 minutes`, or a number for a column of numbers.
    private func overlap(_ field: Field) -> PostgresOrigin.Overlap {
        guard let text = field.string else { return .none }
        let words = text.split(separator: " ")
        if let count = words.first.flatMap({ Int($0) }), (0...1_000_000_000).contains(count) {
            if count == 0 { return .none }
            if words.count == 1 { return .number(count) }
            if words.count == 2,
                let unit = Self.units.first(where: {
                    words[1] == $0.name || words[1] == $0.name + "s"
                })
            {
                return .seconds(count * unit.seconds)
            }
        }
        field.report(.wrongKind(field: "overlap", expected: "a span such as 5 minutes"))
        return .none
    }
}

extension String {
    /// Without the `;` and blanks after a statement.
    fileprivate var trimmingStatementEnd: String {
        var rest = self[...]
        while let last = rest.last, last == ";" || last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
