import KPICore
import KPIFormula

/// Reads any bytes as a formula. What parses is written in both languages and read back; libFuzzer
/// reports a trap, a difference or a timeout with the input that caused it.
@_cdecl("LLVMFuzzerTestOneInput")
public func formulaFuzzer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do {
        let tree = try FormulaText.parse(text)
        for language in Language.allCases { check(tree, language) }
    } catch {
        checkPositions(error, length: text.utf8.count)
    }
    return 0
}

/// What was written gives the same tree and is written the same again.
private func check(_ tree: Expression, _ language: Language) {
    let text = tree.formatted(language)
    // Canonical spelling has spaces and longer words: it may pass the bound that the input kept.
    guard text.utf8.count <= FormulaText.maximumLength else { return }
    do {
        let again = try FormulaText.parse(text)
        guard again == tree else { fatalError("another tree was read from ‘\(text)’") }
        guard again.formatted(language) == text else { fatalError("no fixed point: ‘\(text)’") }
    } catch {
        fatalError("‘\(text)’ was written but is not read: \(error)")
    }
}

/// Every problem has words in both languages and a position inside the text.
private func checkPositions(_ diagnostics: Diagnostics, length: Int) {
    guard !diagnostics.items.isEmpty else { fatalError("refused without a reason") }
    for item in diagnostics.items {
        guard let span = item.span, span.lowerBound >= 0, span.upperBound <= length else {
            fatalError("a position outside the text: \(item)")
        }
        for language in Language.allCases where item.text(language).isEmpty {
            fatalError("no words for \(item.code)")
        }
    }
}
