import KPICore

/// The quality of data as table, CSV and JSON: the columns that `quality.md` fixes.
package struct QualityReport: Sendable {
    package var quality: Quality

    package init(_ quality: Quality) { self.quality = quality }

    package static let columns = [
        "subject", "id", "item", "name", "period", "records", "failed", "value", "low", "high",
        "status", "detail",
    ]

    package var csv: String { facts.csv }

    package var json: String {
        "{\"now\": \(JSONReport.quoted(quality.now)), \"quality\": \(facts.json)}\n"
    }

    // MARK: Facts

    /// One row of the CSV.
    private struct Fact {
        var item: String
        var name = ""
        var period = ""
        var records: Int?
        var failed: Int?
        var value: Double?
        var interval: ClosedRange<Double>?
        var status: String
        var detail = ""
    }

    private var facts: FactTable {
        let datasets = quality.datasets.flatMap { dataset in
            facts(dataset).map { row("dataset", dataset.id, $0) }
        }
        let kpis = quality.kpis.flatMap { kpi in facts(kpi).map { row("kpi", kpi.id, $0) } }
        return FactTable(columns: Self.columns, rows: datasets + kpis)
    }

    private func row(_ subject: String, _ id: String, _ fact: Fact) -> [FactTable.Field] {
        [
            .text(subject), .text(id), .text(fact.item), .text(fact.name), .text(fact.period),
            .count(fact.records), .count(fact.failed), .double(fact.value),
            .double(fact.interval?.lowerBound), .double(fact.interval?.upperBound),
            .text(fact.status), .text(fact.detail),
        ]
    }

    private func facts(_ dataset: DatasetQuality) -> [Fact] {
        var facts = [
            Fact(
                item: "freshness", records: dataset.records, value: dataset.age.map(Double.init),
                status: dataset.isStale ? "stale" : "ok", detail: dataset.watermark),
            Fact(
                item: "set_aside", records: dataset.records, failed: dataset.setAside,
                status: dataset.setAside == 0 ? "ok" : "mark"),
        ]
        facts += dataset.checks.map { check in
            Fact(
                item: "expectation", name: check.finding.expectation,
                records: check.finding.checked, failed: check.finding.failed,
                status: Self.status(check), detail: check.finding.examples.joined(separator: "; "))
        }
        facts += quality.marks.filter { $0.dataset == dataset.id }.map { mark in
            Fact(
                item: "collected", name: mark.kind, period: mark.period, records: mark.all,
                failed: mark.own, value: mark.difference, interval: mark.interval, status: "mark")
        }
        return facts
    }

    private static func status(_ check: ExpectationOutcome) -> String {
        if check.finding.holds { return "ok" }
        if check.finding.kind == .age { return "stale" }
        return check.refuses ? "refuse" : "warn"
    }

    private func facts(_ kpi: KPIQuality) -> [Fact] {
        var facts = [
            Fact(
                item: "freshness", value: kpi.age.map(Double.init),
                status: kpi.isStale ? "stale" : "ok", detail: kpi.watermark),
            Fact(
                item: "completeness",
                name: kpi.gaps.first.map { "\($0.dataset).\($0.column)" } ?? "",
                records: kpi.records, failed: kpi.incomplete, value: kpi.completeness,
                status: kpi.incomplete == 0 ? "ok" : "mark",
                detail: kpi.gaps.map { "\($0.dataset).\($0.column) \($0.missing)/\($0.records)" }
                    .joined(separator: "; ")),
            Fact(
                item: "validity", failed: kpi.failed.count,
                status: Self.worst(kpi.failed.map(Self.status)),
                detail: kpi.failed.map { "\($0.finding.dataset): \($0.finding.expectation)" }
                    .joined(separator: "; ")),
            Fact(
                item: "set_aside", failed: kpi.setAside, status: kpi.setAside == 0 ? "ok" : "mark"),
        ]
        if let own = kpi.ownCollected, let all = kpi.collected {
            facts.append(
                Fact(
                    item: "collected", records: all, failed: own,
                    value: all == 0 ? nil : Double(own) / Double(all),
                    status: own == 0 ? "ok" : "mark"))
        }
        return facts
    }

    private static func worst(_ statuses: [String]) -> String {
        ["refuse", "stale", "warn"].first(where: statuses.contains) ?? "ok"
    }

    // MARK: Tables

    /// For people: datasets, expectations that fail, KPIs, and what those who are assessed collected.
    package func table(_ language: Language) -> String {
        let words = QualityWords(language: language)
        let parts = [
            datasets(words), failures(words), kpis(words), marks(words),
            words.legend(now: quality.now) + "\n",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func datasets(_ words: QualityWords) -> String {
        let rows = quality.datasets.map { dataset in
            [
                words.named(dataset.label, dataset.id), words.count(dataset.records),
                words.day(dataset.watermark), words.age(dataset.age, isStale: dataset.isStale),
                dataset.checks.isEmpty
                    ? ""
                    : "\(dataset.checks.count - dataset.failed.count) / \(dataset.checks.count)",
                dataset.setAside == 0 ? "" : words.count(dataset.setAside),
            ]
        }
        guard !rows.isEmpty else { return "" }
        return TextTable(
            headers: words.datasetHeaders, rows: rows,
            alignment: [.left, .right, .left, .right, .right, .right]
        ).text()
    }

    private func failures(_ words: QualityWords) -> String {
        let rows = quality.datasets.flatMap { dataset in
            dataset.failed.map { check in
                [
                    dataset.id, check.finding.label?[words.language] ?? check.finding.expectation,
                    "\(words.count(check.finding.failed)) / \(words.count(check.finding.checked))",
                    words.consequence(Self.status(check)), words.day(check.since),
                    check.finding.examples.joined(separator: "; "),
                ]
            }
        }
        guard !rows.isEmpty else { return "" }
        return TextTable(
            headers: words.failureHeaders, rows: rows, alignment: [.left, .left, .right]
        ).text()
    }

    private func kpis(_ words: QualityWords) -> String {
        let rows = quality.kpis.map { kpi in
            [
                words.named(kpi.label, kpi.id), words.day(kpi.watermark),
                words.age(kpi.age, isStale: kpi.isStale), words.share(kpi.completeness),
                kpi.gaps.first.map { words.gap($0) } ?? "",
                kpi.failed.isEmpty ? "" : words.count(kpi.failed.count),
                kpi.setAside == 0 ? "" : words.count(kpi.setAside), words.collected(kpi),
            ]
        }
        guard !rows.isEmpty else { return "" }
        return TextTable(
            headers: words.kpiHeaders, rows: rows,
            alignment: [.left, .left, .right, .right, .left, .right, .right, .right]
        ).text()
    }

    private func marks(_ words: QualityWords) -> String {
        let rows = quality.marks.map { mark in
            [
                mark.dataset, mark.kind, mark.period, words.count(mark.own),
                words.share(Double(mark.own) / Double(max(1, mark.all))),
                words.number(mark.ownMean), words.number(mark.otherMean),
                words.number(mark.difference, isSigned: true),
                mark.interval.map {
                    "\(words.number($0.lowerBound, isSigned: true)) … \(words.number($0.upperBound, isSigned: true))"
                } ?? "",
            ]
        }
        guard !rows.isEmpty else { return "" }
        return TextTable(
            headers: words.markHeaders, rows: rows,
            alignment: [.left, .left, .left, .right, .right, .right, .right, .right, .right]
        ).text()
    }
}

/// What the tables of quality say, in one language.
package struct QualityWords: Sendable {
    let language: Language

    package init(language: Language) { self.language = language }

    private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    var datasetHeaders: [String] {
        language == .zh
            ? ["数据集", "记录", "数据水位", "距今", "符合预期", "搁置"]
            : ["dataset", "records", "watermark", "age", "expectations held", "set aside"]
    }

    var failureHeaders: [String] {
        language == .zh
            ? ["数据集", "不符合的预期", "条数", "后果", "自", "例如"]
            : ["dataset", "expectation that fails", "count", "then", "since", "for instance"]
    }

    var kpiHeaders: [String] {
        language == .zh
            ? ["指标", "数据水位", "距今", "完整", "缺失最多", "不符合预期", "搁置", "被考核方自收"]
            : [
                "KPI", "watermark", "age", "complete", "most missing", "expectations failed",
                "set aside", "collected by the assessed",
            ]
    }

    var markHeaders: [String] {
        language == .zh
            ? ["数据集", "种类", "周期", "自收", "占比", "自收均值", "第三方均值", "差", "95% 区间"]
            : [
                "dataset", "kind", "period", "own", "share", "mean of own", "mean of others",
                "difference", "95% interval",
            ]
    }

    func named(_ label: Bilingual, _ id: String) -> String {
        label[language] == id ? id : "\(label[language]) (\(id))"
    }

    func count(_ value: Int) -> String { ValueFormat.number(.integer(Int64(value))) }

    /// Without seconds and offset.
    func day(_ time: String) -> String { String(time.prefix(16)).replacing("T", with: " ") }

    func age(_ seconds: Int64?, isStale: Bool) -> String {
        guard let seconds else { return isStale ? say("过期", "stale") : "" }
        let text = ValueFormat(unit: .duration, language: language).text(.integer(seconds))
        return isStale ? text + say(" 过期", " stale") : text
    }

    package func share(_ value: Double?) -> String {
        guard let value else { return ValueFormat.missing }
        return ValueFormat(unit: .ratio, isPercent: true, language: language).text(.double(value))
    }

    package func gap(_ gap: KPIQuality.Gap) -> String {
        "\(gap.dataset).\(gap.column) " + share(Double(gap.missing) / Double(max(1, gap.records)))
    }

    func collected(_ kpi: KPIQuality) -> String {
        guard let own = kpi.ownCollected, let all = kpi.collected, own > 0 else { return "" }
        return share(Double(own) / Double(max(1, all)))
    }

    func number(_ value: Double?, isSigned: Bool = false) -> String {
        guard let value else { return ValueFormat.missing }
        // What is left of equal means is no difference.
        let shown = abs(value) < 1e-12 ? 0 : value
        let text = ValueFormat(unit: .ratio, language: language).text(.double(shown))
        return isSigned && shown > 0 ? "+" + text : text
    }

    func consequence(_ status: String) -> String {
        switch status {
        case "refuse": say("拒绝装入", "refuses the load")
        case "stale": say("过期", "stale")
        default: say("提示", "warns")
        }
    }

    func legend(now: String) -> String {
        say("距今按 \(day(now)) 计；任何数值都不依赖它", "ages are as of \(day(now)); no value depends on it")
    }
}
