import Glibc

/// Files that a pattern of a source names.
enum FilePattern {
    /// The files that match, sorted by name. `*`, `?` and `[…]` match within one name.
    ///
    /// - Parameter folder: what a relative pattern starts from.
    static func files(_ pattern: String, in folder: String) -> [String] {
        let full = pattern.hasPrefix("/") ? pattern : folder + "/" + pattern
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(full, 0, nil, &matches) == 0 else { return [] }
        return (0..<Int(matches.gl_pathc)).compactMap { index in
            matches.gl_pathv[index].map { String(cString: $0) }
        }
    }
}
