/// The languages the product speaks.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case zh, en
}

/// A label or sentence in both languages.
package struct Bilingual: Sendable, Hashable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    package subscript(language: Language) -> String { language == .zh ? zh : en }
}

/// Where something stands in a file: line and column count from 1, columns in characters.
package struct Place: Sendable, Hashable {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int = 1, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension Place: CustomStringConvertible {
    package var description: String { "\(file):\(line):\(column)" }
}

/// One thing that is wrong: what, where, and what to do. A value; nothing is thrown away.
package struct Diagnostic: Error, Sendable, Hashable {
    package enum Severity: String, Sendable { case error, warning }

    package var problem: Problem
    package var place: Place?
    /// UTF-8 offsets inside the formula text, when the problem is one of a formula.
    package var span: Range<Int>?

    package init(_ problem: Problem, at place: Place? = nil, span: Range<Int>? = nil) {
        self.problem = problem
        self.place = place
        self.span = span
    }

    package var code: String { problem.code }
    package var severity: Severity { problem.severity }

    /// `kpis/service.yaml:12:14: error KPI0107: … (hint: …)`
    package func text(_ language: Language = .en) -> String {
        let wording = problem.wording
        let head = place.map { "\($0): " } ?? ""
        let kind =
            language == .en
            ? severity.rawValue : (severity == .error ? "错误" : "警告")
        let hint = wording.hint.map { hint in
            language == .en ? "\n  hint: \(hint.en)" : "\n  提示：\(hint.zh)"
        }
        return "\(head)\(kind) \(code): \(wording.reason[language])\(hint ?? "")"
    }
}

/// Several problems thrown together: nothing was applied.
package struct Diagnostics: Error, Sendable {
    package var items: [Diagnostic]

    package init(_ items: [Diagnostic]) { self.items = items }

    package init(_ problem: Problem, at place: Place? = nil, span: Range<Int>? = nil) {
        items = [Diagnostic(problem, at: place, span: span)]
    }

    package var hasErrors: Bool { items.contains { $0.severity == .error } }
}

extension Diagnostics: CustomStringConvertible {
    package var description: String { items.map { $0.text() }.joined(separator: "\n") }
}
