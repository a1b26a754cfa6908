import KPICore

/// What a table says about a cell beside its value, in both languages.
package enum CellWords {
    /// `≈ partial` beside a value that is not settled, `(no rows)` where there is none.
    package static func status(_ state: CellState) -> Bilingual {
        switch state {
        case .final, .absent: Bilingual(zh: "", en: "")
        case .provisional: Bilingual(zh: "… 暂定", en: "… provisional")
        case .partial: Bilingual(zh: "≈ 部分", en: "≈ partial")
        case .noRows: Bilingual(zh: "（无记录）", en: "(no rows)")
        case .zeroDenominator: Bilingual(zh: "（分母为零）", en: "(division by zero)")
        case .notApplicable: Bilingual(zh: "（不适用）", en: "(not applicable)")
        case .noData: Bilingual(zh: "（无数据）", en: "(no data)")
        case .withheld: Bilingual(zh: "（不予显示）", en: "(withheld)")
        }
    }

    /// The line of the legend for a mark; nil for states that speak for themselves.
    static func legend(_ state: CellState) -> Bilingual? {
        switch state {
        case .provisional:
            Bilingual(
                zh: "… 暂定：定义中的等待期还没有过完，数值可能变动",
                en: "… provisional: a waiting time of the definition has not passed; it may change")
        case .partial:
            Bilingual(
                zh: "≈ 部分：周期被截断，或数据只覆盖其中一部分",
                en: "≈ partial: the period is cut, or the data cover only a part of it")
        default: nil
        }
    }

    /// Behind the name of a KPI whose durations are not those of the clock.
    package static let workingTime = Bilingual(zh: "工作时长", en: "working time")
    static func clock(_ kpi: KPIHeader, _ language: Language) -> String {
        kpi.isWorkingTime ? (language == .zh ? "，" : ", ") + workingTime[language] : ""
    }

    static let interval = Bilingual(zh: "95% 区间", en: "95% interval")
    static let kpi = Bilingual(zh: "指标", en: "KPI")
    static let period = Bilingual(zh: "周期", en: "period")
    static let value = Bilingual(zh: "数值", en: "value")
    static let status = Bilingual(zh: "状态", en: "status")
    static let sides = Bilingual(zh: "分子 / 分母", en: "numerator / denominator")
    static let n = Bilingual(zh: "n", en: "n")
    static let open = Bilingual(zh: "未结", en: "open")
    static let total = Bilingual(zh: "合计", en: "total")
    static let empty = Bilingual(
        zh: "答案是空的：范围内没有任何周期。", en: "The answer is empty: the range holds no period.")
}
