import Crypto
import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery
import Synchronization

/// A workspace with its store: what every command and every surface works on.
package struct Company: Sendable {
    package let workspace: Workspace
    package let warehouse: Warehouse
    private let versions = VersionCache()

    package init(workspace: Workspace, warehouse: Warehouse) {
        self.workspace = workspace
        self.warehouse = warehouse
    }

    /// Reads a workspace and opens its store.
    ///
    /// - Parameter dataFolder: with files that this process may load after it has answered questions,
    ///   beside those of the workspace's own folder.
    /// - Throws: `Diagnostics` when the workspace has errors, or another process owns the store.
    package static func open(_ folder: String, dataFolder: String? = nil) async throws -> Company {
        let workspace = try read(folder)
        var warehouse = try await Warehouse.open(workspace)
        if let dataFolder { warehouse.dataFolders.append(dataFolder) }
        try await warehouse.prepareKept()
        return Company(workspace: workspace, warehouse: warehouse)
    }

    /// Closes the stores that nobody uses any more, so that their files are complete.
    package static func closeStores() async { try? await Database.settle() }

    /// Reads a workspace without its store; warnings do not keep it from being used.
    package static func read(_ folder: String) throws(Diagnostics) -> Workspace {
        let (workspace, findings) = WorkspaceReader.read(folder)
        let errors = findings.filter { $0.severity == .error }
        guard errors.isEmpty, let workspace else { throw Diagnostics(errors) }
        return workspace
    }

    /// As the static method, computed once.
    func version(of card: Card) -> String {
        let key = "\(card.id) \(card.effective?.day ?? .min) \(card.formulaText)"
        return versions[key, { Self.version(of: card, in: workspace) }]
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

/// Versions of cards that were computed before.
private final class VersionCache: Sendable {
    private let known = Mutex<[String: String]>([:])

    subscript(key: String, make: () -> String) -> String {
        if let found = known.withLock({ $0[key] }) { return found }
        let made = make()
        known.withLock { $0[key] = made }
        return made
    }
}
