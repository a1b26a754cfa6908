import Dispatch
import Glibc
import Synchronization

/// The databases on files that this process has open, one for each real file.
///
/// Two databases opened on one file in one process lose committed rows without a word, so every
/// opening and closing goes through one queue and a file is opened only after it was closed.
final class DatabaseRegistry: Sendable {
    static let shared = DatabaseRegistry()

    let queue = DispatchQueue(label: "plumbline.databases")
    private let entries = Mutex<[String: Entry]>([:])

    /// A database that is open; `database` is nil once nobody holds it, but it is not closed yet.
    private struct Entry: Sendable {
        let handle: DatabaseHandle
        let file: FileIdentity?
        let isReadOnly: Bool
        let database: WeakDatabase
    }

    /// The database on a file: the one that is open, or a new one. To be called on the queue.
    func open(
        _ path: String, _ options: DatabaseOptions, _ library: EngineLibrary
    ) throws -> Database {
        let place = try Self.resolve(path)
        if let (database, isReadOnly) = openDatabase(at: place) {
            guard isReadOnly == options.isReadOnly else {
                throw EngineError(
                    .openOtherwise,
                    message: "\(place) is already open \(isReadOnly ? "read-only" : "for writing")")
            }
            return database
        }
        closeUnheld()
        let handle = try DatabaseHandle(library.driver, path: place, options: options)
        let database = Database(handle, path: place, options: options, library: library)
        let entry = Entry(
            handle: handle, file: FileIdentity(place), isReadOnly: options.isReadOnly,
            database: WeakDatabase(database))
        entries.withLock { $0[place] = entry }
        return database
    }

    /// Closes what nobody holds any more. To be called on the queue.
    func closeUnheld() {
        let unheld = entries.withLock { entries in
            let unheld = entries.filter { $0.value.database.value == nil }
            for place in unheld.keys { entries[place] = nil }
            return unheld
        }
        for entry in unheld.values { entry.handle.close() }
    }

    /// Finds by path, then by file, since one file may have several names.
    private func openDatabase(at place: String) -> (database: Database, isReadOnly: Bool)? {
        let file = FileIdentity(place)
        return entries.withLock { entries in
            let same = entries[place] ?? entries.values.first { file != nil && $0.file == file }
            guard let same, let database = same.database.value else { return nil }
            return (database, same.isReadOnly)
        }
    }

    /// The real path of a file, or of the place in an existing directory where it will be.
    static func resolve(_ path: String) throws -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw EngineError(.invalidInput, message: "‘\(path)’ cannot be a database's path")
        }
        if let real = realPath(path) { return real }
        let cut = path.lastIndex(of: "/")
        let name = cut.map { path[path.index(after: $0)...] } ?? path[...]
        let directory = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let real = realPath(directory), !name.isEmpty else {
            throw EngineError(.inputOutput, message: "there is no directory \(directory)")
        }
        return real == "/" ? "/\(name)" : "\(real)/\(name)"
    }
}

private struct WeakDatabase: Sendable {
    weak let value: Database?

    init(_ database: Database) { value = database }
}

/// Which file a path leads to, whatever its name.
private struct FileIdentity: Equatable, Sendable {
    let device: UInt
    let inode: UInt

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }
}
