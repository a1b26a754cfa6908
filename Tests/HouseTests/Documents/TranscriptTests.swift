import Foundation
import Testing

/// The check of documents finds what it is there for.
@Suite("Documents are read literally")
struct TranscriptTests {
    @Test("Another output is found, with its place, command and both lines")
    func findsAnotherOutput() throws {
        let findings = try findings(
            """
            Say it:

            ```console
            $ echo right
            right
            $ echo one; echo two
            one
            three
            ```
            """)
        #expect(findings.count == 1)
        let text = try #require(findings.first).description
        #expect(text.hasPrefix("page.md:6: $ echo one; echo two\n"))
        #expect(text.contains("\n  - three\n  + two"))
    }

    @Test("Output that is not shown, and shown output that is not printed, are found")
    func findsWhatIsMissing() throws {
        #expect(try findings("```console\n$ echo one\n```").count == 1)
        #expect(try findings("```console\n$ true\none\n```").count == 1)
        #expect(try findings("```console\n$ echo lost >&2\n```").count == 1)
    }

    @Test("A session keeps folder and variables, and writes the files of the document")
    func isOneSession() throws {
        let findings = try findings(
            """
            ```console
            $ mkdir desk && cd desk && export WHO="Ann's"
            ```
            Into `data/a.csv`:
            <!-- file: data/a.csv -->
            ```text
            it's,$WHO
            ```
            And to the end of `data/a.csv`:
            <!-- append: data/a.csv -->
            ```csv
            2,…
            ```
            ```console
            $ cat data/a.csv; echo "$WHO"; basename "$PWD"
            it's,$WHO
            2,…
            Ann's
            desk
            ```
            """)
        #expect(findings.isEmpty, "\(findings)")
    }

    @Test("A file that cannot be written is found")
    func findsAnUnwrittenFile() throws {
        let findings = try findings(
            "```console\n$ touch a\n```\n`a/b`\n<!-- file: a/b -->\n```text\nx\n```")
        #expect(findings.first?.line == 6)
        #expect(findings.first?.command == nil)
    }

    @Test("A session that ends early is an error")
    func seesAnEnd() {
        #expect(throws: DocumentFault.self) {
            try findings("```console\n$ exit 0\n$ true\n```")
        }
    }

    @Test("The language is that of the document")
    func hasItsLanguage() throws {
        let findings = try findings(
            "```console\n$ echo \"$LANG$LC_ALL$LC_MESSAGES$PLUMB_DATA\"\nzh_CN.UTF-8\n```")
        #expect(findings.isEmpty, "\(findings)")
    }

    @Test(
        "What is not understood is a fault",
        arguments: [
            "<!-- write: a -->\n```text\nx\n```",
            "<!-- file: -->\n```text\nx\n```",
            "`a` <!-- file: a -->\n```text\nx\n```",
            "`a`\n<!-- file: a -->\n\n```text\nx\n```",
            "`a`\n<!-- file: a -->",
            "The text names another file.\n<!-- file: a -->\n```text\nx\n```",
            "`a`\n<!-- file: a -->\n```console\n$ true\n```",
            "<!-- not run -->\n```text\nx\n```",
            "<!-- not run -->\n```console\n$ plumb load\n```",
            "```console\nout\n```",
            "```console\n```",
            "```console\n$ true\n",
        ])
    func refuses(text: String) {
        #expect(throws: DocumentFault.self) { try Transcript(name: "page.md", text: text) }
    }

    @Test("Only building is not run, and a block without a comment is only shown")
    func leavesBuildingOut() throws {
        let text = "<!-- not run -->\n```console\n$ make build\n```\n```yaml\na: 1\n```"
        #expect(try Transcript(name: "page.md", text: text).steps.isEmpty)
    }

    private func findings(_ text: String) throws -> [DocumentFinding] {
        let transcript = try Transcript(name: "page.md", text: text)
        let document = Document(path: "page.md", language: "zh_CN.UTF-8")
        let outputs = try DocumentRun(document: document, programs: nil).outputs(of: transcript)
        return DocumentFinding.all(in: transcript, printed: outputs)
    }
}

@Suite("Lines shown and lines printed")
struct AlignmentTests {
    @Test("An ellipsis stands for one or more lines")
    func elidesLines() {
        #expect(Alignment(shown: ["a", "…", "d"], printed: ["a", "b", "c", "d"]).fits)
        #expect(Alignment(shown: ["…"], printed: ["a", "a"]).fits)
        #expect(!Alignment(shown: ["a", "…"], printed: ["a"]).fits)
        #expect(!Alignment(shown: ["a", "…", "d"], printed: ["a", "b", "c"]).fits)
        #expect(!Alignment(shown: ["a", "…"], printed: ["b", "c"]).fits)
    }

    @Test("An ellipsis in a line stands for any text")
    func elidesText() {
        #expect(Line.fits(shown: "a …, d …", printed: "a b, c, d e"))
        #expect(Line.fits(shown: "… provisional", printed: "… provisional"))
        #expect(!Line.fits(shown: "a … d", printed: "a b c"))
        #expect(!Line.fits(shown: "a … b … c", printed: "a c"))
        #expect(!Line.fits(shown: "a", printed: "a …"))
    }

    @Test("Only times and the day of publishing differ from run to run")
    func hidesTheRun() {
        #expect(Line.fits(shown: "done in 0.2 s", printed: "done in 13.0 s"))
        #expect(Line.fits(shown: "用时 0.2 s", printed: "用时 0.0 s"))
        #expect(Line.fits(shown: "x  2026-11-24 ann", printed: "x  2027-01-02 ann"))
        #expect(!Line.fits(shown: "x  2026-11-24", printed: "x  2027-01-02"))
        #expect(!Line.fits(shown: "2026-11-24 ann 1", printed: "2027-01-02 ann 1"))
        #expect(!Line.fits(shown: "done in 0.2 s", printed: "用时 0.2 s"))
    }

    @Test("An update changes what differs and keeps the rest, with its ellipses")
    func merges() {
        let shown = ["head", "version: 1", "…", "old", "tail …", "done in 0.1 s"]
        let printed = ["head", "version: 2", "x", "y", "new", "tail end", "done in 0.9 s", "more"]
        let merged = Alignment(shown: shown, printed: printed).merged
        #expect(merged == ["head", "version: 2", "…", "new", "tail …", "done in 0.1 s", "more"])
        #expect(Alignment(shown: merged, printed: printed).fits)
    }

    @Test("An update finds a row of a table again, among rows that are not shown")
    func mergesRows() {
        let printed = ["KPI  n", "churn  3", "share  5", "visits  4", "end"]
        let merged = Alignment(shown: ["KPI  n", "…", "share  2", "…"], printed: printed).merged
        #expect(merged == ["KPI  n", "…", "share  5", "…"])
    }

    @Test("A difference is told with the lines next to it")
    func tellsDifferences() {
        let shown = ["1", "2", "3", "4", "5"]
        let text = Alignment(shown: shown, printed: ["1", "2", "3", "4", "6"]).differences
        #expect(text == "    (lines that fit)\n    3\n    4\n  - 5\n  + 6")
    }

    @Test("An update writes below its commands and nowhere else")
    func replaces() throws {
        let text = "A\n```console\n$ one\nold\n$ two\n```\nB\n"
        let transcript = try Transcript(name: "page.md", text: text)
        let commands = transcript.steps.compactMap { step in
            if case .command(let command) = step { command } else { nil }
        }
        let updated = transcript.replacing([(commands[0], []), (commands[1], ["x", "y"])])
        #expect(updated == "A\n```console\n$ one\n$ two\nx\ny\n```\nB\n")
    }
}
