import KPICore
import KPIFormula
import TestSupport
import Testing

@Suite struct RoundTripTests {
    /// The tree of a text, or nil with what is wrong recorded.
    private func parsed(_ text: String, _ comment: String) -> Expression? {
        do {
            return try FormulaText.parse(text)
        } catch {
            Issue.record("\(comment): ‘\(text)’: \(error)")
            return nil
        }
    }

    @Test(arguments: Language.allCases) func readingWhatWasWrittenGivesTheSameTree(
        language: Language
    ) {
        for seed in UInt64(1)...6000 {
            var generator = RandomFormula(seed: seed)
            let tree = generator.tree(depth: generator.random.int(1...7))
            let text = tree.formatted(language)
            guard text.utf8.count <= FormulaText.maximumLength,
                let again = parsed(text, "seed \(seed)")
            else { continue }
            #expect(again == tree, "seed \(seed): ‘\(text)’")
            #expect(again.formatted(language) == text, "seed \(seed)")
            let other: Language = language == .zh ? .en : .zh
            #expect(
                parsed(again.formatted(other), "seed \(seed)") == tree, "seed \(seed) in \(other)")
        }
    }

    @Test func spansLieInsideTheTextAndInsideTheParent() throws {
        for seed in UInt64(1)...1000 {
            var generator = RandomFormula(seed: seed)
            let text = generator.tree(depth: 5).formatted(.zh)
            guard let tree = parsed(text, "seed \(seed)") else { continue }
            #expect(tree.span == 0..<text.utf8.count)
            checkSpans(tree, "seed \(seed): ‘\(text)’")
        }
    }

    private func checkSpans(_ tree: Expression, _ comment: String) {
        var last = tree.span.lowerBound
        for child in tree.node.children {
            #expect(child.span.lowerBound >= last && !child.span.isEmpty, "\(comment)")
            #expect(child.span.upperBound <= tree.span.upperBound, "\(comment)")
            last = child.span.upperBound
            checkSpans(child, comment)
        }
    }

    @Test func anyBytesGiveATreeOrAPosition() {
        var random = SplitMix(seed: 71)
        for round in 0..<20_000 {
            let bytes = (0..<random.int(0...40)).map { _ in
                random.oneIn(2) ? UInt8(random.int(0...255)) : random.pick(Self.frequent)
            }
            check(String(decoding: bytes, as: UTF8.self), "round \(round)")
        }
    }

    @Test func mutatedFormulasGiveATreeOrAPosition() {
        for seed in UInt64(1)...4000 {
            var generator = RandomFormula(seed: seed)
            var bytes = Array(generator.tree(depth: 5).formatted(.zh).utf8)
            for _ in 0...generator.random.int(0...4) where !bytes.isEmpty {
                let index = generator.random.int(0...(bytes.count - 1))
                switch generator.random.int(1...4) {
                case 1: bytes.remove(at: index)
                case 2: bytes[index] = UInt8(generator.random.int(0...255))
                case 3: bytes.insert(generator.random.pick(Self.frequent), at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + 9))
                }
            }
            check(String(decoding: bytes, as: UTF8.self), "seed \(seed)")
        }
    }

    private static let frequent = Array("()[],.+-*/%=<>! \"'`a1且非空为属于÷×“”「」、".utf8)

    /// What parses is written and read back; what does not has its position inside the text.
    private func check(_ text: String, _ comment: String) {
        do {
            let tree = try FormulaText.parse(text)
            for language in Language.allCases {
                let again = parsed(tree.formatted(language), "\(comment): ‘\(text)’")
                #expect(again == tree, "\(comment): ‘\(text)’")
            }
        } catch {
            #expect(!error.items.isEmpty)
            for item in error.items {
                let span = item.span ?? -1 ..< -1
                #expect(span.lowerBound >= 0 && span.upperBound <= text.utf8.count, "\(comment)")
            }
        }
    }
}

@Suite struct BoundsTests {
    private func code(_ text: String) -> String? {
        do {
            _ = try FormulaText.parse(text)
            return nil
        } catch {
            return error.items.first?.code
        }
    }

    @Test(
        arguments: [
            "(", "-", "not ", "[", "非 ", "f(", "a[", "((a+", "1+", "a and ", "if(", "`", "\"", "%",
        ]
    )
    func tenThousandBytesOfOneThingDoNotCrash(piece: String) {
        let text = String(repeating: piece, count: 10_000 / piece.utf8.count)
        // Doubled quotes are one long text; all else is no formula.
        let isQuote = piece == "`" || piece == "\""
        #expect((code(text) == nil) == isQuote)
        #expect(code(text + "1") != nil)
        #expect(code(String(text.dropLast(1)) + "1") != nil)
    }

    @Test func depthIsBounded() {
        func nested(_ open: String, _ close: String, _ count: Int) -> String {
            String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        }
        #expect(code(nested("(", ")", 99)) == nil)
        #expect(code(nested("(", ")", 100)) == "KPI0106")
        #expect(code(nested("-", "", 99)) == nil)
        #expect(code(nested("-", "", 100)) == "KPI0106")
        #expect(code(nested("not ", "", 99)) == nil)
        #expect(code(nested("not ", "", 100)) == "KPI0106")
        #expect(code(nested("abs(", ")", 99)) == nil)
        #expect(code(nested("abs(", ")", 100)) == "KPI0106")
        #expect(code(nested("1 + ", "", 99)) == nil)
        #expect(code(nested("1 + ", "", 100)) == "KPI0106")
        #expect(code("1" + String(repeating: "[1]", count: 100)) == "KPI0106")
    }

    @Test func lengthIsBounded() {
        let long = "\"" + String(repeating: "x", count: 9_998) + "\""
        #expect(code(long) == nil)
        #expect(code(long + " ") == "KPI0105")
        #expect(code(String(repeating: "数", count: 4_000)) == "KPI0105")
    }

    @Test func longListsAreNotDeep() {
        let items = String(repeating: "1, ", count: 3_000) + "1"
        #expect(code("a in (\(items))") == nil)
        #expect(code("least(\(items))") == nil)
    }
}
