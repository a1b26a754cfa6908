import Foundation

/// A document and where its reader sits.
struct Document: CustomStringConvertible, Sendable {
    /// In the checkout.
    let path: String
    /// The language of the reader's terminal.
    let language: String
    /// Folders of the checkout that the reader has, too.
    var folders: [String] = []
    var environment: [String: String] = [:]

    var description: String { path }
    var url: URL { Checkout.root.appendingPathComponent(path) }

    func transcript() throws -> Transcript {
        try Transcript(name: path, text: String(contentsOf: url, encoding: .utf8))
    }
}

/// Does what a document says, in one session of bash in an empty folder.
struct DocumentRun {
    let document: Document
    /// Folder of the program; nil for documents that do not call it.
    let programs: URL?

    /// What the steps printed, each as its lines: both output and errors, as a terminal shows them.
    func outputs(of transcript: Transcript) throws -> [[String]] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("document-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for path in document.folders { try copy(path, into: folder) }
        let text = try run(transcript.steps.map(Self.shell).joined(), in: folder)
        let parts = text.components(separatedBy: Self.separator)
        guard parts.count == transcript.steps.count + 1 else {
            throw DocumentFault(
                document: transcript.name, line: 1,
                reason: "the session ended at step \(parts.count) of \(transcript.steps.count)")
        }
        return parts.dropLast().map(Self.lines)
    }

    private func copy(_ path: String, into folder: URL) throws {
        let target = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: Checkout.root.appendingPathComponent(path), to: target)
        try? FileManager.default.removeItem(at: target.appendingPathComponent("store"))
    }

    private func run(_ script: String, in folder: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash", "--norc", "--noprofile", "-c", script]
        process.currentDirectoryURL = folder
        process.environment = environment(home: folder)
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// The reader's own, whatever the environment of the tests says.
    private func environment(home: URL) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment = document.environment
        for name in ["LD_LIBRARY_PATH", "PLUMB_DUCKDB_LIBRARY", "TMPDIR"] {
            environment[name] = own[name]
        }
        let path = own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        environment["PATH"] = programs.map { "\($0.path):\(path)" } ?? path
        environment["HOME"] = home.path
        environment["LANG"] = document.language
        environment["USER"] = "ann"
        return environment
    }
}

extension DocumentRun {
    /// Printed after each step; no text of a document holds it.
    private static let separator = "\u{1E}"

    private static func shell(_ step: Transcript.Step) -> String {
        let action =
            switch step {
            case .command(let command): "eval \(quoted(command.text))"
            case .file(let file):
                "mkdir -p \"$(dirname \(quoted(file.path)))\" && "
                    + "printf %s \(quoted(file.content)) "
                    + (file.appends ? ">>" : ">") + " \(quoted(file.path))"
            }
        return action + "\nprintf '\\036'\n"
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: #"'\''"#) + "'"
    }

    private static func lines(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return (text.hasSuffix("\n") ? String(text.dropLast()) : text)
            .components(separatedBy: "\n")
    }
}
