import Dispatch

/// A database behind a driver of its own, such as a server. Holds it open as long as anyone holds
/// this object or a connection of it.
package final class RemoteDatabase: Sendable {
    let handle: DatabaseHandle

    private static let queue = DispatchQueue(
        label: "plumbline.remotes", attributes: .concurrent)

    private init(_ handle: DatabaseHandle) { self.handle = handle }

    deinit {
        // Closing may wait for the other side.
        Self.queue.async { [handle] in handle.close() }
    }

    /// Opens a database; drivers of servers connect to it to do so.
    ///
    /// - Parameter options: as the driver names them, for instance `uri`. Values may be secrets: they
    ///   are handed to the driver and kept nowhere else.
    /// - Throws: `EngineError` with the driver's own words, which may quote the options.
    package static func open(
        _ library: DriverLibrary, options: [(name: String, value: String)]
    ) async throws -> RemoteDatabase {
        try await queue.perform {
            RemoteDatabase(try DatabaseHandle(library.driver, options))
        }
    }

    /// Opens a connection. Connections of one database work at the same time.
    package func connect() async throws -> Connection { try await Connection.open(self) }
}
