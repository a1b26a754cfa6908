import Glibc
import KPICore

/// Files that a pattern of a source names.
enum FilePattern {
    /// The files that match, sorted by name. `*`, `?` and `[…]` match within one name. Folders are
    /// no files, unless named without a pattern: then reading says what they are.
    ///
    /// - Parameter folder: what a relative pattern starts from.
    static func files(_ pattern: String, in folder: String) -> [String] {
        let full = pattern.hasPrefix("/") ? pattern : escaped(folder) + "/" + pattern
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(full, 0, nil, &matches) == 0 else { return [] }
        let paths = (0..<Int(matches.gl_pathc)).compactMap { index in
            matches.gl_pathv[index].map { String(cString: $0) }
        }
        let isPattern = pattern.contains { "*?[".contains($0) }
        return isPattern ? paths.filter { FileKind.fault($0) != .folder } : paths
    }

    /// A folder's name means itself.
    private static func escaped(_ folder: String) -> String {
        var result = ""
        for character in folder {
            if "*?[]\\".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
