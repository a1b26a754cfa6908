import CADBC
import KPICore

/// The batches of a result, one after another. Used on the connection's thread.
final class ResultStream {
    let raw: UnsafeMutablePointer<ArrowArrayStream>
    private let driver: Driver
    private let statement: Statement

    init(_ driver: Driver, statement: Statement) {
        self.driver = driver
        self.statement = statement
        raw = .allocate(capacity: 1)
        raw.initialize(to: ArrowArrayStream())
    }

    deinit {
        raw.pointee.release?(raw)
        raw.deallocate()
    }

    /// The whole result as one table.
    func readAll() throws -> Table {
        try withSchema { schema in
            var decoder = try TableDecoder(schema)
            while try nextBatch({ try decoder.append($0) }) {}
            return decoder.table
        }
    }

    /// Each batch as a table of its own; an empty result is one table without rows.
    func readEach(_ body: (Table) throws -> Void) throws {
        try withSchema { schema in
            let empty = try TableDecoder(schema)
            var isFirst = true
            while true {
                var decoder = empty
                guard try nextBatch({ try decoder.append($0) }) else { break }
                isFirst = false
                try body(decoder.table)
            }
            if isFirst { try body(empty.table) }
        }
    }

    /// The names of the result's columns, whatever their types.
    func columnNames() throws -> [String] {
        try withSchema { schema in
            (0..<Int(schema.n_children)).map { index in
                schema.children[index]?.pointee.name.map { String(cString: $0) } ?? ""
            }
        }
    }

    private func withSchema<Result>(
        _ body: (ArrowSchema) throws -> Result
    ) throws -> Result {
        var schema = ArrowSchema()
        guard let get = raw.pointee.get_schema else {
            throw EngineError(.engineFault, message: "the driver answered without a result")
        }
        try check(get(raw, &schema), ifSilent: .unsupportedType)
        defer { schema.release?(&schema) }
        return try body(schema)
    }

    /// Hands the next batch to `body` and releases it; false at the end.
    private func nextBatch(_ body: (ArrowArray) throws -> Void) throws -> Bool {
        guard let get = raw.pointee.get_next else {
            throw EngineError(.engineFault, message: "the driver's result has no batches")
        }
        try statement.checkCancellation()
        var batch = ArrowArray()
        try check(get(raw, &batch), ifSilent: .engineFault)
        guard batch.release != nil else { return false }
        defer { batch.release?(&batch) }
        try body(batch)
        return true
    }

    /// - Parameter kind: what the error is when the driver has no words for it.
    private func check(_ code: Int32, ifSilent kind: EngineError.Kind) throws {
        guard code != 0 else { return }
        var status: AdbcStatusCode = 10
        if let find = driver.table.pointee.ErrorFromArrayStream, let error = find(raw, &status) {
            throw Driver.read(error.pointee, status, "the result's stream")
        }
        guard let words = raw.pointee.get_last_error?(raw), words.pointee != 0 else {
            throw EngineError(
                kind, status: status, message: "the driver gave up without words, code \(code)")
        }
        throw EngineError.reported(
            status: status, sqlState: "", message: String(cString: words))
    }
}
