import KPICore
import KPIModel
import Testing

/// What is wrong with measures and calendars is said once, where it stands, with what to do.
@Suite struct FindingHintTests {
    /// A dataset whose measures, calendar and cards are given.
    private func folder(
        _ measures: String, calendar: String = "", cards: String = "kpis: []\n"
    ) throws -> Folder {
        let base = """
            dataset: spans
            key: id
            time: begins
            columns: {id: text, n: integer, begins: timestamp, ends: timestamp}
            dimensions: {kind: id}
            measures:

            """
        var files = [
            "plumbline.yaml": Folder.settings, "datasets/spans.yaml": base + measures + "\n",
            "kpis/all.yaml": cards,
        ]
        if !calendar.isEmpty { files["calendar.yaml"] = calendar }
        return try Folder(files)
    }

    private static let hours = "working_hours: {monday-friday: 09:00-18:00}\n"

    @Test func aCommaThatCutsAFormulaIsNamed() throws {
        let folder = try folder(
            "  spent: {aggregate: mean(duration(begins, ends)), open: ends is missing}")
        #expect(
            folder.found == [
                "datasets/spans.yaml:7:35 KPI0103", "datasets/spans.yaml:7:44 KPI0204",
            ])
        for finding in folder.findings {
            #expect(finding.text().contains("hint: inside { } a formula with ‘,’"))
        }
    }

    @Test func whereNoCommaCutsQuotesAreNoHint() throws {
        let folder = try folder(
            """
              spent: {aggregate: 'sum(duration(begins, ends)'}
              open: {aggregate: count(), opens: x}
              more:
                aggregate: sum(duration(begins, ends)
                other:
            """)
        #expect(folder.findings.map(\.code) == ["KPI0103", "KPI0204", "KPI0103", "KPI0204"])
        #expect(!folder.findings.contains { $0.text().contains("quotes") })
    }

    @Test(
        "A broken measure is no second finding, however it is named",
        arguments: [
            "spent_time", "spent_time × 2", "处理工时", "处理工时 × 2", "spans.spent_time",
            "处理工时 + spent_time",
        ])
    func brokenMeasures(formula: String) throws {
        let cards = """
            kpis:
              - {id: spent-time, label: 处理时长, formula: \(formula)}
              - {id: other, label: 其他, formula: \(formula)}

            """
        let folder = try folder(
            "  spent_time: {aggregate: sum(nothing), label: {zh: 处理工时, en: Time spent}}",
            cards: cards)
        #expect(folder.found == ["datasets/spans.yaml:7:31 KPI0107"])
    }

    @Test func calendarsStandOnEachOtherInAnyOrder() throws {
        let folder = try folder(
            "  spent: {aggregate: 'sum(working(begins, ends, \"a\"))'}",
            calendar: Self.hours + """
                calendars:
                  a: {base: b, holidays: none}
                  b: {base: c}
                  c: {working_hours: {saturday: 10:00-12:00}}
                """)
        let read = WorkspaceReader.read(folder.path)
        #expect(read.findings.isEmpty)
        let calendars = try #require(read.workspace?.calendar.working).calendars
        #expect(calendars.map(\.name) == ["default", "a", "b", "c"])
        #expect(calendars[1].hours[5] == [600..<720])
        #expect(calendars[1].hours[0].isEmpty)
    }

    @Test func aCircleOfCalendarsIsNamed() throws {
        let own = try folder(
            "  n: {aggregate: count()}", calendar: Self.hours + "calendars: {c: {base: c}}\n")
        #expect(own.findings.map(\.problem) == [.cycle(["c", "c"])])
        #expect(own.found == ["calendar.yaml:2:23 KPI0122"])
        let long = try folder(
            "  n: {aggregate: count()}",
            calendar: Self.hours + "calendars: {a: {base: b}, b: {base: c}, c: {base: b}}\n")
        #expect(long.findings.map(\.problem) == [.cycle(["b", "c", "b"])])
    }

    @Test func aBrokenCalendarIsOneFinding() throws {
        let folder = try folder(
            "  n: {aggregate: count()}", calendar: Self.hours + "calendars: {a: {base: b}, b: 8}\n")
        #expect(folder.found == ["calendar.yaml:2:30 KPI0206"])
    }

    @Test func anUnknownDimensionListsThoseThereAre() throws {
        let folder = try folder(
            "  m: {aggregate: count()}",
            cards: "kpis: [{id: a, label: A, formula: m, breakdowns: [nowhere]}]\n")
        #expect(folder.findings.map(\.code) == ["KPI0402"])
        #expect(folder.findings[0].text().hasSuffix("hint: there are: ‘kind’"))
        #expect(folder.findings[0].text(.zh).hasSuffix("提示：已有：‘kind’"))
    }

    @Test func anAgeNeedsACohort() throws {
        let folder = try folder("  n: {per: id, age: month, aggregate: count()}")
        #expect(folder.found == ["datasets/spans.yaml:7:16 KPI0141"])
    }

    @Test(arguments: [("n", "columns"), ("kind", "dimensions")])
    func aParameterHidesNoColumn(name: String, place: String) throws {
        let folder = try folder(
            "  m: {aggregate: count(), parameters: {\(name): 5}, where: n = 1}")
        #expect(
            folder.findings.map(\.problem)
                == [.duplicate(kind: "name", id: name, first: "‘\(place)’")])
        #expect(folder.findings[0].place?.column == 40)
    }

    @Test func aPathToNobodyIsFound() throws {
        let folder = try folder("  m: {aggregate: count(), person: nobody}")
        #expect(folder.found == ["datasets/spans.yaml:7:35 KPI0107"])
    }

    @Test(
        "A window that is none says why",
        arguments: [
            ("14", "‘window’ must be a length in days or hours"),
            ("14 weeks", "‘window’ must be a length in days or hours"),
            ("-3 days", "‘window’ must be a length in days or hours"),
            ("d days", "‘d’ not found"),
        ])
    func windows(text: String, words: String) throws {
        let folder = try folder("  m: {aggregate: count(), window: \(text)}")
        #expect(folder.findings.count == 1)
        #expect(folder.findings[0].text().contains(words))
    }

    @Test func aParameterOutOfRangeIsOneFinding() throws {
        let folder = try folder(
            "  m: {aggregate: count(), window: d days, parameters: {d: 9999999}}")
        #expect(folder.found == ["datasets/spans.yaml:7:59 KPI0206"])
    }

    @Test func aCohortByTextIsTold() throws {
        let folder = try folder("  m: {per: id, cohort: min(id), aggregate: count()}")
        #expect(folder.found == ["datasets/spans.yaml:7:24 KPI0206"])
        #expect(folder.findings[0].text().contains("min of a time column"))
    }

    @Test func lengthsOfTimeAreNotNumbers() throws {
        let folder = try folder(
            "  m: {aggregate: count(), where: 'working(begins, ends) <= 8'}", calendar: Self.hours)
        #expect(folder.findings.map(\.code) == ["KPI0123"])
        #expect(folder.findings[0].text().contains("hours(8)"))
        #expect(Problem.unlikeTypes("text", "integer").wording.hint == nil)
    }

    @Test(
        "Days beside working time are warned of",
        arguments: [
            ("working(begins, ends) <= days(1)", true), ("days(2) < working(begins, ends)", true),
            ("working(begins, ends) <= hours(8)", false),
            ("duration(begins, ends) <= days(1)", false),
        ])
    func daysOfWork(condition: String, isWarned: Bool) throws {
        let folder = try folder(
            "  m: {aggregate: count(), where: '\(condition)'}", calendar: Self.hours)
        #expect(
            folder.found == (isWarned ? ["datasets/spans.yaml:7:35 KPI0142"] : []))
        #expect(folder.findings.allSatisfy { $0.severity == .warning })
    }

    @Test func argumentsAndDaysAreWorded() throws {
        let folder = try folder(
            "  m: {aggregate: 'sum(working(begins, ends, pause(spans, begins, ends)))'}",
            calendar: Self.hours + """
                holidays: [2025-02-30, 2025-10-07..2025-10-01]
                make_up_days: [{on: 2025-05-04, hours: noday}]
                """)
        let words = folder.findings.map(\.problem.wording.reason.en)
        #expect(words[0] == "there is no day 2025-02-30")
        #expect(words[1] == "2025-10-07..2025-10-01 ends before it begins")
        #expect(words[2].hasPrefix("‘noday’ is no weekday; it may be monday, "))
        #expect(words[3] == "‘pause’ takes 2 or 4 arguments, not 3")
    }

    @Test(
        "The time in a value is working time where its measures count it",
        arguments: [
            ("worked", true), ("worked ÷ n", true), ("handled", true), ("lasted", false),
            ("quick", false), ("worked ÷ lasted", false), ("slow", false),
        ])
    func clocks(formula: String, isWorking: Bool) throws {
        let folder = try folder(
            """
              worked: {aggregate: 'sum(working(begins, ends))'}
              handled: {per: id, aggregate: 'mean(sum(working(begins, ends) - hours(1)))'}
              lasted: {aggregate: 'sum(duration(begins, ends))'}
              quick: {aggregate: count(), where: 'working(begins, ends) < hours(8)'}
              slow: {aggregate: 'sum(if(working(begins, ends) > hours(8), duration(begins, ends), missing))'}
              n: {aggregate: count()}
            """, calendar: Self.hours, cards: "kpis: [{id: a, label: A, formula: \(formula)}]\n")
        let read = WorkspaceReader.read(folder.path)
        #expect(read.findings.map { $0.text() } == [])
        let workspace = try #require(read.workspace)
        #expect(workspace.isWorkingTime(workspace.cards[0].formula) == isWorking)
    }
}
