import KPICore
import KPIReport
import Testing

@Suite("Reports of restatements")
struct RestatementReportTests {
    private func sample(
        _ group: [Restatement.Member], was: CellFigures?, now: CellFigures?,
        reasons: [RestatementReason]
    ) -> Restatement {
        let kpi = KPIHeader(
            id: "win-rate", label: Bilingual(zh: "赢单率", en: "Win rate"), unit: .ratio,
            isPercent: true, version: "aaaaaaaaaaaa", watermark: "")
        return Restatement(
            kpi: kpi, grain: .month, period: "2026-10", group: group, was: was, now: now,
            wasVersion: Restatement.Version(hash: "aaaaaaaaaaaa", label: "2025"),
            nowVersion: Restatement.Version(hash: "bbbbbbbbbbbb", label: ""), reasons: reasons,
            publication: PublicationNote(
                revision: 2, at: "2026-11-02T09:00:00+08:00", by: "Ann, Bob", note: "\"closed\""))
    }

    private let half = CellFigures(
        value: .double(0.5), numerator: .integer(1), denominator: .integer(2), n: .integer(2),
        state: .final)

    @Test("A row of the CSV has every column, texts quoted where needed")
    func csv() {
        let third = CellFigures(
            value: .double(1.0 / 3), numerator: .integer(1), denominator: .integer(3),
            n: .integer(3), state: .partial)
        let item = sample(
            [.init(dimension: "team", value: "A=B,C\\D")], was: half, now: third,
            reasons: [
                .lateRecords([RecordTally(dataset: "deals", column: "closed_on", inserted: 1)]),
                .newVersion([.formula, .mapping]),
            ])
        let lines = RestatementReport([item]).csv.split(separator: "\n")
        #expect(lines[0] == Substring(RestatementReport.columns.joined(separator: ",")))
        #expect(
            lines[1] == """
                win-rate,month,2026-10,"team=A\\=B\\,C\\\\D",0.5,0.3333333333333333,ratio,final,partial,\
                aaaaaaaaaaaa,bbbbbbbbbbbb,late records; new version,2026-11-02T09:00:00+08:00,"Ann, Bob",2,\
                "deals.closed_on: 1 inserted; formula, mapping",,,1,1,2,3,2,3,,
                """)
    }

    @Test("A cell that is gone is absent, and its numbers are null")
    func absent() {
        let item = sample([], was: half, now: nil, reasons: [.recordsReloaded(["deals"])])
        let report = RestatementReport([item])
        #expect(report.csv.contains("win-rate,month,2026-10,*,0.5,,ratio,final,absent,"))
        let json = report.json(cells: 7)
        #expect(json.hasPrefix("{\"cells\": 7, \"restatements\": [\n  {\"kpi\": \"win-rate\""))
        #expect(json.contains("\"group\": {}, \"was\": 0.5, \"is\": null"))
        #expect(json.contains("\"why\": [\"records reloaded\"]"))
        #expect(json.contains("\"note\": \"\\\"closed\\\"\""))
        #expect(report.table(.zh).contains("（没有）"))
    }

    @Test("Nothing restated is a header alone, and an empty list")
    func empty() {
        let report = RestatementReport([])
        #expect(report.csv == RestatementReport.columns.joined(separator: ",") + "\n")
        #expect(report.json(cells: 3) == "{\"cells\": 3, \"restatements\": [\n\n]}\n")
    }

    @Test("A table shows both values, the sides and every reason")
    func table() {
        let whole = CellFigures(
            value: .double(1), numerator: .integer(2), denominator: .integer(2), n: .integer(2),
            open: .integer(1), state: .provisional)
        let item = sample(
            [.init(dimension: "team", value: "North")], was: half, now: whole,
            reasons: [
                .correctedRecords([
                    RecordTally(dataset: "deals", column: "closed_on", updated: 1, deleted: 2)
                ]), .timePassed,
            ])
        let lines = RestatementReport([item]).table(.en).split(separator: "\n")
        #expect(lines[2].contains("50.00%") && lines[2].contains("100.00%"))
        #expect(lines[2].contains("1 / 2 → 2 / 2"))
        #expect(
            lines[2].contains(
                "corrected records (deals.closed_on: 1 updated 2 deleted); time passed"))
    }

    @Test(
        "A unit is read from the text of its column",
        arguments: [
            Unit.ratio, .count, .duration, .score, .currency("CNY"),
            .currency("CNY") / .duration, .count / .duration, .ratio / .duration,
        ])
    func unit(unit: Unit) {
        #expect(Unit(named: unit.description) == unit)
    }
}
