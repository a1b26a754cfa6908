import Foundation
import KPIIngest
import KPIService

/// The folder of the package.
let packageFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// A workspace in a folder of its own, which is removed when the object goes.
final class ScratchWorkspace: Sendable {
    let folder: String

    /// An empty one.
    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/plumbline-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    /// A copy of a workspace of the package, without its store.
    convenience init(copyOf path: String) throws {
        try self.init()
        let source = packageFolder + "/" + path
        for name in try FileManager.default.contentsOfDirectory(atPath: source)
        where name != "store" && name != ".plumb" {
            try FileManager.default.copyItem(
                atPath: source + "/" + name, toPath: folder + "/" + name)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: folder + "/" + path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    }

    /// Opens it and loads every source.
    func loaded(from dataFolder: String? = nil) async throws -> Company {
        let company = try await Company.open(folder)
        let loader = Loader(
            warehouse: company.warehouse, dataFolder: dataFolder ?? folder + "/data")
        _ = try await loader.load()
        return company
    }
}

/// A loaded workspace that lives as long as the tests that share it.
struct LoadedWorkspace: Sendable {
    let scratch: ScratchWorkspace
    let company: Company

    init(_ path: String, dataFolder: String? = nil) async throws {
        scratch = try ScratchWorkspace(copyOf: path)
        company = try await scratch.loaded(from: dataFolder)
    }

    /// The reference workspace of `compute.md`, loaded once.
    static let reference = Task { try await LoadedWorkspace("Tests/Reference") }
}
