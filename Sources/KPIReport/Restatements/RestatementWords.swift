import KPICore

/// What a table of restatements says, in both languages.
enum RestatementWords {
    static func reason(_ reason: RestatementReason, _ language: Language) -> String {
        let name = name(reason)[language]
        let detail = detail(reason, language)
        return detail.isEmpty ? name : "\(name) (\(detail))"
    }

    private static func name(_ reason: RestatementReason) -> Bilingual {
        let zh =
            switch reason {
            case .lateRecords: "迟到的记录"
            case .correctedRecords: "更正的记录"
            case .referencedRecords: "引用的记录变更"
            case .newVersion: "新版定义"
            case .newGrouping: "维度定义变更"
            case .coverage: "数据覆盖变更"
            case .timePassed: "时间推移"
            case .recordsReloaded: "记录重新装入"
            }
        return Bilingual(zh: zh, en: reason.code)
    }

    /// Counts, parts and names behind a reason; empty where there are none.
    static func detail(_ reason: RestatementReason, _ language: Language) -> String {
        switch reason {
        case .lateRecords(let tallies):
            tallies.map { place($0) + ": " + count($0.inserted, "inserted", "新增", language) }
                .joined(separator: ", ")
        case .correctedRecords(let tallies):
            tallies.map { place($0) + ": " + corrected($0, language) }.joined(separator: ", ")
        case .referencedRecords(let tallies):
            tallies.map { $0.dataset + ": " + changed($0, language) }.joined(separator: ", ")
        case .newVersion(let parts):
            parts.map { part($0)[language] }.joined(separator: ", ")
        case .recordsReloaded(let datasets): datasets.joined(separator: ", ")
        case .newGrouping, .coverage, .timePassed: ""
        }
    }

    private static func place(_ tally: RecordTally) -> String {
        tally.column.isEmpty ? tally.dataset : "\(tally.dataset).\(tally.column)"
    }

    private static func corrected(_ tally: RecordTally, _ language: Language) -> String {
        [
            tally.updated > 0 ? count(tally.updated, "updated", "修改", language) : nil,
            tally.deleted > 0 ? count(tally.deleted, "deleted", "删除", language) : nil,
        ].compactMap { $0 }.joined(separator: " ")
    }

    private static func changed(_ tally: RecordTally, _ language: Language) -> String {
        let inserted =
            tally.inserted > 0 ? count(tally.inserted, "inserted", "新增", language) + " " : ""
        return (inserted + corrected(tally, language)).trimmed
    }

    private static func count(_ number: Int, _ en: String, _ zh: String, _ language: Language)
        -> String
    {
        language == .zh ? "\(zh) \(number)" : "\(number) \(en)"
    }

    private static func part(_ part: DefinitionPart) -> Bilingual {
        let zh =
            switch part {
            case .formula: "公式"
            case .unit: "单位"
            case .measure: "度量"
            case .calendar: "日历"
            case .mapping: "映射"
            case .removed: "已删除"
            }
        return Bilingual(zh: zh, en: part.rawValue)
    }

    static func headers(_ language: Language) -> [String] {
        language == .zh
            ? ["指标", "周期", "分组", "原值", "现值", "另有变化", "原因", "发布于"]
            : ["KPI", "period", "group", "was", "is", "also", "why", "published"]
    }

    static let absent = Bilingual(zh: "（没有）", en: "(absent)")
}

extension String {
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}
