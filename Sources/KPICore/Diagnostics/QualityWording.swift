/// What goes wrong with the data themselves: expectations, provenance, verification.
extension Problem {
    var qualityWording: Wording? {
        switch self {
        case .expectationRefused(let failure):
            Wording(failure.reason.en, failure.reason.zh).hint(
                "nothing was loaded; correct the files, or say ‘severity: warn’",
                "没有装入任何数据；请修正文件，或写‘severity: warn’")
        case .expectationFailed(let failure): Wording(failure.reason.en, failure.reason.zh)
        case .unknownVerification(let name, let closest):
            Wording("there is no verification ‘\(name)’", "没有核对‘\(name)’").closest(closest)
        default: provenanceWording
        }
    }

    private var provenanceWording: Wording? {
        switch self {
        case .handKeptTimeMarked(let column):
            Wording(
                "‘\(column)’ is kept by hand; the duration measured with it is marked",
                "‘\(column)’是人工填写的；用它计算的时长会被标记"
            ).hint(
                "use a column whose ‘provenance’ is system", "请使用‘provenance’为 system 的列")
        case .provenanceDiffers(let kpi, let required, let columns, let found, _):
            Wording(
                "‘\(kpi)’ requires data of provenance \(required) and reads \(Self.pairs(columns, found, ", "))",
                "‘\(kpi)’要求来源为 \(required) 的数据，却读取 \(Self.pairs(columns, found, "、"))")
        case .assessedCollects(let who, let kpi, _):
            Wording(
                "‘\(who)’ collects the satisfaction data of ‘\(kpi)’ and is assessed by them",
                "‘\(who)’收集‘\(kpi)’的满意度数据，同时又被它考核"
            ).hint("have a third party collect them", "请由第三方收集")
        case .verifierCollects(let who):
            Wording(
                "‘\(who)’ cannot verify what it collects itself", "‘\(who)’不能核对自己收集的数据")
        case .sidesDiffer(let left, let right):
            Wording(
                "the sides have different units, \(left) and \(right): they cannot be equal",
                "两边的单位不同：\(left) 与 \(right)，无法相等"
            ).hint(
                "‘direction: both_rise’ or ‘opposite’ compares their changes",
                "‘direction: both_rise’或‘opposite’比较它们的变化")
        default: nil
        }
    }

    /// `opened_at (manual), noted_on (not stated)`.
    private static func pairs(_ columns: [String], _ found: [String], _ separator: String) -> String
    {
        let shown = zip(columns, found).prefix(3).map { "\($0) (\($1))" }
        return (shown + (columns.count > 3 ? ["…"] : [])).joined(separator: separator)
    }
}
