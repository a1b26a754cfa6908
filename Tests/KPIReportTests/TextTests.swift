import KPICore
import Testing

@testable import KPIReport

@Suite struct TextTests {
    @Test(
        arguments: [
            ("", 0), ("abc", 3), ("首次解决率", 10), ("ＡＢ（）", 8), ("e\u{301}", 1), ("한국", 4),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("👍", 2), ("👨‍👩‍👧", 2), ("🇨🇳", 2), ("❤️", 2), ("…—≈÷", 4),
            ("か\u{3099}", 2), ("\u{200B}", 0), ("ｱ", 1), ("𠮷", 2), ("Ω€", 2), ("、。", 4),
            ("\u{303F}", 1),
        ]) func widthInColumns(text: String, width: Int)
    {
        #expect(displayWidth(text) == width)
    }

    @Test func tablesAlignAndLeaveNoSpaceAtTheEnd() {
        let table = TextTable(
            headers: ["名称", "n"],
            rows: [["甲", "1"], ["abcdef", "1,000"], ["", ""], ["乙丙", ""]],
            alignment: [.left, .right])
        #expect(
            table.text() == """
                名称        n
                ──────  ─────
                甲          1
                abcdef  1,000

                乙丙

                """)
    }

    @Test func rowsMayBeShorterThanTheHeader() {
        #expect(TextTable(headers: ["a", "b"], rows: [["x"]]).text() == "a  b\n─  ─\nx\n")
        #expect(TextTable(headers: ["a"], rows: []).text() == "a\n─\n")
    }

    @Test func progressFillsTheWidth() {
        let line = ProgressLine.text(done: 1240, total: 2000, label: "装入", width: 50)
        #expect(line == "装入  ██████████████░░░░░░░░░   62%  1,240 / 2,000")
        #expect(displayWidth(line) <= 50)
    }

    @Test(arguments: 0...90) func progressIsNeverWider(width: Int) {
        for (done, total) in [(0, 10), (5, 10), (10, 10), (12, 10), (3, 0), (-1, 5)] {
            let line = ProgressLine.text(
                done: done, total: total, label: "正在装入 tickets", width: width)
            #expect(displayWidth(line) <= width)
        }
    }

    @Test func onlyWhatIsDoneSaysSo() {
        let almost = ProgressLine.text(done: 99_999, total: 100_000, label: "", width: 60)
        #expect(almost.contains(" 99%") && almost.contains("░"))
        let done = ProgressLine.text(done: 100_000, total: 100_000, label: "", width: 60)
        #expect(done.contains("100%") && !done.contains("░"))
        #expect(ProgressLine.text(done: 1234, total: 0, label: "Rows", width: 60) == "Rows  1,234")
    }
}

@Suite struct ValueFormatTests {
    private func text(
        _ number: String, _ unit: KPICore.Unit, isPercent: Bool = false, _ language: Language = .en
    ) -> String {
        ValueFormat(unit: unit, isPercent: isPercent, language: language)
            .text(.decimal(ExactDecimal(number)!))
    }

    @Test func ratios() {
        #expect(text("0.64431", .ratio, isPercent: true) == "64.43%")
        #expect(text("1", .ratio, isPercent: true) == "100.00%")
        #expect(text("-1.50505", .ratio, isPercent: true) == "-150.51%")
        #expect(text("0.64431", .ratio) == "0.6443")
        #expect(text("0.000012345", .ratio) == "0.00001235")
        #expect(text("2.5", .ratio) == "2.5")
        #expect(
            ValueFormat(unit: .ratio, isPercent: true, language: .en).text(
                .double(0.28500000000000003))
                == "28.50%")
    }

    @Test func countsAndScores() {
        #expect(text("4238", .count) == "4,238")
        #expect(text("-1234567.891", .count) == "-1,234,567.89")
        #expect(text("999", .count) == "999")
        #expect(text("4.205", .score) == "4.21")
        #expect(text("4", .score) == "4.00")
    }

    @Test func money() {
        #expect(text("10005534", .currency("CNY")) == "¥10,005,534.00")
        #expect(text("-0.005", .currency("USD")) == "-$0.01")
        #expect(text("-0.004", .currency("USD")) == "$0.00")
        #expect(text("-1234.5", .currency("GBP")) == "-£1,234.50")
        #expect(text("1", .currency("EUR")) == "€1.00")
        #expect(text("-1000", .currency("JPY")) == "-JPY 1,000.00")
        #expect(text("12.5", .currency("CNY") / .duration) == "12.5 CNY/s")
        #expect(text("0.00123456", .count / .duration) == "0.001235 count/s")
    }

    @Test(
        arguments: [
            ("0", "0 s", "0 秒"), ("0.0123456", "0.0123 s", "0.0123 秒"), ("45", "45 s", "45 秒"),
            ("45.25", "45.3 s", "45.3 秒"), ("59.96", "1 min", "1 分"),
            ("200", "3 min 20 s", "3 分 20 秒"),
            ("3599.6", "1 h", "1 小时"), ("11520", "3 h 12 min", "3 小时 12 分"),
            ("-11520", "-3 h 12 min", "-3 小时 12 分"), ("86399", "1 d", "1 天"),
            ("191880", "2 d 5.3 h", "2 天 5.3 小时"), ("2246400", "26 d", "26 天"),
            ("172799", "2 d", "2 天"), ("864000000", "10,000 d", "10,000 天"),
        ]) func durations(seconds: String, en: String, zh: String)
    {
        #expect(text(seconds, .duration) == en)
        #expect(text(seconds, .duration, .zh) == zh)
    }

    @Test func whatIsNoNumberIsADash() {
        let format = ValueFormat(unit: .ratio, language: .en)
        #expect(format.text(.null) == "—")
        #expect(format.text(.double(.nan)) == "—")
        #expect(format.text(.double(-.infinity)) == "—")
        #expect(format.text(.text("1")) == "—")
    }

    @Test func hugeDurationsDoNotTrap() {
        for seconds in [1e18, 1e30, -1e300] {
            let text = ValueFormat(unit: .duration, language: .en).text(.double(seconds))
            #expect(text.hasSuffix(" d") || text.hasSuffix(" h"))
        }
    }
}
