import KPICore
import KPIFormula
import Yams

/// A node of a YAML file together with its name, for reading with diagnostics.
///
/// Every accessor reports what is wrong at the node's place and returns nil, so that one pass over
/// a workspace finds everything.
struct Field {
    let name: String
    let node: Node
    let source: SourceText
    let findings: Findings
    /// Of the name, where it is written as a key.
    var nameMark: Mark?
    /// Mappings whose entries go before those of this one.
    var overlays: [Field] = []

    var place: Place { source.place(node.mark) }

    func report(_ problem: Problem) { findings.report(problem, at: place) }

    /// What is wrong with the name rather than with what it stands for.
    func reportName(_ problem: Problem) {
        findings.report(problem, at: nameMark.map { source.place($0) } ?? place)
    }

    private func child(_ name: String, _ node: Node) -> Field {
        Field(name: name, node: node, source: source, findings: findings)
    }

    // MARK: Scalars

    var isMapping: Bool { if case .mapping = node { true } else { false } }

    var isSequence: Bool { if case .sequence = node { true } else { false } }

    var isScalar: Bool { if case .scalar = node { true } else { false } }

    /// Whether it is one plain word, without a report when it is another.
    func isWord(_ word: String) -> Bool {
        if case .scalar(let scalar) = node { scalar.string == word } else { false }
    }

    var isMissing: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    var string: String? {
        guard case .scalar(let scalar) = node else {
            report(.wrongKind(field: name, expected: "text"))
            return nil
        }
        return scalar.string
    }

    var bool: Bool? {
        switch string {
        case "true", "yes", "是": return true
        case "false", "no", "否": return false
        case nil: return nil
        default:
            report(.wrongKind(field: name, expected: "true or false"))
            return nil
        }
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let text = string else { return nil }
        guard let number = Int(text), range.contains(number) else {
            report(
                .wrongKind(
                    field: name,
                    expected: "a number from \(range.lowerBound) to \(range.upperBound)"))
            return nil
        }
        return number
    }

    /// One of a closed list of words.
    ///
    /// - Parameter kind: what the words are, where the name of the field does not say so.
    func choice<T>(_ choices: KeyValuePairs<String, T>, kind: String? = nil) -> T? {
        guard let text = string else { return nil }
        if let found = choices.first(where: { $0.key == text }) { return found.value }
        let words = choices.map(\.key)
        report(
            .badValue(
                field: kind ?? name, value: text, expected: words.joined(separator: ", "),
                closest: NearMatch.closest(to: text, among: words)))
        return nil
    }

    /// `text`, or `{zh: …, en: …}`; a single text serves both languages.
    var bilingual: Bilingual? {
        if case .scalar(let scalar) = node {
            return Bilingual(zh: scalar.string, en: scalar.string)
        }
        guard let fields = mapping(["zh", "en"]) else { return nil }
        let zh = fields["zh"]?.string
        let en = fields["en"]?.string
        guard let either = zh ?? en else { return nil }
        return Bilingual(zh: zh ?? either, en: en ?? either)
    }

    /// An id: lower-case letters, digits and `_` (or `-` for kebab), a letter first.
    func identifier(kebab: Bool = false) -> String? {
        guard let text = string else { return nil }
        guard Self.isIdentifier(text, kebab: kebab) else {
            report(.badIdentifier(text, kebab: kebab))
            return nil
        }
        return text
    }

    static func isIdentifier(_ text: String, kebab: Bool) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first) else { return false }
        let joiner = UInt8(ascii: kebab ? "-" : "_")
        return text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == joiner
        }
    }

    // MARK: Collections

    /// One text or a list of texts.
    var strings: [String]? {
        if case .scalar = node { return string.map { [$0] } }
        return list?.compactMap(\.string)
    }

    var list: [Field]? {
        guard case .sequence(let sequence) = node else {
            report(.wrongKind(field: name, expected: "a list"))
            return nil
        }
        return sequence.map { child(name, $0) }
    }

    /// The entries of a mapping in the order of the file.
    var entries: [(key: String, field: Field)]? {
        guard case .mapping(let mapping) = node else {
            if isMissing { return [] }
            report(.wrongKind(field: name, expected: "a mapping (name: value)"))
            return nil
        }
        var entries = mapping.map { key, value in
            let name = key.scalar?.string ?? ""
            var field = child(name, value)
            field.nameMark = key.mark
            return (key: name, field: field)
        }
        for entry in overlays.flatMap({ $0.entries ?? [] }) {
            if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[index] = entry
            } else {
                entries.append(entry)
            }
        }
        return entries
    }

    /// A mapping with known fields; unknown ones are reported with the nearest known.
    func mapping(_ known: [String]) -> [String: Field]? {
        guard let entries else { return nil }
        var fields: [String: Field] = [:]
        for (key, field) in entries {
            if known.contains(key) {
                fields[key] = field
            } else {
                let isCut = field.isMissing && source.begins(with: "{", at: node.mark)
                field.reportName(
                    .unknownField(
                        key, closest: NearMatch.closest(to: key, among: known),
                        isCutByComma: isCut))
            }
        }
        return fields
    }

    /// A field that must be there.
    func required(_ name: String, in fields: [String: Field]) -> Field? {
        if let field = fields[name], !field.isMissing { return field }
        report(.missingField(name))
        return nil
    }

    // MARK: Formulas

    /// A formula scalar read into a tree; problems are placed inside the text.
    var formula: FormulaScalar? {
        guard case .scalar(let scalar) = node else {
            report(.wrongKind(field: name, expected: "a formula"))
            return nil
        }
        let origin = FormulaOrigin(source: source, scalar: scalar)
        do throws(Diagnostics) {
            return FormulaScalar(tree: try FormulaText.parse(scalar.string), origin: origin)
        } catch {
            let isCut = source.endsAtComma(scalar)
            findings.report(
                origin.placed(error.items).map { diagnostic in
                    guard case .unclosed(let bracket, _) = diagnostic.problem else {
                        return diagnostic
                    }
                    var diagnostic = diagnostic
                    diagnostic.problem = .unclosed(bracket, isCutByComma: isCut)
                    return diagnostic
                })
            return nil
        }
    }
}

/// Where a formula stands, to place what is wrong inside it.
package struct FormulaOrigin {
    let source: SourceText
    let scalar: Node.Scalar

    package func place(_ offset: Int) -> Place { source.place(in: scalar, offset: offset) }

    func placed(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.map { diagnostic in
            var placed = diagnostic
            placed.place = place(diagnostic.span?.lowerBound ?? 0)
            return placed
        }
    }
}

/// A formula of a file: its tree and where it stands.
package struct FormulaScalar {
    package let tree: Expression
    package let origin: FormulaOrigin
}
