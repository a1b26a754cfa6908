import Foundation
import KPICore
import KPIIngest
import KPIModel

/// What `plumb init --standard` writes: a workspace on the standard model with the whole library, for a
/// folder with one `ENTITY.csv` for each entity there is.
package struct StandardWorkspace {
    package struct Report {
        package var files: [String] = []
        /// Entities without a file.
        package var absent: [String] = []
        /// Headers that the standard model does not know, by file.
        package var ignored: [(file: String, headers: [String])] = []
        /// Headers that the model knows and a source of the workspace, changed by hand, does not map.
        package var unmapped: [(file: String, headers: [String])] = []
    }

    private let target: String
    /// Nil: data are still to come, into `data/`.
    private let data: String?
    private let library: Workspace
    /// What the folder holds already: only sources are added to it then.
    private let existing: Workspace?
    private var report = Report()

    /// Makes a workspace, or adds what came since to one that was made before.
    ///
    /// - Throws: `Diagnostics` when the folder holds a workspace that is not on the standard model, or a file
    ///   cannot be read.
    package static func write(to target: String, data: String?) throws -> Report {
        let library = try Library.workspace()
        let isThere = FileManager.default.fileExists(atPath: target + "/plumbline.yaml")
        let existing = isThere ? try Company.read(target) : nil
        if let existing, !library.datasets.allSatisfy({ existing.dataset($0.id) != nil }) {
            throw Diagnostics(.folderExists(target))
        }
        let stated = data.map(standardized)
        let own = existing?.dataPath.map(standardized)
        if let own, let stated, own != stated {
            throw Diagnostics(
                .badValue(field: "--data", value: data ?? "", expected: own, closest: []))
        }
        var writer = StandardWorkspace(
            target: target, data: stated ?? own, library: library, existing: existing)
        return try writer.write()
    }

    private static func standardized(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    private init(target: String, data: String?, library: Workspace, existing: Workspace?) {
        self.target = target
        self.data = data
        self.library = library
        self.existing = existing
    }

    private mutating func write() throws -> Report {
        if let data {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: data, isDirectory: &isFolder)
            guard isThere, isFolder.boolValue else {
                throw Diagnostics(.noFiles(pattern: "*.csv", folder: data))
            }
        }
        // Everything is read before anything is written.
        var sources: [(file: String, text: String)] = []
        for dataset in library.datasets {
            guard let columns = try columns(of: dataset) else { continue }
            let text = Self.source(dataset, columns)
            if isNew(dataset, columns, text) {
                sources.append(("sources/\(dataset.id).yaml", text))
            }
        }
        for source in sources { try put(source.text, source.file) }
        if existing == nil {
            for file in Library.files() where file != "plumbline.yaml" {
                try put(Library.text(file)!, file)
            }
            try put(settings, "plumbline.yaml")
            try put("store/\n.plumb/\n", ".gitignore")
        } else {
            try takeOverCoverage()
        }
        report.files.sort()
        return report
    }

    /// Whether a source is to be written: there is none yet, or it is as it was written and its file has
    /// more columns now.
    private mutating func isNew(_ dataset: Dataset, _ columns: [String], _ text: String) -> Bool {
        let known = existing?.sources.filter { $0.dataset == dataset.id } ?? []
        guard !known.isEmpty else { return true }
        let filled = known.flatMap { $0.columns.map(\.column) + $0.derived.map(\.column) }
        let unfilled = columns.filter { !filled.contains($0) }
        guard !unfilled.isEmpty else { return false }
        let written = try? String(
            contentsOfFile: "\(target)/sources/\(dataset.id).yaml", encoding: .utf8)
        if known.count == 1, written == Self.source(dataset, columns.filter(filled.contains)) {
            return true
        }
        report.unmapped.append((dataset.id + ".csv", unfilled))
        return false
    }

    // MARK: Coverage

    private static let coverageFile = "coverage.csv"

    private var hasCoverage: Bool {
        data.map { FileManager.default.fileExists(atPath: "\($0)/\(Self.coverageFile)") } ?? false
    }

    private static let coverageLines =
        "# Beside them: from when to when they are complete, taken over by every load.\n"
        + "coverage: \(coverageFile)\n"

    /// A workspace that was made before there was a table of coverage.
    private mutating func takeOverCoverage() throws {
        guard hasCoverage, existing?.coverageFile == nil else { return }
        let text = try String(contentsOfFile: target + "/plumbline.yaml", encoding: .utf8)
        let end = text.hasSuffix("\n") ? "" : "\n"
        try put(text + end + Self.coverageLines, "plumbline.yaml")
    }

    private var settings: String {
        let text = Library.text("plumbline.yaml")!.split(
            separator: "\n", omittingEmptySubsequences: false
        ).filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        let place = data.map {
            "# Where the files of the sources lie.\ndata: \(Self.quoted(relative($0)))\n"
        }
        return "# One workspace is one company.\n" + text + (place ?? "")
            + (hasCoverage ? Self.coverageLines : "")
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

    /// The columns that the file of an entity has, or all where there are no data yet; nil without a file.
    private mutating func columns(of dataset: Dataset) throws -> [String]? {
        let file = dataset.id + ".csv"
        let own = dataset.columns.filter { $0.computed == nil }
        guard let data else { return own.map(\.name) }
        guard FileManager.default.fileExists(atPath: "\(data)/\(file)") else {
            report.absent.append(dataset.id)
            return nil
        }
        let headers = try CSVHeader.names(of: "\(data)/\(file)")
        let known = own.map(\.name).filter(headers.contains)
        let mapped =
            existing?.sources.filter { $0.dataset == dataset.id }
            .flatMap { $0.columns.map(\.from) } ?? []
        let unknown = headers.filter { !known.contains($0) && !mapped.contains($0) }
        if !unknown.isEmpty { report.ignored.append((file, unknown)) }
        let missing = own.filter { $0.isRequired || dataset.key.contains($0.name) }
            .map(\.name).filter { !known.contains($0) }
        if let first = missing.first {
            throw Diagnostics(
                .missingColumn(
                    first, closest: NearMatch.closest(to: first, among: headers),
                    columns: headers, file: file))
        }
        return known
    }

    /// Of records that no system keeps.
    private static let signOff = """
        # Kept by hand? With this line a file counts once somebody else has signed it off.
        # sign_off: {collector: who keeps it}

        """

    private static func source(_ dataset: Dataset, _ columns: [String]) -> String {
        let entity = dataset.id
        let isOfSystem = dataset.columns.contains { $0.provenance ?? .system == .system }
        let signOff = isOfSystem ? "" : signOff
        return """
            source: \(entity.replacing("_", with: "-"))
            dataset: \(entity)
            files: \(entity).csv
            optional: true
            # Rows that cannot be read are set aside and reported; the others are loaded.
            rejects: 100%
            \(signOff)columns:
            \(columns.map { "  \($0): \($0)" }.joined(separator: "\n"))

            """
    }
}
