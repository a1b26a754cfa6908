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
