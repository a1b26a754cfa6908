import Foundation
import KPICore

/// Small CSV files and the first line of large ones, read at home.
package enum CSVHeader {
    /// The headers of a file, trimmed.
    ///
    /// - Throws: `Diagnostics` when it cannot be read.
    package static func names(of path: String) throws -> [String] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw Diagnostics(.unreadableFile("no permission"))
        }
        defer { try? handle.close() }
        let start = try handle.read(upToCount: 1 << 16) ?? Data()
        let line = start.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)[0]
        return split(line, nil).names
    }

    /// All records of a small file without line breaks inside fields, fields trimmed.
    package static func records(of path: String) throws -> [[String]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Diagnostics(.unreadableFile("no permission"))
        }
        let lines = data.split(separator: 0x0A)
        guard let first = lines.first else { return [] }
        let delimiter = split(first, nil).delimiter
        return lines.map { split($0, delimiter).names }.filter { $0 != [""] }
    }

    private static func split(
        _ line: Data.SubSequence, _ stated: String?
    ) -> (names: [String], delimiter: String) {
        var bytes = Array(line)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.last == 0x0D { bytes.removeLast() }
        let header = bytes.withUnsafeBytes { Header($0, delimiter: stated) }
        return (header.names.map { $0.trimmingCharacters(in: .whitespaces) }, header.delimiter)
    }
}
