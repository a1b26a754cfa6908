import KPICore
import KPIFormula
import Testing

@Suite struct SpellingTests {
    /// Spellings that mean the same, the Chinese and the English one first.
    private static let twins: [[String]] = [
        ["a + b − c", "a + b - c", "a ＋ b － c", "a+b-c", "\na\t+\r\nb　-　c"],
        ["a × b ÷ c", "a * b / c", "a ＊ b ／ c", "a · b ÷ c", "a×b÷c"],
        ["a × 100%", "a * 100%", "a × 100％", "a*100 %"],
        ["a = b", "a = b", "a == b", "a ＝ b"],
        ["a ≠ b", "a != b", "a <> b"],
        ["a < b", "a < b", "a ＜ b"], ["a > b", "a > b", "a ＞ b"],
        ["a ≤ b", "a <= b"], ["a ≥ b", "a >= b"],
        ["a 且 b", "a and b", "a 并且 b", "a AND b"], ["a 或 b", "a or b", "a 或者 b"],
        ["非 a", "not a", "NOT a"],
        ["a 为空", "a is missing", "a is null", "a is not present"],
        ["a 非空", "a is present", "a is not null", "a is not missing"],
        ["a 属于 (b, c)", "a in (b, c)", "a 属于（b、c）", "a in (b，c)"],
        ["a 不属于 (b)", "a not in (b)", "a 非 属于 (b)"],
        ["真", "true", "TRUE"], ["假", "false"], ["空", "missing", "null"],
        ["(a + b) × c", "(a + b) * c", "（a + b）× c", "((a + b)) × (c)"],
        ["a[b = \"电话\"]", "a[b = \"电话\"]", "a【b = “电话”】", "a［b = 「电话」］", "a[b = '电话']"],
        ["\"\"\"\"", "\"\"\"\"", "'\"'", "“\"”"],
        ["`AHT (秒)`", "`AHT (秒)`"], ["甲.乙", "甲.乙", "`甲`.`乙`", "甲 . 乙"],
        ["如果(a, b, 空)", "if(a, b, missing)", "IF（a，b、null）"],
        ["上期(累计(a, 年), 2)", "previous(to_date(a, year), 2)", "上期(to_date(a, 年), 2)"],
        ["滚动(a, 3, 半年)", "rolling(a, 3, half)", "滚动(a, 3, HALF)"],
        ["首个有值(去年同期(a), 占比(b, c))", "coalesce(year_ago(a), share(b, c))"],
        [
            "四舍五入(成交数 ÷ (成交数 + 丢单数) × 100%, 2)",
            "round(成交数 / (成交数 + 丢单数) * 100%, 2)",
        ],
        ["a − (b − c) − −d", "a - (b - c) - -d", "a-(b-c)- -d"],
        ["非 (a 或 b) 且 c", "not (a or b) and c"], ["非 a = b", "not a = b", "非 (a = b)"],
        ["a 或 b 且 c", "a or b and c", "a 或 (b 且 c)"],
        ["−a[b]", "-a[b]", "-(a[b])"], ["(a = b) = c", "(a = b) = c"],
    ]

    @Test(arguments: twins) func allSpellingsGiveOneTree(spellings: [String]) throws {
        let tree = try FormulaText.parse(spellings[0])
        #expect(tree.formatted(.zh) == spellings[0])
        #expect(tree.formatted(.en) == spellings[1])
        for spelling in spellings {
            #expect(try FormulaText.parse(spelling) == tree, "\(spelling)")
        }
    }

    @Test(arguments: Function.allCases) func everyFunctionIsReadInEitherLanguage(
        function: Function
    ) throws {
        let tree = Expression(.call(.known(function), [Expression(.name(["x"]))]))
        let name = function.signature.name
        for spelling in [name.zh, name.en, name.en.uppercased(), "`\(name.zh)`"] {
            #expect(try FormulaText.parse("\(spelling)(x)") == tree)
        }
        #expect(tree.formatted(.zh) == "\(name.zh)(x)")
    }

