import Foundation
import KPICore
import KPIEngine
import Testing

/// A connection to a new database in memory.
func memoryConnection() async throws -> Connection {
    try await Database.inMemory().connect()
}

/// A directory of its own that is removed when the object goes.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("plumbline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension Table {
    /// The rows as scalars, so that what stands under a missing value does not count.
    var rows: [[Scalar]] {
        (0..<rowCount).map { row in columns.map { $0[row] } }
    }
}

/// The error that a body throws, if it is the engine's.
func engineError(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void
) async -> EngineError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? EngineError
    }
}

func decimal(_ text: String) -> Scalar { .decimal(ExactDecimal(text)!) }
