extension EngineError {
    /// An error as a driver reports it: the kind comes from the words where they are DuckDB's,
    /// else from the SQLSTATE class, else from the ADBC status.
    static func reported(status: UInt8, sqlState: String, message: String) -> EngineError {
        let kind =
            kind(ofDuckDBMessage: message) ?? kind(ofSQLState: sqlState) ?? kind(ofStatus: status)
        return EngineError(kind, status: status, sqlState: sqlState, message: message)
    }

    /// DuckDB opens its messages with the class of the error: `Binder Error: …`.
    static func kind(ofDuckDBMessage message: String) -> Kind? {
        if let pid = lockHolder(in: message) { return .locked(pid: pid) }
        let text = message[...]
        return duckDBClasses.first { text.firstRange(ofASCII: $0.opening) != nil }?.kind
    }

    /// The first that is found counts: what tells more stands before the general classes.
    private static let duckDBClasses: [(opening: String, kind: Kind)] = [
        ("the configuration has been locked", .forbidden),
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
        let text = message[...]
        guard text.firstRange(ofASCII: "Could not set lock on file") != nil else { return nil }
        guard let mark = text.firstRange(ofASCII: "(PID ") else { return .some(nil) }
        return .some(Int32(text[mark.upperBound...].prefix { $0.isNumber }))
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

extension Substring {
    /// Where an ASCII text first stands. O(n × m).
    fileprivate func firstRange(ofASCII sought: String) -> Range<Index>? {
        let (bytes, wanted) = (utf8, sought.utf8)
        var start = bytes.startIndex
        while let end = bytes.index(start, offsetBy: wanted.count, limitedBy: bytes.endIndex) {
            if bytes[start..<end].elementsEqual(wanted) { return start..<end }
            start = bytes.index(after: start)
        }
        return nil
    }
}
