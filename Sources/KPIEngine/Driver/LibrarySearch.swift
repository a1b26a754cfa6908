import Glibc

/// A library that is looked for: its file, what messages call it, and who may name another.
struct WantedLibrary: Sendable {
    let fileName: String
    /// With its article or number left out: `DuckDB library`.
    let noun: String
    /// The environment's variable that names one.
    let variable: String
    /// What one that is named has to be.
    let requirement: String

    static let duckDB = WantedLibrary(
        fileName: "libduckdb.so", noun: "DuckDB library", variable: "PLUMB_DUCKDB_LIBRARY",
        requirement: "one of DuckDB \(EngineVersion.oldest) or later")
}

/// The places where a library is looked for, in order.
struct LibrarySearch {
    let wanted: WantedLibrary
    let places: [String]

    init(for wanted: WantedLibrary = .duckDB, explicit: String?) {
        self.init(
            for: wanted, explicit: explicit,
            named: getenv(wanted.variable).map { String(cString: $0) },
            program: Self.programDirectory, current: Self.currentDirectory)
    }

    init(
        for wanted: WantedLibrary = .duckDB, explicit: String?, named: String?, program: String?,
        current: String?
    ) {
        self.wanted = wanted
        let fileName = wanted.fileName
        if let explicit {
            places = [explicit]
        } else if let named, !named.isEmpty {
            places = [named]
        } else {
            let beside = program.map { ["\($0)/\(fileName)"] } ?? []
            let above = [program, current].compactMap { $0 }.flatMap {
                Self.depsAbove($0, fileName)
            }
            places = beside + above + [fileName]
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
        throw EngineError(.libraryMissing, message: "no \(wanted.noun) was found. \(advice)")
    }

    var advice: String {
        let looked = places.map { $0.contains("/") ? $0 : "the system's library path (\($0))" }
        return "Looked at: \(looked.joined(separator: ", ")). Run scripts/setup to fetch the "
            + "library into .deps/, or name \(wanted.requirement) by \(wanted.variable)."
    }

    /// `.deps/lib/NAME` in a directory and in each one above it.
    static func depsAbove(_ directory: String, _ fileName: String) -> [String] {
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
