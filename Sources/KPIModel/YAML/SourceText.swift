import KPICore
import KPIFormula
import Yams

/// The text of one workspace file, with what is needed to point into it.
package final class SourceText: Sendable {
    /// Relative to the workspace.
    package let path: String
    package let text: String
    private let lineStarts: [String.Index]

    package init(path: String, text: String) {
        self.path = path
        self.text = text
        var starts = [text.startIndex]
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.unicodeScalars.index(after: index)
            if text.unicodeScalars[index] == "\n" { starts.append(next) }
            index = next
        }
        lineStarts = starts
    }

    func place(_ mark: Mark?) -> Place {
        Place(file: path, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    /// Where a UTF-8 offset inside a scalar stands in the file. Exact for scalars written on one
    /// line without escapes, else the start of the scalar.
    func place(in scalar: Node.Scalar, offset: Int) -> Place {
        let start = place(scalar.mark)
        guard let range = range(of: scalar) else { return start }
        let opening = isQuoted(scalar) ? 1 : 0
        let body = scalar.string.utf8
        guard var end = body.index(body.startIndex, offsetBy: offset, limitedBy: body.endIndex),
            range.lowerBound < text.endIndex
        else { return start }
        // The span of an operator begins right after its left side; a blank is never meant.
        while end < body.endIndex, body[end] == UInt8(ascii: " ") { end = body.index(after: end) }
        let characters = scalar.string[..<end].count
        return Place(
            file: path, line: start.line, column: start.column + opening + characters)
    }

    /// What stands at a mark. The reader of YAML does not tell flow collections from others.
    func begins(with character: Unicode.Scalar, at mark: Mark?) -> Bool {
        guard let mark, let index = index(of: mark), index < text.endIndex else { return false }
        return text.unicodeScalars[index] == character
    }

    /// Whether a plain scalar ends at a comma, as it does only in a flow collection.
    func endsAtComma(_ scalar: Node.Scalar) -> Bool {
        guard scalar.style == .plain, let range = range(of: scalar) else { return false }
        return text[range.upperBound...].first { !$0.isWhitespace } == ","
    }

    private func index(of mark: Mark) -> String.Index? {
        guard mark.line <= lineStarts.count else { return nil }
        return text.unicodeScalars.index(
            lineStarts[mark.line - 1], offsetBy: mark.column - 1, limitedBy: text.endIndex)
    }

    private func isQuoted(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .singleQuoted || scalar.style == .doubleQuoted
    }

    /// The bytes of a scalar in the file, quotes included; nil when it is not written on one line
    /// exactly as its value.
    package func range(of scalar: Node.Scalar) -> Range<String.Index>? {
        guard let mark = scalar.mark, let start = index(of: mark) else { return nil }
        let written: String
        switch scalar.style {
        case .singleQuoted: written = "'" + scalar.string.replacing("'", with: "''") + "'"
        case .doubleQuoted: written = "\"" + scalar.string + "\""
        default: written = scalar.string
        }
        guard text[start...].hasPrefix(written) else { return nil }
        return start..<text.index(start, offsetBy: written.count)
    }
}

/// Collects what is wrong while files are read; reading goes on after each finding.
package final class Findings {
    package private(set) var items: [Diagnostic] = []

    package init() {}

    package func report(_ problem: Problem, at place: Place?) {
        items.append(Diagnostic(problem, at: place))
    }

    package func report(_ diagnostics: [Diagnostic]) { items += diagnostics }
}
