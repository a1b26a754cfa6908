extension Statement {
    /// Makes the statement a bulk load instead of SQL.
    func setIngestion(
        into name: String, schema: String?, mode: IngestMode, temporary: Bool
    ) throws {
        guard !name.isEmpty, !name.utf8.contains(0), schema?.utf8.contains(0) != true else {
            throw EngineError(.invalidInput, message: "‘\(name)’ cannot be a table's name")
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
