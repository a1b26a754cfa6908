/// How a database is opened. Nil leaves a setting to the engine.
package struct DatabaseOptions: Sendable, Equatable {
    /// Refuses every change; the file must exist. Several processes may read at a time.
    package var isReadOnly: Bool
    /// The most memory the engine takes, with a unit: `2GB`, `512MiB`. Past it, it spills to disk.
    package var memoryLimit: String?
    /// How many threads run statements.
    package var threads: Int?
    /// Where the engine spills; made when needed. Beside the database by default.
    package var temporaryDirectory: String?

    package init(
        isReadOnly: Bool = false, memoryLimit: String? = nil, threads: Int? = nil,
        temporaryDirectory: String? = nil
    ) {
        self.isReadOnly = isReadOnly
        self.memoryLimit = memoryLimit
        self.threads = threads
        self.temporaryDirectory = temporaryDirectory
    }

    /// The settings as the engine takes them when it opens a database.
    func settings(path: String) -> [(name: String, value: String)] {
        var settings = [
            (name: "path", value: path),
            (name: "autoinstall_known_extensions", value: "false"),
            (name: "autoload_known_extensions", value: "false"),
            // Else unsigned 128-bit integers and bit strings arrive as something they are not.
            (name: "arrow_lossless_conversion", value: "true"),
        ]
        if isReadOnly { settings.append((name: "access_mode", value: "READ_ONLY")) }
        if let memoryLimit { settings.append((name: "memory_limit", value: memoryLimit)) }
        if let threads { settings.append((name: "threads", value: String(threads))) }
        if let temporaryDirectory {
            settings.append((name: "temp_directory", value: temporaryDirectory))
        }
        return settings
    }
}
