import Glibc

/// The DuckDB library of this process: where it was found and which version it is.
///
/// A library is loaded once and stays loaded until the process ends.
package struct EngineLibrary: Sendable {
    /// The path or the name by which the library was opened.
    package let path: String
    package let version: EngineVersion
    let driver: Driver

    /// Finds and loads the library.
    ///
    /// Looks at `path` if given; else at the environment's `PLUMB_DUCKDB_LIBRARY` if set; else
    /// beside the running program, in the nearest `.deps/lib` above the program or the current
    /// directory, and on the system's library path. A library named by the first two is used or
    /// refused: nothing else is tried in its place.
    ///
    /// - Throws: `EngineError` of kind `libraryMissing`, `libraryUnusable` or `libraryTooOld`;
    ///   its message tells what was found, where it was looked for, and what to do.
    /// - Complexity: about 50 ms the first time, microseconds after.
    package static func load(path: String? = nil) throws -> EngineLibrary {
        let search = LibrarySearch(explicit: path)
        let library = try search.open()
        return try EngineLibrary(library, found: search)
    }

    private init(_ library: DynamicLibrary, found search: LibrarySearch) throws {
        guard let symbol = library.symbol("duckdb_library_version") else {
            throw EngineError(
                .libraryUnusable,
                message: "\(library.path) is no DuckDB library. \(search.advice)")
        }
        typealias Report = @convention(c) () -> UnsafePointer<CChar>?
        let text = unsafeBitCast(symbol, to: Report.self)().map { String(cString: $0) } ?? ""
        version = try Self.check(text, at: library.path, advice: search.advice)
        path = library.path
        driver = try Driver.load(library, entry: "duckdb_adbc_init")
    }

    /// The version if it is new enough, else an error that says what to do.
    static func check(_ text: String, at path: String, advice: String) throws -> EngineVersion {
        guard let version = EngineVersion(text) else {
            throw EngineError(
                .libraryUnusable, message: "\(path) reports version ‘\(text)’. \(advice)")
        }
        guard version >= .oldest else {
            throw EngineError(
                .libraryTooOld,
                message: "\(path) is DuckDB \(version); \(EngineVersion.oldest) or later is "
                    + "needed. \(advice)")
        }
        return version
    }
}

/// The places where a DuckDB library is looked for, in order.
struct LibrarySearch {
    static let fileName = "libduckdb.so"
    static let variable = "PLUMB_DUCKDB_LIBRARY"
    let places: [String]

    init(explicit: String?) {
        self.init(
            explicit: explicit, named: getenv(Self.variable).map { String(cString: $0) },
            program: Self.programDirectory, current: Self.currentDirectory)
    }

    init(explicit: String?, named: String?, program: String?, current: String?) {
        if let explicit {
            places = [explicit]
        } else if let named, !named.isEmpty {
            places = [named]
        } else {
            let beside = program.map { ["\($0)/\(Self.fileName)"] } ?? []
            let above = [program, current].compactMap { $0 }.flatMap(Self.depsAbove)
            places = beside + above + [Self.fileName]
        }
    }

    /// Opens the first place that exists. A file that exists but does not load is an error, and
    /// so is a named one that does not exist.
    func open() throws -> DynamicLibrary {
        for place in places where place.contains("/") {
            if access(place, F_OK) == 0 { return try DynamicLibrary(opening: place) }
        }
        if let name = places.last, !name.contains("/"),
            let library = try? DynamicLibrary(opening: name)
        {
            return library
        }
        throw EngineError(.libraryMissing, message: "no DuckDB library was found. \(advice)")
    }

    var advice: String {
        let looked = places.map { $0.contains("/") ? $0 : "the system's library path (\($0))" }
        return "Looked at: \(looked.joined(separator: ", ")). Run scripts/setup to fetch the "
            + "library into .deps/, or name one of DuckDB \(EngineVersion.oldest) or later by "
            + "\(Self.variable)."
    }

    /// `.deps/lib/libduckdb.so` in a directory and in each one above it.
    static func depsAbove(_ directory: String) -> [String] {
        var parts = directory.split(separator: "/")
        var places: [String] = []
        while true {
            let prefix = parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
            places.append("\(prefix)/.deps/lib/\(fileName)")
            if parts.popLast() == nil { return places }
        }
    }

    private static var programDirectory: String? {
        guard let program = realPath("/proc/self/exe") else { return nil }
        return program.lastIndex(of: "/").map { String(program[..<$0]) }
    }

    private static var currentDirectory: String? { realPath(".") }
}

/// The absolute path behind links and dots, or nil when nothing is there.
func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
