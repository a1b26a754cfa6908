import Glibc

extension EngineError {
    /// An error as a driver reports it: the kind comes from the words where they are DuckDB's,
    /// else from the SQLSTATE class, else from the ADBC status.
    static func reported(status: UInt8, sqlState: String, message: String) -> EngineError {
        let kind =
            kind(ofDuckDBMessage: message) ?? kind(ofSQLState: sqlState) ?? kind(ofStatus: status)
        return EngineError(kind, status: status, sqlState: sqlState, message: message)
    }

    /// DuckDB opens its messages with the class of the error: `Binder Error: …`. Drivers may put a
    /// few words before it; what stands further back may be data that the message quotes.
    static func kind(ofDuckDBMessage message: String) -> Kind? {
        let opening = String(decoding: message.utf8.prefix(200), as: UTF8.self)
        let found = duckDBClasses.compactMap { name, kind in
            opening.offset(of: name).map { (offset: $0, kind: kind) }
        }
        let kind = found.min { $0.offset < $1.offset }?.kind
        switch kind {
        case .inputOutput: return lockHolder(in: message).map { .locked(pid: $0) } ?? kind
        case .invalidInput: return message.offset(of: lockedSettings) == nil ? kind : .forbidden
        default: return kind
        }
    }

    private static let lockedSettings = "the configuration has been locked"

    private static let duckDBClasses: [(opening: String, kind: Kind)] = [
        ("in AppendDataChunk", .invalidInput),
        ("INTERRUPT Error", .cancelled),
        ("Parser Error", .invalidStatement),
        ("Binder Error", .invalidStatement),
        ("Catalog Error", .invalidStatement),
        ("Syntax Error", .invalidStatement),
        ("Parameter Not Resolved Error", .invalidStatement),
        ("Constraint Error", .constraint),
        ("Conversion Error", .valueOutOfRange),
        ("Out of Range Error", .valueOutOfRange),
        ("Mismatch Type Error", .valueOutOfRange),
        ("Invalid Input Error", .invalidInput),
        ("Invalid Configuration Error", .forbidden),
        ("Permission Error", .forbidden),
        ("TransactionContext Error", .transaction),
        ("Out of Memory Error", .outOfMemory),
        ("IO Error", .inputOutput),
        ("Not implemented Error", .notSupported),
        ("INTERNAL Error", .engineFault),
        ("FATAL Error", .engineFault),
    ]

    /// `.some(nil)` for a lock conflict whose holder is not named, nil for any other message.
    private static func lockHolder(in message: String) -> Int32?? {
        guard message.offset(of: "Could not set lock on file") != nil else { return nil }
        guard let mark = message.offset(of: "(PID ") else { return .some(nil) }
        let digits = message.utf8.dropFirst(mark + 5).prefix { (48...57).contains($0) }
        return .some(Int32(String(decoding: digits, as: UTF8.self)))
    }

    private static func kind(ofSQLState state: String) -> Kind? {
        if state == "57014" { return .cancelled }
        switch state.prefix(2) {
        case "42": return .invalidStatement
        case "22": return .valueOutOfRange
        case "23": return .constraint
        case "25", "40": return .transaction
        case "53": return .outOfMemory
        case "58": return .inputOutput
        case "0A": return .notSupported
        default: return nil
        }
    }

    private static func kind(ofStatus status: UInt8) -> Kind {
        switch status {
        case 2: .notSupported
        case 3, 4: .invalidStatement
        case 5: .invalidInput
        case 7, 8: .constraint
        case 9: .engineFault
        case 10: .inputOutput
        case 11: .cancelled
        case 13, 14: .forbidden
        default: .other
        }
    }
}

extension String {
    /// How many bytes stand before the first occurrence of a text.
    fileprivate func offset(of sought: String) -> Int? {
        withCString { start in strstr(start, sought).map { UnsafePointer($0) - start } }
    }
}
