import Foundation
import Testing

/// Documents are done literally, as a reader would. `make docs` brings what they show up to date.
@Suite("Documents do what they say")
struct DocumentTests {
    private static let english = "en_US.UTF-8"
    private static let chinese = "zh_CN.UTF-8"

    private static let documents = [
        Document(path: "docs/walkthrough.en.md", language: english),
        Document(path: "docs/walkthrough.zh.md", language: chinese),
        Document(path: "docs/guide.en.md", language: english),
        Document(path: "docs/guide.zh.md", language: chinese),
    ]

    /// Its data are not part of the repository.
    private static let readme = Document(
        path: "README.md", language: english, folders: ["examples/crm"],
        environment: ["DATA": publishedData])

    @Test("The program prints what a document shows", arguments: documents)
    func isDone(_ document: Document) throws {
        try Self.check(document)
    }

    @Test(
        "The program prints what README.md shows",
        .enabled(if: isPublishedDataExpected, "no data: set PLUMB_DATA"))
    func readmeIsDone() throws {
        try Self.check(Self.readme)
    }

    @Test("Both languages do the same", arguments: ["walkthrough", "guide"])
    func isTold(document: String) throws {
        let outlines = try ["en", "zh"].map { language in
            try Document(path: "docs/\(document).\(language).md", language: "").transcript().outline
        }
        #expect(outlines[0] == outlines[1])
    }

    /// The folder in PLUMB_DATA, else the one beside the checkout.
    private static var publishedData: String {
        ProcessInfo.processInfo.environment["PLUMB_DATA"]
            ?? Checkout.root.deletingLastPathComponent().appendingPathComponent("shared/data").path
    }

    private static var isPublishedDataExpected: Bool {
        FileManager.default.fileExists(atPath: publishedData + "/maven_crm")
            || ProcessInfo.processInfo.environment["CI"] == "true"
    }
}

extension DocumentTests {
    private static func check(_ document: Document) throws {
        let programs = try #require(
            programs, "there is no program plumb: build it, or name one by PLUMB")
        let transcript = try document.transcript()
        let outputs = try DocumentRun(document: document, programs: programs)
            .outputs(of: transcript)
        let findings = DocumentFinding.all(in: transcript, printed: outputs)
        guard isUpdating else {
            for finding in findings { Issue.record("\(finding)") }
            return
        }
        try update(document, transcript, findings)
    }

    private static func update(
        _ document: Document, _ transcript: Transcript, _ findings: [DocumentFinding]
    ) throws {
        #expect(ProcessInfo.processInfo.environment["CI"] == nil, "a document is updated by people")
        for finding in findings {
            print("\(finding)")
            // What a file step prints has no place in the document.
            if finding.command == nil { Issue.record("\(finding)") }
        }
        let outputs = findings.compactMap { finding in
            finding.command.map { ($0, finding.alignment.merged) }
        }
        guard !outputs.isEmpty else { return }
        try transcript.replacing(outputs)
            .write(to: document.url, atomically: true, encoding: .utf8)
    }

    private static var isUpdating: Bool {
        ProcessInfo.processInfo.environment["PLUMB_UPDATE_DOCS"] == "1"
    }

    /// The folder of the program: where PLUMB says, else where the tests were built.
    private static var programs: URL? {
        let program =
            ProcessInfo.processInfo.environment["PLUMB"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("plumb")
        let isThere = FileManager.default.isExecutableFile(atPath: program.path)
        return isThere && program.lastPathComponent == "plumb"
            ? program.deletingLastPathComponent() : nil
    }
}
