/// An ADBC driver in a shared library of its own, for databases other than the embedded one.
///
/// A library is loaded once and stays loaded until the process ends.
package struct DriverLibrary: Sendable {
    /// The path or the name by which the library was opened.
    package let path: String
    let driver: Driver

    /// Finds and loads a driver, in the places where `EngineLibrary.load` looks for its library.
    ///
    /// - Parameters:
    ///   - fileName: of the library, such as `libadbc_driver_postgresql.so`.
    ///   - noun: what messages call it, such as `PostgreSQL driver`.
    ///   - variable: of the environment, that names another file.
    ///   - entry: the function that fills ADBC's table.
    ///   - path: a file that is used or refused, whatever the environment says.
    /// - Throws: `EngineError` of kind `libraryMissing` or `libraryUnusable`; its message tells
    ///   where it was looked for, and what to do.
    package static func load(
        _ fileName: String, noun: String, variable: String, entry: String = "AdbcDriverInit",
        path: String? = nil
    ) throws -> DriverLibrary {
        let wanted = WantedLibrary(
            fileName: fileName, noun: noun, variable: variable, requirement: "one")
        let library = try LibrarySearch(for: wanted, explicit: path).open()
        return DriverLibrary(
            path: library.path, driver: try Driver.load(library, entry: entry))
    }
}
