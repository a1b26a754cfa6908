import Foundation
import KPICore
import KPIEngine
import KPIQuery

/// A file with headers and without records, to be filled in by hand.
package enum EmptyFile {
    /// - Parameter path: ending with `.csv` or `.xlsx`.
    /// - Throws: `Diagnostics` when it cannot be written.
    package static func write(_ headers: [String], to path: String) async throws {
        guard path.lowercased().hasSuffix(".xlsx") else {
            // The mark tells spreadsheets that the file is UTF-8.
            let text = "\u{FEFF}" + headers.joined(separator: ",") + "\n"
            do {
                return try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            } catch {
                throw Diagnostics(
                    .unreadable(file: path, reason: .said(error.localizedDescription)))
            }
        }
        do {
            let database = try await Database.inMemory()
            try await Loader.loadSpreadsheets(database)
            let columns: [SQLText] = headers.map { "CAST(NULL AS VARCHAR) AS \(name: $0)" }
            let sheet: SQLText = "CREATE TABLE sheet AS SELECT \(columns) WHERE FALSE"
            let connection = try await database.connect()
            try await connection.execute(sheet.text)
            try await connection.execute(
                "COPY sheet TO ? (FORMAT xlsx, HEADER true)", [.text(path)])
        } catch let error as EngineError {
            throw Diagnostics(.unreadable(file: path, reason: .said(error.message)))
        }
    }
}

extension Loader {
    /// SHA-256 of a file as it lies on disk; nil when it cannot be read.
    package static func fingerprint(_ path: String) -> String? { ByteReader.fingerprint(path) }
}
