import Crypto
import Foundation
import KPICore
import KPIIngest
import KPIModel
import KPIQuery

/// A workspace with its store: what every command and every surface works on.
package struct Company: Sendable {
    package let workspace: Workspace
    package let warehouse: Warehouse

    /// Reads a workspace and opens its store.
    ///
    /// - Throws: `Diagnostics` when the workspace has errors, or another process owns the store.
    package static func open(_ folder: String) async throws -> Company {
        let workspace = try read(folder)
        return Company(
            workspace: workspace, warehouse: try await Warehouse.open(workspace))
    }

    /// Reads a workspace without its store; warnings do not keep it from being used.
    package static func read(_ folder: String) throws(Diagnostics) -> Workspace {
        let (workspace, findings) = WorkspaceReader.read(folder)
        let errors = findings.filter { $0.severity == .error }
        guard errors.isEmpty, let workspace else { throw Diagnostics(errors) }
        return workspace
    }

    /// First 12 hexadecimal digits of the SHA-256 of a card's definition.
    package static func version(of card: Card, in workspace: Workspace) -> String {
        let text = Definition.text(of: card, in: workspace)
        let hash = SHA256.hash(data: Data(text.utf8))
        return hash.prefix(6).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
