import Foundation
import KPICore
import KPIFormula
import KPIModel
import KPIService
import Testing

@Suite struct FormatTests {
    private static let cards = """
        # 指标 cards\r
        kpis:\r
          - id: a   # an id\r
            label: {zh: "甲  乙", en: 'It''s  A'}\r
            formula: won/( revenue )*100%   # why\r
            notes: "won/( revenue )"\r
          - {id: b, label: B, formula: "won  +   won", target: ">= 1"}\r
          - {id: c, label: C, formula: 'revenue[ stage="won" ]'}\r
          - id: d\r
            label: D\r
            formula: >-\r
              won\r
              +won\r

        """

    private func format(
        _ folder: Folder, _ language: Language? = nil, write: Bool = true
    ) throws -> [String] {
        try FormulaFormatting(folder: folder.path, language: language).run(write: write)
            .map { "\($0.path) \($0.count)" }
    }

    @Test func onlyFormulasAreRewritten() throws {
        let folder = try Folder.cards(Self.cards)
        #expect(try format(folder, write: false) == ["kpis/all.yaml 3"])
        #expect(try folder.text("kpis/all.yaml") == Self.cards)
        #expect(try format(folder) == ["kpis/all.yaml 3"])
        let expected = Self.cards
            .replacing("formula: won/( revenue )*100%", with: "formula: won / revenue * 100%")
            .replacing("\"won  +   won\"", with: "\"won + won\"")
            .replacing("revenue[ stage=\"won\" ]", with: "revenue[stage = \"won\"]")
        #expect(try folder.text("kpis/all.yaml") == expected)
        #expect(try format(folder) == [])
    }

    @Test func keysThatOnlyLookLikeFormulasStay() throws {
        let source = """
            source: s
            dataset: t
            files: f.csv
            columns:
              open: a-b
              per: {from: x/y, values: {of: p+q, where: r*s}}
            derive:
              total: per+per

            """
        let folder = try Folder([
            "plumbline.yaml": Folder.settings,
            "datasets/t.yaml": "dataset: t\ncolumns: {open: text, per: integer, total: integer}\n",
            "sources/s.yaml": source,
        ])
        #expect(try format(folder) == ["sources/s.yaml 1"])
        #expect(
            try folder.text("sources/s.yaml")
                == source.replacing("total: per+per", with: "total: per + per"))
    }

    @Test func quotesAppearWhereTheNewTextNeedsThem() throws {
        let folder = try Folder.cards(
            """
            kpis:
              - {id: a, label: A, formula: won×2}
              - {id: b, label: B, formula: coalesce（won、0）}

            """)
        #expect(try format(folder) == ["kpis/all.yaml 2"])
        #expect(try folder.text("kpis/all.yaml").contains("formula: 'coalesce(won, 0)'"))
        #expect(folder.found == [])
        #expect(try format(folder) == [])
    }

    @Test func languagesComeBack() throws {
        let folder = try Folder.cards(
            """
            kpis:
              - id: a
                label: {zh: 甲, en: A}
                formula: if(won > 0, revenue / won, missing)
              - id: b
                label: {zh: 乙, en: B}
                formula: previous(a, 2)
              - id: c
                label: {zh: 丙, en: C}
                formula: revenue[stage = "won" and amount is present]

            """)
        func formulas() throws -> [KPIFormula] {
            let (workspace, findings) = WorkspaceReader.read(folder.path)
            #expect(findings.isEmpty)
            return try #require(workspace).cards.map(\.formula)
        }
        try _ = format(folder, .en)
        let english = try folder.text("kpis/all.yaml")
        let before = try formulas()
        #expect(try format(folder, .zh).contains("kpis/all.yaml 3"))
        let chinese = try folder.text("kpis/all.yaml")
        for words in ["如果(赢单数 > 0, 成交额 ÷ 赢单数, 空)", "上期(甲, 2)", "成交额[stage = \"won\" 且 amount 非空]"] {
            #expect(chinese.contains(words), "\(words)")
        }
        #expect(try formulas() == before)
        #expect(try format(folder, .zh) == [])
        _ = try format(folder, .en)
        #expect(try folder.text("kpis/all.yaml") == english)
        #expect(try formulas() == before)
    }

    @Test func namesWithSeveralMeaningsAreNotTranslated() throws {
        // `amount` is a measure, and a column that the filter means.
        let dataset =
            Folder.deals + "  amount: {aggregate: sum(amount), label: {zh: 金额, en: Amount}}\n"
        let folder = try Folder.cards(
            "kpis:\n  - {id: a, label: {zh: 甲, en: A}, formula: 'amount[amount > 1] / won'}\n")
        try folder.write("datasets/deals.yaml", dataset)
        _ = try format(folder, .zh)
        #expect(try folder.text("kpis/all.yaml").contains("'amount[amount > 1] ÷ 赢单数'"))
        #expect(folder.found == [])
    }

    @Test func aWorkspaceWithErrorsIsLeftAlone() throws {
        let cards = "kpis:\n  - {id: a, label: A, formula: won+nosuch}\n"
        let folder = try Folder.cards(cards)
        #expect(throws: Diagnostics.self) { try format(folder) }
        #expect(try folder.text("kpis/all.yaml") == cards)
    }
}
