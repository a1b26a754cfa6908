import KPICore
import KPIModel
import Testing

/// `fiscal_weeks` and what must agree with it, in either file.
@Suite struct FiscalWeekFileTests {
    private static let weeks = "fiscal_weeks: {pattern: 4-5-4, ends: nearest saturday, month: 1}\n"

    private func folder(_ settings: String, _ calendar: String) throws -> Folder {
        try Folder([
            "plumbline.yaml": Folder.settings + settings, "calendar.yaml": calendar,
            "datasets/sales.yaml": """
            dataset: sales
            key: id
            time: sold_on
            columns: {id: text, sold_on: date, amount: money}
            measures: {sold: {aggregate: sum(amount)}}

            """,
            "kpis/sales.yaml": "kpis: [{id: revenue, label: R, formula: sold}]\n",
        ])
    }

    private func definition(_ folder: Folder) throws -> String {
        let workspace = try #require(WorkspaceReader.read(folder.path).workspace)
        return Definition.text(of: try #require(workspace.card("revenue")), in: workspace)
    }

    @Test(arguments: [(weeks, ""), ("", weeks), (weeks, "week_start: sunday\n")])
    func theyStandInEitherFile(settings: String, calendar: String) throws {
        let folder = try folder(settings, calendar)
        #expect(folder.found == [])
        let workspace = try #require(WorkspaceReader.read(folder.path).workspace)
        #expect(workspace.calendar.weekStart == 7)
        #expect(
            workspace.calendar.fiscalWeeks
                == FiscalWeeks(pattern: .longSecond, weekday: 6, isNearest: true, month: 1))
    }

    @Test(
        arguments: [
            ("", "week_start: monday\n" + weeks, ["calendar.yaml:1:13 KPI0221"]),
            ("week_start: saturday\n", weeks, ["plumbline.yaml:4:13 KPI0221"]),
            ("", "fiscal_year_start: 2\n" + weeks, ["calendar.yaml:1:1 KPI0222"]),
            ("fiscal_year_start: 1\n", weeks, ["plumbline.yaml:4:1 KPI0222"]),
            ("", "fiscal_weeks: 4-4-5\n", ["calendar.yaml:1:15 KPI0206"]),
            (
                "", "fiscal_weeks: {pattern: 4-4-6, ends: saturday, month: 13}\n",
                [
                    "calendar.yaml:1:25 KPI0207", "calendar.yaml:1:38 KPI0207",
                    "calendar.yaml:1:55 KPI0206",
                ]
            ),
            (
                "", "fiscal_weeks: {patern: 4-4-5, ends: last saterday, leap_period: 0}\n",
                [
                    "calendar.yaml:1:15 KPI0205", "calendar.yaml:1:15 KPI0205",
                    "calendar.yaml:1:16 KPI0204", "calendar.yaml:1:37 KPI0207",
                    "calendar.yaml:1:65 KPI0206",
                ]
            ),
        ] as [(String, String, [String])])
    func theyAreChecked(settings: String, calendar: String, found: [String]) throws {
        #expect(try folder(settings, calendar).found == found)
    }

    @Test func theNearestRuleIsNamed() throws {
        let folder = try folder(
            "", "fiscal_weeks: {pattern: 4-4-5, ends: last saterday, month: 12}\n")
        #expect(folder.findings[0].text(.en).contains("last saturday"))
    }

    @Test func thePatternIsInTheDefinitionAndOnlyThere() throws {
        let plain = try definition(folder("", "week_start: sunday\n"))
        #expect(plain.contains("\ncalendar Asia/Shanghai 7 1\n"))
        let texts = try [
            "4-5-4, ends: nearest saturday, month: 1", "4-4-5, ends: nearest saturday, month: 1",
            "4-5-4, ends: last saturday, month: 1", "4-5-4, ends: nearest saturday, month: 2",
            "4-5-4, ends: nearest friday, month: 1",
            "4-5-4, ends: nearest saturday, month: 1, leap_period: 11",
        ].map { try definition(folder("", "fiscal_weeks: {pattern: \($0)}\n")) }
        #expect(Set(texts + [plain]).count == texts.count + 1)
        #expect(try definition(folder(Self.weeks, "")) == texts[0])
    }
}
