import Foundation
import GRDB
import KPICore
import KPIIngest
import KPIModel

/// A file of records kept by hand that waits for somebody to verify it.
package struct PendingFile: Sendable {
    package let source: String
    package let keeper: String
    package let file: String
    package let fingerprint: String
    /// Of a text file; 0 where they are not counted.
    package let rows: Int
}

extension Company {
    /// Which contents of files were signed off, for a load.
    package func signOffs() throws -> @Sendable (String, String) -> Bool {
        guard workspace.sources.contains(where: { $0.keeper != nil }) else {
            return { _, _ in false }
        }
        let known = try StateStore(workspace: workspace.folder).read { database in
            try Row.fetchAll(database, sql: "SELECT file, fingerprint FROM sign_offs")
                .map { [$0["file"] as String, $0["fingerprint"] as String] }
        }
        let signed = Set(known)
        return { file, fingerprint in signed.contains([file, fingerprint]) }
    }

    /// Files that no load counts yet.
    ///
    /// - Parameter loader: knows where the files lie.
    package func pendingFiles(_ loader: Loader) throws -> [PendingFile] {
        let isSigned = try signOffs()
        var pending: [PendingFile] = []
        for source in workspace.sources {
            guard let keeper = source.keeper else { continue }
            for (path, name) in loader.files(of: source) {
                guard let fingerprint = Loader.fingerprint(path), !isSigned(name, fingerprint)
                else { continue }
                let isText = path.lowercased().hasSuffix(".csv")
                let rows = isText ? try CSVHeader.records(of: path).count - 1 : 0
                pending.append(
                    PendingFile(
                        source: source.id, keeper: keeper, file: name, fingerprint: fingerprint,
                        rows: max(0, rows)))
            }
        }
        return pending
    }

    /// Signs off the files of a source that wait for it: they count from the next load on.
    ///
    /// - Throws: `Diagnostics` when whoever keeps the records would verify them, or nothing waits.
    package func signOff(
        _ source: String, by verifier: String, note: String, _ loader: Loader
    ) throws -> [PendingFile] {
        let files = try pendingFiles(loader).filter { $0.source == source }
        guard let first = files.first else {
            let known = workspace.sources.filter { $0.keeper != nil }.map(\.id)
            throw Diagnostics(.nothingToSignOff(source: source, known: known))
        }
        let name = verifier.trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty, name.lowercased() != first.keeper.lowercased() else {
            throw Diagnostics(.keeperSignsOff(first.keeper))
        }
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        try StateStore(workspace: workspace.folder).write { database in
            for file in files {
                try database.execute(
                    sql: """
                        INSERT INTO sign_offs (source, file, fingerprint, rows, at, "by", note) \
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [source, file.file, file.fingerprint, file.rows, now, name, note])
            }
        }
        return files
    }
}
