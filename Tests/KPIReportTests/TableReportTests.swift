import KPICore
import Testing

@testable import KPIReport

@Suite struct TableReportTests {
    @Test func oneKPIWithMarksReasonsAndLegend() {
        #expect(
            TableReport(language: .en).text(Sample.revenue) == """
                Revenue (revenue)

                period     value  status     n
                ───────  ───────  ─────────  ─
                2025-01  ¥100.00             1
                2025-02  ¥250.50             1
                2025-03    ¥0.00             0
                2025-04   ¥80.00  ≈ partial  1
                2025-05        —  (no data)

                ≈ partial: the period is cut, or the data cover only a part of it

                """)
    }

    @Test func workingTimeIsNamedAndHasNoDays() {
        var header = Sample.header("handling", .duration, zh: "处理时长", en: "Handling time")
        header.isWorkingTime = true
        let answer = Answer(
            dimensions: [],
            blocks: [
                Sample.block(
                    header, value: .double([432_000]), numerator: Figures(.integer([864_060])),
                    denominator: Figures(.integer([2])))
            ])
        #expect(
            TableReport(language: .en).text(answer) == """
                Handling time (handling), working time

                period   value  numerator / denominator
                ───────  ─────  ───────────────────────
                2025-01  120 h          240 h 1 min / 2

                """)
        #expect(TableReport(language: .zh).text(answer).hasPrefix("处理时长 (handling)，工作时长\n"))
        let json = JSONReport.text(answer, question: [])
        #expect(json.contains(#""value":432000,"unit":"s","clock":"working","numerator":"#))
        #expect(!JSONReport.text(Sample.revenue, question: []).contains("clock"))
        #expect(CSVReport.text(answer).contains(",432000,s,864060,2,"))
    }

    @Test func chineseStaysAligned() {
        #expect(
            TableReport(language: .zh).text(Sample.winRate) == """
                赢单率 (win-rate)

                周期        数值  状态            分子 / 分母      n  未结
                ───────  ───────  ────────────  ─────────────  ─────  ────
                2025-01  100.00%                4,238 / 6,711  6,711     0
                2025-02   66.67%  … 暂定                2 / 3      3    12
                2025-03        —  （分母为零）          0 / 0      0     0

                … 暂定：定义中的等待期还没有过完，数值可能变动

                """)
    }

    @Test func severalKPIsAndGroups() {
        let duration = Sample.block(
            Sample.header("deal-cycle", .duration, zh: "成交周期", en: "Deal cycle"),
            members: [("owner", ["王芳", "Bob"])], groupCount: 2,
            value: .double([192_780, 45]), numerator: Figures(.integer([385_560, 45])),
            denominator: Figures(.integer([2, 1])))
        let money = Sample.block(
            members: [("owner", ["王芳", "Bob"])], groupCount: 2,
            value: .decimal([-123_456_789, 5], scale: 2))
        let answer = Answer(dimensions: ["owner"], blocks: [duration, money])
        #expect(
            TableReport(language: .en).text(answer) == """
                KPI                      period   owner           value  numerator / denominator
                ───────────────────────  ───────  ─────  ──────────────  ───────────────────────
                Deal cycle (deal-cycle)  2025-01  王芳        2 d 5.6 h           4 d 11.1 h / 2
                                         2025-01  Bob              45 s                 45 s / 1
                Revenue (revenue)        2025-01  王芳   -¥1,234,567.89
                                         2025-01  Bob             ¥0.05

                """)
    }

    @Test func anEmptyAnswerSaysSo() {
        let none = Answer(dimensions: [], blocks: [])
        #expect(
            TableReport(language: .en).text(none)
                == "The answer is empty: the range holds no period.\n"
        )
        #expect(TableReport(language: .zh).text(none) == "答案是空的：范围内没有任何周期。\n")
    }

    @Test func coloursOnlyForATerminal() {
        let plain = TableReport(language: .en).text(Sample.revenue)
        let coloured = TableReport(language: .en, isTerminal: true).text(Sample.revenue)
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.contains("\u{1B}[33m≈ partial\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    }

    @Test func controlsInDataDoNotReachTheTerminal() {
        let block = Sample.block(
            Sample.header(en: "Reve\u{7}nue"), members: [("owner", ["a\u{1B}[31m\nb\u{9B}c"])],
            value: .integer([1]))
        let text = TableReport(language: .en).text(Answer(dimensions: ["owner"], blocks: [block]))
        #expect(text.contains("a [31m b c"))
        #expect(text.hasPrefix("Reve nue (revenue)\n"))
        #expect(text.split(separator: "\n").count == 4)
    }
}
