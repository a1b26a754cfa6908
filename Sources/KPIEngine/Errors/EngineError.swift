/// What went wrong in or before a database engine, as a value.
///
/// `description` is safe to show to anyone: it tells the kind and never quotes SQL, paths or data.
/// The engine's own words are in `message` and in `debugDescription`, for logs and operators.
package struct EngineError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// No library of an engine or driver was found; `message` tells where it was looked for.
        case libraryMissing
        /// A library was found but cannot be loaded or is no driver.
        case libraryUnusable
        /// A DuckDB library was found that is older than this program can use.
        case libraryTooOld
        /// Another process holds the database file; its process id where the engine names it.
        case locked(pid: Int32?)
        /// The database is open in this process with another access mode.
        case openOtherwise
        /// The statement was cancelled; the connection remains usable.
        case cancelled
        /// The statement cannot be parsed or bound: syntax, unknown table or column, types.
        case invalidStatement
        /// A parameter or a table to ingest cannot be handed to the engine.
        case invalidInput
        /// A value does not convert or does not fit its type.
        case valueOutOfRange
        /// A constraint refused rows.
        case constraint
        /// A transaction conflict or a statement in an aborted transaction.
        case transaction
        /// The engine's settings forbid it, for example a file read after `lockDown`.
        case forbidden
        case outOfMemory
        case inputOutput
        /// A result has a column of a type that tables do not hold.
        case unsupportedType
        /// The engine or its driver lacks the function.
        case notSupported
        /// A bug in the engine, its driver, or the data they hand over.
        case engineFault
        case other
    }

    package let kind: Kind
    /// The ADBC status code, or 0 when the error did not come from a driver.
    package let status: UInt8
    /// Five characters where the driver reports one, else empty. DuckDB reports none.
    package let sqlState: String
    /// The engine's own words: may quote SQL, names, paths and data.
    package let message: String

    package init(_ kind: Kind, status: UInt8 = 0, sqlState: String = "", message: String) {
        self.kind = kind
        self.status = status
        self.sqlState = sqlState
        self.message = message
    }

    static let cancelled = EngineError(.cancelled, message: "cancelled before it was done")
}

extension EngineError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One sentence for the kind, without details.
    package var description: String {
        switch kind {
        case .libraryMissing: "the database library was not found; run scripts/setup"
        case .libraryUnusable: "the database engine's library cannot be used"
        case .libraryTooOld: "the DuckDB library is too old; run scripts/setup"
        case .locked(let pid?): "the database is in use by another process (PID \(pid))"
        case .locked(nil): "the database is in use by another process"
        case .openOtherwise: "the database is already open with another access mode"
        case .cancelled: "the statement was cancelled"
        case .invalidStatement: "the engine does not understand the statement"
        case .invalidInput: "the values given to the statement cannot be used"
        case .valueOutOfRange: "a value does not convert or does not fit its type"
        case .constraint: "a constraint of the table refused the rows"
        case .transaction: "the transaction could not go on"
        case .forbidden: "the engine's settings do not allow this"
        case .outOfMemory: "the engine has not enough memory for the statement"
        case .inputOutput: "the engine could not read or write a file"
        case .unsupportedType: "the result has a column of a type that is not supported"
        case .notSupported: "the engine does not support this"
        case .engineFault: "the engine failed internally"
        case .other: "the engine reported an error"
        }
    }

    /// Kind, status, SQLSTATE and the engine's own words.
    package var debugDescription: String {
        let state = sqlState.isEmpty ? "" : ", sqlstate \(sqlState)"
        return "EngineError(\(kind), status \(status)\(state)): \(message)"
    }
}
