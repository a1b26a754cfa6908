import Dispatch

/// An open DuckDB database: a file or memory. Holds it open as long as anyone holds this object or
/// a connection of it.
package final class Database: Sendable {
    /// The real path of the file; nil for a database in memory.
    package let path: String?
    /// How it was opened, by whoever opened it first.
    package let options: DatabaseOptions
    package let library: EngineLibrary
    let handle: DatabaseHandle

    init(_ handle: DatabaseHandle, path: String?, options: DatabaseOptions, library: EngineLibrary)
    {
        self.handle = handle
        self.path = path
        self.options = options
        self.library = library
    }

    deinit {
        // Closing blocks. The registry closes a file's database before that file is opened again.
        DatabaseRegistry.shared.queue.async { [handle, path] in
            if path == nil { handle.close() } else { DatabaseRegistry.shared.closeUnheld() }
        }
    }

    /// Opens the database in a file, which is made when it is missing.
    ///
    /// While it is open this process must not read the file in any other way: closing a file ends
    /// all locks that the process holds on it, and other processes could then write into it.
    ///
    /// A process has one database for each real file: opening it again, under any of its names,
    /// gives the same object, whose other options stay as they are.
    ///
    /// - Parameter library: the DuckDB to use; nil for the one that `EngineLibrary.load` finds.
    /// - Throws: `EngineError`: `locked` while another process holds the file, `openOtherwise`
    ///   when this process has it open with the other access mode, `inputOutput`, or what
    ///   `EngineLibrary.load` throws.
    package static func open(
        _ path: String, options: DatabaseOptions = DatabaseOptions(), library: EngineLibrary? = nil
    ) async throws -> Database {
        let registry = DatabaseRegistry.shared
        return try await registry.queue.perform {
            try registry.open(path, options, try library ?? .load())
        }
    }

    /// Makes a new, empty database in memory. It is gone when nobody holds it.
    package static func inMemory(
        options: DatabaseOptions = DatabaseOptions(), library: EngineLibrary? = nil
    ) async throws -> Database {
        try await DatabaseRegistry.shared.queue.perform {
            let library = try library ?? .load()
            let handle = try DatabaseHandle(library.driver, path: ":memory:", options: options)
            return Database(handle, path: nil, options: options, library: library)
        }
    }

    /// Returns when every database that nobody holds any more is closed: its file is complete and
    /// may be copied, or opened by another process.
    package static func settle() async throws {
        try await DatabaseRegistry.shared.queue.perform { DatabaseRegistry.shared.closeUnheld() }
    }

    /// Opens a connection. Connections of one database work at the same time.
    ///
    /// - Complexity: about 0.1 ms and a thread while a statement runs.
    package func connect() async throws -> Connection {
        try await Connection.open(self)
    }

    /// Loads an engine extension from a file, for all connections.
    ///
    /// - Throws: `EngineError` when the file is no extension for this engine, or after `lockDown`.
    package func loadExtension(_ path: String) async throws {
        try await connect().execute("LOAD \(path.quoted(by: "'"))")
    }

    /// Ends all access of statements to files and the network, and all change of settings, for as
    /// long as the database is open. The database itself, and spilling to disk, go on working.
    ///
    /// - Parameter folders: in which files can still be read and written.
    package func lockDown(exceptIn folders: [String] = []) async throws {
        let connection = try await connect()
        if !folders.isEmpty {
            let list = folders.map { $0.quoted(by: "'") }.joined(separator: ", ")
            try await connection.execute("SET GLOBAL allowed_directories = [\(list)]")
        }
        try await connection.execute("SET GLOBAL enable_external_access = false")
        try await connection.execute("SET GLOBAL lock_configuration = true")
    }
}
