import KPICore

extension Statement {
    /// Makes the statement a bulk load instead of SQL.
    func setIngestion(
        into name: String, schema: String?, mode: IngestMode, temporary: Bool
    ) throws {
        guard !name.isEmpty, !name.utf8.contains(0), schema?.utf8.contains(0) != true else {
            throw EngineError(.invalidInput, message: "‘\(name)’ cannot be a table's name")
        }
        guard !temporary || schema == nil else {
            throw EngineError(.invalidInput, message: "a temporary table has no schema")
        }
        try setOption("adbc.ingest.target_table", name)
        try setOption("adbc.ingest.mode", mode.option)
        if let schema { try setOption("adbc.ingest.target_db_schema", schema) }
        if temporary { try setOption("adbc.ingest.temporary", "true") }
    }
}

extension IngestMode {
    fileprivate var option: String {
        switch self {
        case .create: "adbc.ingest.mode.create"
        case .append: "adbc.ingest.mode.append"
        case .replace: "adbc.ingest.mode.replace"
        }
    }
}

extension Table {
    /// - Throws: `invalidInput` for a table without columns, or whose names are empty or, by
    ///   SQL's rules, the same: an engine would rename them without a word.
    func checkNames() throws {
        let names = columns.map { $0.name.lowercased() }
        guard !names.isEmpty, !names.contains(where: { $0.isEmpty || $0.utf8.contains(0) }),
            Set(names).count == names.count
        else {
            throw EngineError(
                .invalidInput,
                message: "a table to ingest needs columns with different names, not \(names)")
        }
    }

    /// The same table with its columns in the order of a stored table's, since engines append by
    /// position. Names are compared without regard to case, as SQL does.
    func arranged(as names: [String], of target: String) throws -> Table {
        let byName = Dictionary(
            columns.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        let found = names.compactMap { byName[$0.lowercased()] }
        guard found.count == names.count, found.count == columns.count else {
            throw EngineError(
                .invalidInput,
                message: "‘\(target)’ has the columns \(names), the rows to append have "
                    + "\(columns.map(\.name))")
        }
        return Table(columns: found)
    }
}
