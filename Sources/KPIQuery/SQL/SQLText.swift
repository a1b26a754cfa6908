import KPICore

/// A piece of SQL with its bound values.
///
/// Only three things can be put into it: literal text of the program, quoted identifiers and bound
/// values. A plain string cannot, so that no SQL is ever made from a user's text.
package struct SQLText: Sendable, Hashable, ExpressibleByStringInterpolation {
    package private(set) var text: String
    /// In the order of the `?` in the text.
    package private(set) var parameters: [Scalar]

    package init(stringLiteral value: StaticString) {
        text = "\(value)"
        parameters = []
    }

    package init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
        parameters = stringInterpolation.parameters
    }

    /// The text with a line for each clause, indented by nesting, for people to read.
    package var indented: String {
        var result = ""
        var depth = 0
        var isQuoted = false
        var words = text.split(separator: " ", omittingEmptySubsequences: false)[...]
        while let word = words.popFirst() {
            let next = words.first ?? ""
            let isClause =
                ["FROM", "WHERE", "JOIN", "LEFT", "(SELECT"].contains(word)
                || word == "GROUP" && next == "BY"
            let isJoined = word == "JOIN" && result.hasSuffix("LEFT")
            let breaks = isClause && !isJoined && !isQuoted && !result.isEmpty
            result +=
                breaks ? "\n" + String(repeating: "  ", count: depth) : result.isEmpty ? "" : " "
            result += word
            for character in word {
                if character == "'" { isQuoted.toggle() }
                if character == "(", !isQuoted { depth += 1 }
                if character == ")", !isQuoted { depth = max(0, depth - 1) }
            }
        }
        return result
    }

    package struct Interpolation: StringInterpolationProtocol {
        var text = ""
        var parameters: [Scalar] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }

        /// A table, column or alias, quoted.
        package mutating func appendInterpolation(name: String) {
            text += "\"" + name.replacing("\"", with: "\"\"") + "\""
        }

        /// A bound value.
        package mutating func appendInterpolation(value: Scalar) {
            text += "?"
            parameters.append(value)
        }

        /// A whole number made by the program, such as a scale or an ordinal.
        package mutating func appendInterpolation(integer: Int) { text += String(integer) }

        package mutating func appendInterpolation(_ sql: SQLText) {
            text += sql.text
            parameters += sql.parameters
        }

        /// Pieces joined by a separator.
        package mutating func appendInterpolation(
            _ pieces: [SQLText], separator: StaticString = ", "
        ) {
            for (index, piece) in pieces.enumerated() {
                if index > 0 { text += "\(separator)" }
                appendInterpolation(piece)
            }
        }
    }
}
