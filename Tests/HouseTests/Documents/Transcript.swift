import Foundation

/// What a document tells its reader to do, in order, and what it shows as the outcome.
///
/// The vocabulary of its invisible comments stands in CONTRIBUTING.md. Whatever is not understood is
/// a fault: a document that nobody checks must not look like one that is checked.
struct Transcript {
    /// A line that begins with `$ ` in a console block.
    struct Command {
        let text: String
        /// The line in the document, from 1.
        let line: Int
        /// The lines shown below it, as indices of `lines`.
        let shown: Range<Int>
    }

    /// A block that the reader puts into a file.
    struct File {
        let path: String
        let appends: Bool
        /// With a line feed at the end.
        let content: String
        let line: Int
    }

    enum Step {
        case command(Command)
        case file(File)
    }

    let name: String
    let lines: [String]
    let steps: [Step]

    init(name: String, text: String) throws(DocumentFault) {
        self.name = name
        lines = text.components(separatedBy: "\n")
        var reader = Reader(name: name, lines: lines)
        steps = try reader.steps()
    }

    func shown(_ command: Command) -> [String] { Array(lines[command.shown]) }

    /// The document with other lines below some of its commands.
    func replacing(_ outputs: [(command: Command, output: [String])]) -> String {
        var lines = lines
        for (command, output) in outputs.sorted(by: { $0.command.line > $1.command.line }) {
            lines.replaceSubrange(command.shown, with: output)
        }
        return lines.joined(separator: "\n")
    }

    /// What is done at each step, without what differs between languages.
    var outline: [String] {
        steps.map { step in
            switch step {
            case .file(let file): file.appends ? "append" : "file"
            case .command(let command):
                command.text.split(separator: " ").prefix(command.text.hasPrefix("plumb") ? 2 : 1)
                    .joined(separator: " ")
            }
        }
    }
}

/// A document that says something the test does not understand.
struct DocumentFault: Error, CustomStringConvertible {
    let document: String
    let line: Int
    let reason: String

    var description: String { "\(document):\(line): \(reason)" }
}

/// What a comment says about the block below it.
private enum Mark {
    case notRun
    case file(path: String, appends: Bool)

    init?(_ comment: String) {
        guard comment.hasPrefix("<!-- "), comment.hasSuffix(" -->") else { return nil }
        let words = comment.dropFirst(5).dropLast(4).split(separator: " ", maxSplits: 1)
        switch (words.first, words.last) {
        case ("not", "run"): self = .notRun
        case ("file:", let path?) where words.count == 2:
            self = .file(path: String(path), appends: false)
        case ("append:", let path?) where words.count == 2:
            self = .file(path: String(path), appends: true)
        default: return nil
        }
    }
}

/// Reads a document line by line; each line is looked at once.
private struct Reader {
    let name: String
    let lines: [String]
    private var index = 0
    /// The text since the last block: what tells the reader which file is meant.
    private var prose = ""

    init(name: String, lines: [String]) {
        self.name = name
        self.lines = lines
    }

    mutating func steps() throws(DocumentFault) -> [Transcript.Step] {
        var steps: [Transcript.Step] = []
        while index < lines.count {
            if lines[index].hasPrefix("```") {
                steps += try block(under: nil)
            } else if lines[index].contains("<!--") {
                guard let mark = Mark(lines[index]) else { throw fault("unknown comment") }
                index += 1
                guard index < lines.count, lines[index].hasPrefix("```") else {
                    index -= 1
                    throw fault("a comment without a block right below it")
                }
                steps += try block(under: mark)
            } else {
                prose += lines[index] + "\n"
                index += 1
            }
        }
        return steps
    }

    /// The fenced block that begins here; the next line is the one after it.
    private mutating func block(under mark: Mark?) throws(DocumentFault) -> [Transcript.Step] {
        let start = index
        guard let end = lines[(start + 1)...].firstIndex(of: "```") else {
            throw fault("a block that does not end")
        }
        let steps = try steps(of: start + 1..<end, under: mark)
        index = end + 1
        prose = ""
        return steps
    }

    private func steps(
        of body: Range<Int>, under mark: Mark?
    ) throws(DocumentFault) -> [Transcript.Step] {
        let isConsole = lines[index] == "```console"
        switch (mark, isConsole) {
        case (nil, false): return []
        case (nil, true): return try commands(body)
        case (.notRun, true):
            guard lines[body].contains(where: { $0.hasPrefix("$ make ") }) else {
                throw fault("‘not run’ is for blocks that build the program")
            }
            return []
        case (.file(let path, let appends), false):
            guard prose.contains("`\(path)`") else {
                throw fault("the text before the block does not say that it is `\(path)`")
            }
            let content = lines[body].map { $0 + "\n" }.joined()
            return [
                .file(.init(path: path, appends: appends, content: content, line: index + 1))
            ]
        case (.notRun, false), (.file, true): throw fault("a comment for another kind of block")
        }
    }

    private func commands(_ body: Range<Int>) throws(DocumentFault) -> [Transcript.Step] {
        let starts = body.filter { lines[$0].hasPrefix("$ ") }
        guard starts.first == body.lowerBound else {
            throw fault("a console block that does not begin with a command")
        }
        return zip(starts, starts.dropFirst() + [body.upperBound]).map { start, next in
            .command(
                .init(
                    text: String(lines[start].dropFirst(2)), line: start + 1,
                    shown: start + 1..<next))
        }
    }

    private func fault(_ reason: String) -> DocumentFault {
        DocumentFault(document: name, line: index + 1, reason: reason)
    }
}
