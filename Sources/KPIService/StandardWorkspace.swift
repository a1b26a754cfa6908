import Foundation
import KPICore
import KPIIngest
import KPIModel

/// What `plumb init --standard` writes: a workspace on the standard model with the whole library, for a
/// folder with one `ENTITY.csv` for each entity there is.
package struct StandardWorkspace {
    package struct Report {
        package var files: [String] = []
        /// Entities with a file, and how many of their columns it has.
        package var mapped: [(entity: String, columns: Int, of: Int)] = []
        /// Entities without a file.
        package var absent: [String] = []
        /// Headers that the standard model does not know, by file.
        package var ignored: [(file: String, headers: [String])] = []
    }

    private let target: String
    /// As it is written into the workspace; nil: data are still to come, into `data/`.
    private let data: String?
    private let library: Workspace
    private var coverage: [String: String] = [:]
    /// By entity: the columns that its file has.
    private var columns: [String: [String]] = [:]
    private var report = Report()

    /// - Throws: `Diagnostics` when the folder already holds a workspace, or a file cannot be read.
    package static func write(to target: String, data: String?) throws -> Report {
        var writer = StandardWorkspace(
            target: target, data: data, library: try Library.workspace())
        return try writer.write()
    }

    private init(target: String, data: String?, library: Workspace) {
        self.target = target
        self.data = data.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        self.library = library
    }

    private mutating func write() throws -> Report {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: target + "/plumbline.yaml") else {
            throw Diagnostics(.folderExists(target))
        }
        if let data {
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: data, isDirectory: &isFolder), isFolder.boolValue
            else {
                throw Diagnostics(.noFiles(pattern: "*.csv", folder: data))
            }
            coverage = try StandardCoverage.read(data + "/coverage.csv", library)
        }
        for dataset in library.datasets { try readHeaders(dataset) }
        for dataset in library.datasets { try writeSource(dataset) }
        for file in Library.files() where file != "plumbline.yaml" {
            var text = Library.text(file)!
            if file.hasPrefix("datasets/"), let dataset = Self.dataset(text),
                let line = coverage[dataset]
            {
                text += line + "\n"
            }
            try put(text, file)
        }
        try put(settings, "plumbline.yaml")
        try put("store/\n.plumb/\n", ".gitignore")
        report.files.sort()
        return report
    }

    private static func dataset(_ text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("dataset:") }
            .map { $0.dropFirst("dataset:".count).trimmingCharacters(in: .whitespaces) }
    }

    private var settings: String {
        let text = Library.text("plumbline.yaml")!.split(
            separator: "\n", omittingEmptySubsequences: false
        ).filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        let place = data.map {
            "# Where the files of the sources lie.\ndata: \(Self.quoted(relative($0)))\n"
        }
        return "# One workspace is one company.\n" + text + (place ?? "")
    }

    /// From the workspace on, where it lies inside.
    private func relative(_ path: String) -> String {
        let own = URL(fileURLWithPath: target).standardizedFileURL.path + "/"
        return path.hasPrefix(own) ? String(path.dropFirst(own.count)) : path
    }

    /// In single quotes, as YAML has them.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    private mutating func put(_ text: String, _ file: String) throws {
        let path = "\(target)/\(file)"
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        report.files.append(file)
    }

    // MARK: Sources

    /// The columns that the file of an entity has, or all where there are no data yet.
    private mutating func readHeaders(_ dataset: Dataset) throws {
        let file = dataset.id + ".csv"
        let own = dataset.columns.filter { $0.computed == nil }
        guard let data else {
            columns[dataset.id] = own.map(\.name)
            return
        }
        guard FileManager.default.fileExists(atPath: "\(data)/\(file)") else {
            report.absent.append(dataset.id)
            return
        }
        let headers = try CSVHeader.names(of: "\(data)/\(file)")
        let known = own.map(\.name).filter(headers.contains)
        let unknown = headers.filter { !known.contains($0) }
        if !unknown.isEmpty { report.ignored.append((file, unknown)) }
        let missing = own.filter { $0.isRequired || dataset.key.contains($0.name) }
            .map(\.name).filter { !known.contains($0) }
        if let first = missing.first {
            throw Diagnostics(
                .missingColumn(
                    first, closest: NearMatch.closest(to: first, among: headers),
                    columns: headers, file: file))
        }
        columns[dataset.id] = known
        report.mapped.append((dataset.id, known.count, own.count))
    }

    private mutating func writeSource(_ dataset: Dataset) throws {
        guard let columns = columns[dataset.id] else { return }
        let file = dataset.id + ".csv"
        let lines = columns.map { "  \($0): \($0)" }.joined(separator: "\n")
        try put(
            """
            source: \(dataset.id.replacing("_", with: "-"))
            dataset: \(dataset.id)
            files: \(file)
            optional: true
            # Rows that cannot be read are set aside and reported; the others are loaded.
            rejects: 100%
            columns:
            \(lines)

            """, "sources/\(dataset.id).yaml")
    }
}

/// `coverage.csv` of a folder: entity, covered_from, covered_to and, where only one time axis is meant,
/// time_axis. An entity may have several ranges.
enum StandardCoverage {
    /// The line `coverage: …` of each dataset.
    static func read(_ path: String, _ library: Workspace) throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        let table = try CSVHeader.records(of: path)
        guard let header = table.first else { return [:] }
        func place(_ name: String) throws -> Int {
            guard let place = header.firstIndex(of: name) else {
                throw Diagnostics(
                    .missingColumn(
                        name, closest: NearMatch.closest(to: name, among: header), columns: header,
                        file: "coverage.csv"))
            }
            return place
        }
        let (entity, from, to) = (
            try place("entity"), try place("covered_from"), try place("covered_to")
        )
        let axis = header.firstIndex(of: "time_axis")
        var ranges: [String: [String: [String]]] = [:]
        for record in table.dropFirst() where record.count > max(entity, from, to) {
            guard let dataset = library.dataset(record[entity]) else {
                throw Diagnostics(
                    .unknownDataset(
                        record[entity],
                        closest: NearMatch.closest(
                            to: record[entity], among: library.datasets.map(\.id))))
            }
            let stated = axis.flatMap { record.count > $0 ? record[$0] : nil } ?? ""
            let axes = stated.isEmpty ? dataset.timeColumns : [stated]
            let range = "{from: \(record[from].prefix(10)), to: \(record[to].prefix(10))}"
            for axis in axes { ranges[dataset.id, default: [:]][axis, default: []].append(range) }
        }
        return ranges.mapValues { axes in
            let entries = axes.sorted { $0.key < $1.key }.map { axis, ranges in
                "  \(axis): "
                    + (ranges.count == 1 ? ranges[0] : "[\(ranges.joined(separator: ", "))]")
            }
            return "coverage:\n" + entries.joined(separator: "\n")
        }
    }
}
