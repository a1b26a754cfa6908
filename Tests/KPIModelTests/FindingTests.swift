import Foundation
import KPICore
import KPIModel
import Testing

@Suite struct FindingTests {
    @Test func everythingWrongIsFoundAtOnce() throws {
        let folder = try Folder([
            "plumbline.yaml": """
            name: Test
            time_zone: Asia/Shanghia
            currency: Yuan
            weekstart: monday
            """,
            "datasets/deals.yaml": """
            dataset: deals
            key: idd
            columns:
              id: text
              Amount: money
              day: dete
              amount: {unit: currency}
            dimensions:
              value: id
              stage: stag
            measures:
              won: {aggregate: count()}
            """,
            "datasets/more.yaml": "dataset: deals\ncolumns: {id: text}\n",
            "sources/a.yaml": """
            source: my_source
            dataset: dealz
            files: a.csv
            columns: {id: id}
            """,
            "sources/b.yaml": """
            source: b
            dataset: deals
            files: b.csv
            encoding: latin1
            rejects: many
            columns:
              id: id
              nope: x
            """,
            "kpis/all.yaml": """
            kpis:
              - id: one
                labl: {zh: 一, en: One}
                formula: revenu × 2
                target: fast
              - label: {zh: 二, en: Two}
                direction: up
              - id: one
                label: three
                formula: (1 + 2
            """,
            "kpis/broken.yaml": "kpis:\n  - id: x\n   label: y\n",
        ])
        #expect(
            folder.found == [
                "datasets/deals.yaml:2:6 KPI0107", "datasets/deals.yaml:5:3 KPI0208",
                "datasets/deals.yaml:6:8 KPI0207", "datasets/deals.yaml:7:11 KPI0205",
                "datasets/deals.yaml:9:3 KPI0215", "datasets/deals.yaml:10:10 KPI0107",
                "datasets/deals.yaml:12:8 KPI0211", "datasets/more.yaml:1:10 KPI0209",
                "kpis/all.yaml:2:5 KPI0205", "kpis/all.yaml:3:5 KPI0204",
                "kpis/all.yaml:4:14 KPI0107", "kpis/all.yaml:5:13 KPI0207",
                "kpis/all.yaml:6:5 KPI0205", "kpis/all.yaml:6:5 KPI0205",
                "kpis/all.yaml:8:9 KPI0209", "kpis/broken.yaml:3:4 KPI0203",
                "plumbline.yaml:2:12 KPI0207", "plumbline.yaml:3:11 KPI0207",
                "plumbline.yaml:4:1 KPI0204", "sources/a.yaml:2:10 KPI0210",
                "sources/b.yaml:4:11 KPI0207", "sources/b.yaml:5:10 KPI0206",
                "sources/b.yaml:8:3 KPI0107",
            ])
        let text = folder.findings.map { $0.text() }.joined(separator: "\n")
        for near in ["‘Asia/Shanghai’", "‘week_start’", "‘id’", "‘date’", "‘deals’", "‘label’"] {
            #expect(text.contains("closest: \(near)"), "\(near)")
        }
    }

    @Test func aWorkspaceNeedsItsFile() throws {
        let folder = try Folder()
        #expect(folder.found == ["- KPI0201"])
        #expect(WorkspaceReader.read(folder.path).workspace == nil)
    }

    @Test func filesThatAreNoTextOrEmpty() throws {
        let folder = try Folder(["plumbline.yaml": Folder.settings, "kpis/empty.yaml": ""])
        try folder.write("datasets/latin.yaml", Data([0x61, 0x3A, 0x20, 0xE9]))
        #expect(
            folder.found == [
                "datasets/latin.yaml:1:1 KPI0202", "kpis/empty.yaml:1:1 KPI0205",
            ])
    }

    @Test func aKeyThatStandsTwice() throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings, "datasets/a.yaml": "dataset: a\ndataset: b\n",
        ])
        #expect(folder.findings.map(\.code) == ["KPI0203"])
        #expect(folder.findings[0].text().contains("the key ‘dataset’ stands twice"))
    }

    @Test func kindsOfValues() throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings + "week_start: someday\nfiscal_year_start: 13\n",
            "datasets/deals.yaml": """
            dataset: deals
            key: {a: b}
            time: [amount]
            columns:
              amount: {type: money, required: maybe}
            dimensions: [stage]
            coverage: {from: yesterday}
            references:
              who: {to: peple, on: amount}
              none: {to: deals}
            """,
        ])
        #expect(
            folder.found == [
                "datasets/deals.yaml:2:6 KPI0206", "datasets/deals.yaml:3:7 KPI0206",
                "datasets/deals.yaml:5:35 KPI0206", "datasets/deals.yaml:6:13 KPI0206",
                "datasets/deals.yaml:7:18 KPI0206", "datasets/deals.yaml:9:13 KPI0210",
                "datasets/deals.yaml:10:9 KPI0205", "plumbline.yaml:4:13 KPI0207",
                "plumbline.yaml:5:20 KPI0206",
            ])
    }

    @Test(arguments: [
        "kpi", "grain", "period", "value", "unit", "numerator", "denominator", "n", "open",
        "status", "reason", "version", "watermark", "value_exact",
    ])
    func columnsOfAnAnswerAreNoDimensions(id: String) throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings,
            "datasets/t.yaml": """
            dataset: t
            columns: {\(id): text}
            dimensions: {other: \(id), \(id): {of: \(id)}}
            """,
        ])
        #expect(folder.findings.map(\.problem) == [.reservedDimension(id)])
        #expect(folder.findings[0].place?.line == 3)
    }

    @Test func sourceIdsAreJoinedByEitherSign() throws {
        for (id, isGood) in [("a_b", true), ("a-b", true), ("A", false), ("a b", false)] {
            let folder = try Folder([
                "plumbline.yaml": Folder.settings,
                "datasets/t.yaml": "dataset: t\ncolumns: {a: text}\n",
                "sources/s.yaml": "source: \(id)\ndataset: t\nfiles: f.csv\ncolumns: {a: a}\n",
            ])
            #expect(folder.found == (isGood ? [] : ["sources/s.yaml:1:9 KPI0208"]))
        }
    }

    @Test func aRequiredColumnMustBeMapped() throws {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings,
            "datasets/t.yaml":
                "dataset: t\nkey: a\ncolumns: {a: text, b: {type: text, required: true}, c: text}\n",
            "sources/s.yaml": "source: s\ndataset: t\nfiles: f.csv\ncolumns: {c: c}\n",
        ])
        #expect(
            folder.findings.map(\.problem)
                == [.missingField("columns.a"), .missingField("columns.b")])
    }
}

