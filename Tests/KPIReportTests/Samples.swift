import KPICore

/// Answers that several suites write.
enum Sample {
    static func header(
        _ id: String = "revenue", _ unit: Unit = .currency("CNY"), isPercent: Bool = false,
        zh: String = "收入", en: String = "Revenue"
    ) -> KPIHeader {
        KPIHeader(
            id: id, label: Bilingual(zh: zh, en: en), unit: unit, isPercent: isPercent,
            version: "0123456789ab", watermark: "2025-04-21T00:00:00+08:00")
    }

    /// A block of one grouping with as many cells as states.
    static func block(
        _ header: KPIHeader = header(), periods: [String] = ["2025-01"],
        members: [(dimension: String, values: [String])] = [], groupCount: Int = 1,
        value: Numbers, numerator: Figures? = nil, denominator: Figures? = nil, n: Figures? = nil,
        open: Figures? = nil, state: [CellState]? = nil
    ) -> CellBlock {
        CellBlock(
            kpi: header, grain: .month, periods: periods,
            dimensions: members.map(\.dimension), members: members.map(\.values),
            groupCount: groupCount, value: Figures(value), numerator: numerator,
            denominator: denominator, n: n, open: open,
            state: state ?? Array(repeating: .final, count: value.count))
    }

    /// The months of compute.md's first worked example.
    static let revenue = Answer(
        dimensions: [],
        blocks: [
            block(
                periods: ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"],
                value: .decimal([10_000, 25_050, 0, 8_000, 0], scale: 2),
                n: Figures(.integer([1, 1, 0, 1, 0]), present: [true, true, true, true, false]),
                state: [.final, .final, .final, .partial, .noData])
        ])

    static let winRate = Answer(
        dimensions: [],
        blocks: [
            block(
                header("win-rate", .ratio, isPercent: true, zh: "赢单率", en: "Win rate"),
                periods: ["2025-01", "2025-02", "2025-03"],
                value: .double([1, 2.0 / 3, .nan]),
                numerator: Figures(.integer([4238, 2, 0])),
                denominator: Figures(.integer([6711, 3, 0])), n: Figures(.integer([6711, 3, 0])),
                open: Figures(.integer([0, 12, 0])),
                state: [.final, .provisional, .zeroDenominator])
        ])
}
