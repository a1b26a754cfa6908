import Foundation
import KPIService

/// A page of the reference, read for what it promises.
struct MarkdownPage {
    let lines: [String]

    init(_ path: String) throws {
        let text = try String(contentsOfFile: packageFolder + "/" + path, encoding: .utf8)
        lines = text.components(separatedBy: "\n")
    }

    /// The lines of every block that is fenced as `language`.
    func blocks(_ language: String) -> [[String]] {
        var blocks: [[String]] = []
        var current: [String]?
        for line in lines {
            if let block = current {
                if line == "```" {
                    blocks.append(block)
                    current = nil
                } else {
                    current = block + [line]
                }
            } else if line == "```" + language {
                current = []
            }
        }
        return blocks
    }

    /// The cells of the table below a heading, without its two header rows.
    func table(under heading: String) -> [[String]] {
        guard let start = lines.firstIndex(of: heading) else { return [] }
        let rows = lines[start...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return rows.dropFirst(2).map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}

/// A command line of the reference.
struct ConsoleCommand {
    let words: [String]

    /// Splits at blanks outside quotes, single or double.
    init(_ line: String) {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in line.drop(while: { $0 == "$" || $0 == " " }) {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            } else if character.isWhitespace, quote == nil {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        self.words = words + (word.isEmpty ? [] : [word])
    }

    /// Words before the first option, without the program and the command.
    var arguments: [String] { Array(words.dropFirst(2).prefix { !$0.hasPrefix("--") }) }

    func options(_ name: String) -> [String] {
        words.indices.filter { words[$0] == "--" + name }.map { words[$0 + 1] }
    }
}

extension ConsoleCommand {
    /// What a ‘plumb compute’ asks.
    var question: QuestionText {
        var words = QuestionText()
        words.kpis = arguments
        words.grains = options("grain")
        words.groupings = options("by")
        words.from = options("from").first
        words.to = options("to").first
        words.filter = options("where").first
        words.asOf = options("as-of").first
        words.top = options("top").first.flatMap { Int($0) }
        words.intervals = self.words.contains("--intervals")
        return words
    }
}
