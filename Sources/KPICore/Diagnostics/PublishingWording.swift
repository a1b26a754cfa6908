extension Problem {
    /// What goes wrong when cells are published, and with the state they are published into.
    var publishingWording: Wording? {
        switch self {
        case .keeperSignsOff(let who):
            Wording(
                "‘\(who)’ keeps these records and cannot sign them off",
                "‘\(who)’是记录人，不能自己签核"
            ).hint("somebody else verifies them: --by NAME", "须由他人核验：--by 姓名")
        case .nothingToSignOff(let source, let known):
            Wording(
                "no file of ‘\(source)’ awaits a sign-off", "‘\(source)’没有等待签核的文件"
            ).hint(
                known.isEmpty
                    ? "no source says ‘sign_off: {collector: …}’"
                    : "records are kept by hand in: \(known.joined(separator: ", "))",
                known.isEmpty
                    ? "没有来源写明‘sign_off: {collector: …}’"
                    : "人工记录的来源：\(known.joined(separator: "、"))")
        case .nothingToPublish(let period):
            Wording(
                "no active KPI has a definition for \(period)", "没有启用的指标在 \(period) 有定义")
        case .alreadyPublished(let kpi, let period, let grouping, let at, let by):
            Wording(
                "‘\(kpi)’\(Self.by(grouping)) of \(period) was already published at \(at) by \(by)",
                "‘\(kpi)’\(Self.zhBy(grouping))的 \(period) 已由 \(by) 于 \(at) 发布"
            ).hint(
                "--again publishes another revision; the one before stays",
                "--again 会发布新的修订；以前的仍然保留")
        case .periodNotOver(let kpi, let period, let known):
            Wording(
                "\(period) is not over for ‘\(kpi)’: its records reach to \(known)",
                "‘\(kpi)’的 \(period) 还没有结束：记录只到 \(known)"
            ).hint(
                "load the rest, or state ‘coverage’ in the dataset; --allow-unfinished publishes it as it is",
                "请装入其余记录，或在数据集中声明‘coverage’；--allow-unfinished 则按现状发布")
        case .stillProvisional(let kpi, let period):
            Wording(
                "cells of ‘\(kpi)’ for \(period) are provisional: a waiting time of the definition has not passed",
                "‘\(kpi)’在 \(period) 的单元格是暂定的：定义中的等待期还没有过完"
            ).hint(
                "--allow-unfinished publishes them as they are", "--allow-unfinished 则按现状发布")
        case .draftNotPublished(let kpi):
            Wording(
                "‘\(kpi)’ is a draft: only what is agreed is published",
                "‘\(kpi)’是草稿：只发布已经约定的指标"
            ).hint(
                "change its ‘state’ to pilot or active", "请把‘state’改为 pilot 或 active")
        case .notPublished(let kpi, let period, let grouping):
            Wording(
                "‘\(kpi)’\(Self.by(grouping)) of \(period) is not published",
                "‘\(kpi)’\(Self.zhBy(grouping))的 \(period) 没有发布"
            ).hint(
                "‘plumb published’ lists what is; without --published the cells are computed",
                "‘plumb published’列出已发布的内容；不用 --published 则会计算")
        default: stateWording
        }
    }

    private var stateWording: Wording? {
        switch self {
        case .stateUnreadable(let path, let reason):
            Wording(
                "\(path) cannot be read as the state of a workspace: \(reason)",
                "\(path) 不能作为工作区的状态读取：\(reason)"
            ).hint(
                "put a backup in its place; it holds what cannot be computed again",
                "请用备份替换；其中的内容无法重新计算")
        case .stateNewer(let path):
            Wording(
                "\(path) was written by a newer release of Plumbline", "\(path) 由更新的版本写成"
            ).hint("use that release", "请使用那个版本")
        case .stateLocked(let path):
            Wording("\(path) is in use by another program", "\(path) 正被另一个程序使用")
                .hint("wait for it to end", "请等它结束")
        case .publishedChanged(let path, let kpi, let period, let grouping):
            Wording(
                "published cells of ‘\(kpi)’\(Self.by(grouping)) for \(period) were changed in \(path) by another program",
                "‘\(kpi)’\(Self.zhBy(grouping))在 \(period) 已发布的单元格在 \(path) 中被其他程序改过"
            ).hint("put a backup in its place", "请用备份替换")
        default: nil
        }
    }

    private static func by(_ grouping: String) -> String {
        grouping.isEmpty ? "" : " by \(grouping)"
    }

    private static func zhBy(_ grouping: String) -> String {
        grouping.isEmpty ? "" : "按 \(grouping) "
    }
}
