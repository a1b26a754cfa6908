import KPICore

/// Writes the one canonical spelling of a tree in a language.
///
/// `FormulaText.parse` of what it writes gives the same tree.
extension Expression {
    /// - Parameter rename: the name to write for a path, by default as it is.
    package func formatted(
        _ language: Language, rename: ([String]) -> [String] = { $0 }
    ) -> String {
        withoutActuallyEscaping(rename) { rename in
            FormulaWriter(language: language, rename: rename).text(self, tighterThan: 0)
        }
    }

    /// Chinese when any function, name or text of it is written in Han characters.
    package static func language(of text: String) -> Language {
        let isHan = text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        return isHan ? .zh : .en
    }
}

private struct FormulaWriter {
    let language: Language
    let rename: ([String]) -> [String]

    private static let unaryStrength = 7
    private static let comparisonStrength = 4
    private static let notStrength = 3

    /// The text, in parentheses when it binds less tightly than `strength`.
    func text(_ tree: Expression, tighterThan strength: Int) -> String {
        let (body, own) = body(tree)
        return own < strength ? "(\(body))" : body
    }

    private func body(_ tree: Expression) -> (String, strength: Int) {
        let atom = 9
        switch tree.node {
        case .number(let value): return (value.description, atom)
        case .percent(let value): return (value.description + "%", atom)
        case .text(let text): return (quoted(text), atom)
        case .bool(let value): return (word(value ? ("真", "true") : ("假", "false")), atom)
        case .missing: return (word(("空", "missing")), atom)
        case .name(let path): return (rename(path).map(name).joined(separator: "."), atom)
        case .call(let callee, let arguments): return (call(callee, arguments), atom)
        case .filter(let base, let condition):
            return ("\(text(base, tighterThan: 8))[\(text(condition, tighterThan: 0))]", 8)
        case .negate(let operand):
            let sign = language == .zh ? "−" : "-"
            return (sign + text(operand, tighterThan: Self.unaryStrength), Self.unaryStrength)
        case .not(let operand):
            let inner = text(operand, tighterThan: Self.notStrength)
            return (word(("非 ", "not ")) + inner, Self.notStrength)
        case .binary(let operation, let left, let right):
            return (binary(operation, left, right), operation.precedence)
        case .isMissing(let operand, let negated):
            let test =
                negated ? word((" 非空", " is present")) : word((" 为空", " is missing"))
            return (text(operand, tighterThan: 5) + test, Self.comparisonStrength)
        case .isIn(let operand, let items, let negated):
            let test = negated ? word((" 不属于 ", " not in ")) : word((" 属于 ", " in "))
            return (text(operand, tighterThan: 5) + test + list(items), Self.comparisonStrength)
        }
    }

    private func binary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) -> String {
        let own = operation.precedence
        // Comparisons do not chain, so both their sides bind tighter.
        let a = text(left, tighterThan: operation.isComparison ? own + 1 : own)
        let b = text(right, tighterThan: own + 1)
        return "\(a) \(symbol(operation)) \(b)"
    }

    private func call(_ callee: Expression.Callee, _ arguments: [Expression]) -> String {
        switch callee {
        case .unknown(let name): return self.name(name) + list(arguments)
        case .known(let function):
            let spelling = function.signature.name[language]
            let takesUnit = function == .toDate || function == .rolling
            let texts = arguments.enumerated().map { index, argument in
                if takesUnit, index == arguments.count - 1, let unit = unitWord(argument) {
                    return unit
                }
                return text(argument, tighterThan: 0)
            }
            return "\(spelling)(\(texts.joined(separator: ", ")))"
        }
    }

    private func unitWord(_ argument: Expression) -> String? {
        guard case .name(let path) = argument.node, path.count == 1,
            let unit = Grain.unit(named: path[0])
        else { return nil }
        let words = Grain.unitWords.first { $0.grain == unit }!
        return language == .zh ? words.zh : words.en
    }

    private func list(_ items: [Expression]) -> String {
        "(" + items.map { text($0, tighterThan: 0) }.joined(separator: ", ") + ")"
    }

    private func word(_ pair: (zh: String, en: String)) -> String {
        language == .zh ? pair.zh : pair.en
    }

    private func symbol(_ operation: BinaryOperator) -> String {
        switch operation {
        case .add: "+"
        case .subtract: word(("−", "-"))
        case .multiply: word(("×", "*"))
        case .divide: word(("÷", "/"))
        case .equal: "="
        case .notEqual: word(("≠", "!="))
        case .less: "<"
        case .lessOrEqual: word(("≤", "<="))
        case .greater: ">"
        case .greaterOrEqual: word(("≥", ">="))
        case .and: word(("且", "and"))
        case .or: word(("或", "or"))
        }
    }

    /// Bare where the lexer reads it back as one name, else in backquotes.
    private func name(_ name: String) -> String {
        let scalars = Array(name.unicodeScalars)
        let isBare =
            !scalars.isEmpty && scalars.allSatisfy(Lexer.isNamePart)
            && !("0"..."9").contains(scalars[0]) && Keyword.words[name.lowercased()] == nil
        return isBare ? name : "`" + doubling(name, "`") + "`"
    }

    private func quoted(_ text: String) -> String { "\"" + doubling(text, "\"") + "\"" }

    private func doubling(_ text: String, _ quote: Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar)
            if scalar == quote { result.append(scalar) }
        }
        return String(result)
    }
}
