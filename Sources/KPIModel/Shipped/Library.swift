import Foundation
import KPICore

/// The library that comes with the product: the standard model of customer operations as datasets, and
/// the KPI cards on it. It is a workspace without records, whose files are copied into others.
package enum Library {
    /// Where its files lie.
    package static var folder: String {
        Bundle.module.resourceURL!.appendingPathComponent("Library").path
    }

    /// The library as a workspace.
    ///
    /// - Throws: `Diagnostics` when its files were changed so that they cannot be read.
    package static func workspace() throws(Diagnostics) -> Workspace {
        let (workspace, findings) = WorkspaceReader.read(folder)
        let errors = findings.filter { $0.severity == .error }
        guard errors.isEmpty, let workspace else { throw Diagnostics(errors) }
        return workspace
    }

    /// Its files, relative to the folder, in order.
    package static func files() -> [String] {
        let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (found ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
    }

    /// The text of one of its files.
    package static func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(file)")
            .flatMap { String(data: $0, encoding: .utf8) }
    }
}