    @Test func noSpellingMeansTwoFunctions() {
        #expect(Set(Function.allNames).count == Function.allCases.count * 2)
        #expect(Function.allNames.allSatisfy { Function.named($0) != nil })
    }

    @Test func binaryOperatorsBindToTheLeft() throws {
        #expect(try FormulaText.parse("a - b - c") == FormulaText.parse("(a - b) - c"))
        #expect(try FormulaText.parse("a / b * c") == FormulaText.parse("(a / b) * c"))
        #expect(try FormulaText.parse("a / b * c") != FormulaText.parse("a / (b * c)"))
        #expect(try FormulaText.parse("a + b × c") == FormulaText.parse("a + (b × c)"))
    }

    @Test func numbersAreExact() throws {
        #expect(try FormulaText.parse("1.50") == FormulaText.parse("1.5"))
        #expect(try FormulaText.parse("0.1").node == .number(ExactDecimal("0.1")!))
        #expect(try FormulaText.parse("5%").node == .percent(ExactDecimal("5")!))
        #expect(try FormulaText.parse("5%") != FormulaText.parse("0.05"))
    }

    @Test func theLanguageOfAText() {
        #expect(Expression.language(of: "a ÷ b") == .en)
        #expect(Expression.language(of: "收入 / b") == .zh)
    }

    @Test func namesAreWrittenAsAsked() throws {
        let tree = try FormulaText.parse("won_deals / all_deals")
        let text = tree.formatted(.zh) { $0 == ["won_deals"] ? ["成交 数"] : $0 }
        #expect(text == "`成交 数` ÷ all_deals")
    }
}

@Suite struct DiagnosticPositionTests {
    /// Formula, code, and the text under the position; empty at the end.
    @Test(
        arguments: [
            ("revenue ÷", "KPI0102", ""), ("revenue ÷ ", "KPI0102", ""), ("", "KPI0111", ""),
            ("  ", "KPI0111", ""), ("收入 + ÷ b", "KPI0104", "÷"), ("(a + b", "KPI0103", "("),
            ("f(a, b", "KPI0103", "("), ("a[b = 1", "KPI0103", "["), ("a < b < c", "KPI0110", "<"),
            ("a = b ≠ c", "KPI0110", "≠"), ("a # b", "KPI0101", "#"), ("a 💥 b", "KPI0101", "💥"),
            ("a = \"x", "KPI0109", "\"x"), ("a = “x\"", "KPI0109", "“x\""), ("`a", "KPI0109", "`a"),
            ("a b", "KPI0104", "b"), ("1 2", "KPI0104", "2"), ("1.2.3", "KPI0104", "."),
            ("a in ()", "KPI0102", ")"), ("a in b", "KPI0104", "b"), ("a is b", "KPI0104", "b"),
            ("f(,)", "KPI0104", ","), ("f(a,)", "KPI0104", ")"), ("a)", "KPI0104", ")"),
            ("a.", "KPI0102", ""), ("a.1", "KPI0104", "1"), ("and", "KPI0104", "and"),
            ("a 且 或 b", "KPI0104", "或"), ("not", "KPI0102", ""), ("1,000", "KPI0104", ","),
            ("1e5", "KPI0104", "e5"), ("!a", "KPI0101", "!"), ("\u{FFFD}", "KPI0101", "\u{FFFD}"),
            (String(repeating: "1", count: 39), "KPI0108", String(repeating: "1", count: 39)),
        ] as [(String, String, String)])
    func pointsAtWhatIsWrong(formula: String, code: String, under: String) throws {
        let error = try #require(throws: Diagnostics.self) { try FormulaText.parse(formula) }
        let item = error.items[0]
        let span = try #require(item.span)
        #expect(item.code == code)
        #expect(String(decoding: Array(formula.utf8)[span], as: UTF8.self) == under)
        if under.isEmpty { #expect(span.lowerBound == formula.utf8.count) }
    }

    @Test func aChainOfComparisonsIsToldWhatToWrite() throws {
        let error = try #require(throws: Diagnostics.self) { try FormulaText.parse("a < b < c") }
        #expect(error.items[0].text(.zh).contains("a < b 且 b < c"))
    }
}
