import Foundation
import KPICore
import KPIEngine
import KPIModel
import Testing

@testable import KPIIngest

/// A workspace with data in a folder of its own, which goes when the object goes.
final class Scratch: Sendable {
    let folder: String

    /// A workspace without definitions.
    init(zone: String = "Asia/Shanghai") throws {
        folder =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("ingest-\(UUID().uuidString)").path
        try write("plumbline.yaml", "name: Test\ntime_zone: \(zone)\n")
        try FileManager.default.createDirectory(
            atPath: folder + "/data", withIntermediateDirectories: true)
    }

    /// One dataset `t` with one source `s` of the files `*.EXTENSION`.
    convenience init(
        _ columns: KeyValuePairs<String, String>, dataset: String = "", source: String = "",
        map: String? = nil, files: String = "*.csv", zone: String = "Asia/Shanghai"
    ) throws {
        try self.init(zone: zone)
        try define(columns, dataset: dataset, source: source, map: map, files: files)
    }

    func define(
        _ columns: KeyValuePairs<String, String>, dataset: String = "", source: String = "",
        map: String? = nil, files: String = "*.csv"
    ) throws {
        let types = columns.map { "  \($0): \($1)" }.joined(separator: "\n")
        let names = map ?? columns.map { "  \($0.key): \($0.key)" }.joined(separator: "\n")
        try write("datasets/t.yaml", "dataset: t\ncolumns:\n\(types)\n\(dataset)\n")
        try write(
            "sources/s.yaml",
            "source: s\ndataset: t\nfiles: '\(files)'\n\(source)\ncolumns:\n\(names)\n")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ path: String, _ text: String) throws { try write(path, Data(text.utf8)) }

    func write(_ path: String, _ bytes: Data) throws {
        let url = URL(fileURLWithPath: folder + "/" + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: url)
    }

    func data(_ name: String, _ text: String) throws { try write("data/" + name, text) }
    func data(_ name: String, _ bytes: [UInt8]) throws { try write("data/" + name, Data(bytes)) }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: folder + "/" + path)
    }

    func warehouse() async throws -> Warehouse {
        let (workspace, findings) = WorkspaceReader.read(folder)
        guard let workspace, !findings.contains(where: { $0.severity == .error }) else {
            throw Diagnostics(findings)
        }
        return try await Warehouse.open(workspace)
    }

    @discardableResult
    func load(
        _ sources: [String] = [], again: Bool = false, from data: String? = nil
    ) async throws -> LoadReport {
        var loader = Loader(warehouse: try await warehouse(), dataFolder: data ?? folder + "/data")
        loader.again = again
        return try await loader.load(sources)
    }

    /// What keeps a load from being applied.
    func refusal(again: Bool = false, from data: String? = nil) async throws -> [Problem] {
        do {
            try await load(again: again, from: data)
            return []
        } catch let error as Diagnostics {
            return error.items.map(\.problem)
        }
    }

    /// The rows of a query as texts, `-` for a missing value.
    func rows(_ sql: String) async throws -> [[String]] {
        let connection = try await warehouse().database.connect()
        let table = try await connection.query("SELECT COLUMNS(*)::VARCHAR FROM (\(sql))")
        return (0..<table.rowCount).map { row in
            table.columns.map { column in
                if case .text(let text) = column[row] { text } else { "-" }
            }
        }
    }

    /// The rows of `t` in the order of the files, each as one text.
    func loaded(_ columns: String = "* EXCLUDE (\"$file\", \"$line\")") async throws -> [String] {
        try await rows("SELECT \(columns) FROM data.t ORDER BY \"$file\", \"$line\"")
            .map { $0.joined(separator: "|") }
    }

    /// Every table of the store with its row count and a checksum of its rows.
    func fingerprint() async throws -> [[String]] {
        let tables = try await rows(
            """
            SELECT schema_name, table_name FROM duckdb_tables() \
            WHERE NOT temporary ORDER BY ALL
            """)
        var result: [[String]] = []
        for table in tables {
            let name = "\"\(table[0])\".\"\(table[1])\""
            let sums = try await rows("SELECT count(*), sum(hash(t)) FROM \(name) AS t")
            result.append(table + sums[0])
        }
        return result
    }
}

extension Array where Element == Problem {
    /// The problems as a user reads them.
    var text: String { map { Diagnostic($0).text() }.joined(separator: "\n") }
}

func bytes(_ text: String, _ encoding: String.Encoding = .utf8) -> [UInt8] {
    Array(text.data(using: encoding)!)
}