@Suite struct FormulaFindingTests {
    /// Code and column of what is wrong with a formula that begins in column 14.
    private func check(_ formula: String, also cards: String = "") throws -> [String] {
        let folder = try Folder.cards(
            """
            kpis:
              - id: a
                label: A
                formula: \(formula)
            \(cards)
            """)
        return folder.findings.map { "\($0.place!.line):\($0.place!.column) \($0.code)" }
    }

    @Test func unknownMeasuresHaveTheirColumn() throws {
        #expect(try check("won ÷ (won + lose) × 100%") == ["4:27 KPI0107"])
        #expect(try check("赢单数 ÷ 赢单书") == ["4:20 KPI0107"])
        let folder = try Folder.cards(
            "kpis: [{id: a, label: A, formula: \"赢单数 ÷ revenu\"}]\n")
        #expect(folder.found == ["kpis/all.yaml:1:42 KPI0107"])
        #expect(folder.findings[0].text().contains("closest: ‘revenue’"))
    }

    @Test func unlikeUnitsAreNamedAtTheOperator() throws {
        #expect(try check("revenue + won") == ["4:22 KPI0119"])
        #expect(try check("(成交额 - 历时) ÷ 赢单数") == ["4:19 KPI0119"])
        #expect(try check("revenue + 5") == ["4:24 KPI0120"])
    }

    @Test func syntaxHasItsColumn() throws {
        #expect(try check("won ÷ (won") == ["4:20 KPI0103"])
        #expect(try check("won won") == ["4:18 KPI0104"])
        #expect(try check("won ÷ nosuch(won)") == ["4:20 KPI0113"])
        #expect(try check("sum(amount)").first == "4:14 KPI0114")
        #expect(try check("amount ÷ won") == ["4:14 KPI0126"])
        #expect(try check("revenue[stag = \"won\"]") == ["4:22 KPI0107"])
    }

    @Test func circlesAreFoundOnce() throws {
        let found = try check(
            "b + won",
            also: """
                  - {id: b, label: B, formula: c × 2}
                  - {id: c, label: C, formula: won + a}
                """)
        #expect(found.count { $0.hasSuffix("KPI0122") } >= 1)
        #expect(found.allSatisfy { $0.hasSuffix("KPI0122") })
    }

    @Test func namesOfSeveralThingsListThem() throws {
        let found = try Folder.cards(
            """
            kpis:
              - {id: x, label: Twin, formula: won}
              - {id: y, label: Twin, formula: revenue}
              - {id: z, label: Z, formula: 2 × Twin}
            """
        ).findings
        #expect(
            found.map(\.problem) == [.ambiguousName("Twin", candidates: ["KPI x", "KPI y"])])
        #expect(found[0].place == Place(file: "kpis/all.yaml", line: 4, column: 36))
    }

    @Test func aBadCardIsNoUnknownNameElsewhere() throws {
        let folder = try Folder.cards(
            """
            kpis:
              - {id: x, label: X, formula: nothing_like_it}
              - {id: y, label: Y, formula: x × 2}
            """)
        #expect(folder.found == ["kpis/all.yaml:2:32 KPI0107"])
    }

    @Test func thresholdsAndBreakdownsAreChecked() throws {
        #expect(
            try check("won\n    target: soon\n    breakdowns: [stag]\n    state: odd")
                == ["5:13 KPI0207", "6:17 KPI0402", "7:12 KPI0207"])
        #expect(
            try check("won\n    collector: Ann\n    verifier: Ann") == ["6:15 KPI0212"])
    }
}
