import Foundation
import KPICore
import KPIModel
import KPIService
import TestSupport
import Testing

/// Working time from the engine against minutes counted one by one.
struct WorkingTimeTests {
    /// A zone, and the first of some days in which its clocks change (or do not).
    static let weeks: [(zone: String, first: String)] = [
        ("Asia/Shanghai", "2025-09-26"), ("Europe/London", "2025-03-27"),
        ("Europe/London", "2025-10-23"), ("America/New_York", "2025-03-06"),
        ("America/New_York", "2024-10-31"), ("Australia/Lord_Howe", "2025-04-03"),
        ("Australia/Lord_Howe", "2025-10-02"), ("Asia/Kolkata", "2026-02-26"),
    ]

    private struct Span {
        let calendar: Int
        let from: Int
        let to: Int
    }

    private static func spans(_ first: Int, _ count: Int, _ random: inout SplitMix) -> [Span] {
        (0..<count).map { _ in
            let day = 86_400_000_000
            let from = first * day + random.int(0...(5 * day))
            let length = random.oneIn(4) ? random.int(0...3_600_000_000) : random.int(0...(4 * day))
            let isReversed = random.oneIn(8)
            return Span(
                calendar: random.int(0...2), from: isReversed ? from + length : from,
                to: isReversed ? from : from + length)
        }
    }

    /// `2025-03-30T00:30:00.000001Z`.
    private static func text(_ micros: Int) -> String {
        LocalClock.text(Int64(micros)) + "Z"
    }

    private func workspace(
        _ zone: String, _ calendars: [RandomCalendar], _ spans: [Span]
    ) throws -> ScratchWorkspace {
        let scratch = try ScratchWorkspace()
        try scratch.write("name: T\ntime_zone: \(zone)\n", to: "plumbline.yaml")
        let further = calendars.dropFirst().map { "  \($0.name):\n" + $0.yaml("    ") }.joined()
        try scratch.write(
            calendars[0].yaml("") + "calendars:\n" + further
                + "teams:\n  team: {one: \(calendars[1].name), two: \(calendars[2].name)}\n",
            to: "calendar.yaml")
        try scratch.write(
            """
            dataset: spans
            key: id
            time: begins
            coverage: {from: 2024-01-01, to: 2027-01-01}
            columns: {id: text, team: text, named: text, begins: timestamp, ends: timestamp}
            dimensions: {id: id, team: team}
            measures:
              by_team: {aggregate: "sum(working(begins, ends, team_calendar()))"}
              by_name: {aggregate: "sum(working(begins, ends, named))"}
            """, to: "datasets/spans.yaml")
        try scratch.write(
            """
            source: spans
            dataset: spans
            files: spans.csv
            columns: {id: id, team: team, named: named, begins: begins, ends: ends}
            """, to: "sources/spans.yaml")
        try scratch.write(
            "kpis:\n"
                + ["by_team", "by_name"].map {
                    "  - {id: \($0.replacing("_", with: "-")), label: \($0) of all, formula: \($0)}\n"
                }.joined(), to: "kpis/all.yaml")
        let rows = spans.enumerated().map { index, span in
            let team = ["other", "one", "two"][span.calendar]
            return "\(index),\(team),\(calendars[span.calendar].name),"
                + "\(Self.text(span.from)),\(Self.text(span.to))\n"
        }
        try scratch.write("id,team,named,begins,ends\n" + rows.joined(), to: "data/spans.csv")
        return scratch
    }

    @Test(
        "Working time is the minutes that the wall clock shows working hours",
        arguments: weeks.indices, 1...3)
    func agreesWithMinutes(week: Int, seed: Int) async throws {
        let (name, start) = Self.weeks[week]
        var random = SplitMix(seed: UInt64(100 * week + seed))
        let zone = try #require(TimeZone(identifier: name))
        let first = try #require(CivilDate(start)).day
        let calendars = ["default", "second", "third"].map {
            RandomCalendar($0, days: first..<first + 10, &random)
        }
        let spans = Self.spans(first, 40, &random)
        let scratch = try workspace(name, calendars, spans)
        let company = try await scratch.loaded()
        var words = QuestionText()
        words.kpis = ["by-team", "by-name"]
        words.grains = ["total"]
        words.groupings = ["id"]
        let question = try QuestionReader(company.workspace).question(words)
        let cells = try await company.compute(question).cells
        #expect(cells.count == 2 * spans.count)
        for (key, cell) in cells {
            let span = spans[try #require(key.members["id"].flatMap(Int.init))]
            let expected = calendars[span.calendar].worked(span.from, span.to, in: zone)
            let found = try #require(cell.value.number)
            #expect(
                (found * 1e6).rounded() == Double(expected),
                "seed \(seed): \(name) \(Self.text(span.from)) \(Self.text(span.to))")
        }
        withExtendedLifetime(scratch) {}
    }

    // MARK: Versions

    private func version(_ id: String, calendar: String) throws -> String {
        let scratch = try ScratchWorkspace()
        try scratch.write("name: T\ntime_zone: Asia/Shanghai\n", to: "plumbline.yaml")
        try scratch.write(calendar, to: "calendar.yaml")
        try scratch.write(
            """
            dataset: spans
            key: id
            time: begins
            columns: {id: text, named: text, begins: timestamp, ends: timestamp}
            measures:
              plain: {aggregate: "mean(duration(begins, ends))"}
              worked: {aggregate: "mean(working(begins, ends))"}
              night: {aggregate: count(), where: 'working(begins, ends, "night") > hours(8)'}
              any: {aggregate: "sum(working(begins, ends, named))"}
            """, to: "datasets/spans.yaml")
        let cards = ["plain", "worked", "night", "any"].map {
            "  - {id: \($0)-card, label: Card \($0), formula: \($0)}\n"
        }
        try scratch.write("kpis:\n" + cards.joined(), to: "kpis/all.yaml")
        let workspace = try Company.read(scratch.folder)
        return Company.version(of: try #require(workspace.card(id + "-card")), in: workspace)
    }

    @Test("A version changes with the calendars that the KPI uses, and with no other")
    func versions() throws {
        let hours = "working_hours: {monday-friday: 09:00-18:00}\n"
        let before = hours + "calendars: {night: {working_hours: {monday-friday: 22:00-06:00}}}\n"
        let night = hours + "calendars: {night: {working_hours: {monday-friday: 22:00-05:00}}}\n"
        let off = before + "holidays: [cn]\n"
        func changes(_ id: String, _ after: String) throws -> Bool {
            try version(id, calendar: before) != version(id, calendar: after)
        }
        #expect(try !changes("plain", night) && !changes("plain", off))
        #expect(try !changes("worked", night) && changes("worked", off))
        #expect(try changes("night", night) && changes("night", off))
        #expect(try changes("any", night) && changes("any", off))
        #expect(try !changes("any", before))
    }

    // MARK: Years without holidays, and kept cells

    private static let spans = """
        dataset: spans
        key: id
        time: begins
        columns: {id: text, begins: timestamp, ends: timestamp}
        dimensions: {is_long: "working(begins, ends) > hours(10)"}
        measures:
          worked: {aggregate: "sum(working(begins, ends))", label: {zh: 工时, en: Worked}}
        """

    private func small(_ calendar: String, _ records: String) throws -> ScratchWorkspace {
        let scratch = try ScratchWorkspace()
        try scratch.write("name: T\ntime_zone: Asia/Shanghai\n", to: "plumbline.yaml")
        try scratch.write(calendar, to: "calendar.yaml")
        try scratch.write(Self.spans, to: "datasets/spans.yaml")
        try scratch.write(
            "source: s\ndataset: spans\nfiles: s.csv\ncolumns: {id: id, begins: begins, ends: ends}\n",
            to: "sources/s.yaml")
        try scratch.write("kpis: [{id: work, label: Work, formula: worked}]\n", to: "kpis/k.yaml")
        try scratch.write("id,begins,ends\n" + records, to: "data/s.csv")
        return scratch
    }

    @Test(
        "Years that a shipped list does not know are said",
        arguments: [
            ("holidays: [cn]", "2023-05-05T09:00", "2023"),
            ("holidays: [cn]", "2021-05-05T09:00", "2021–2023"),
            ("holidays: [cn]", "2027-05-05T09:00", "2027"),
            ("holidays: [cn]", "2025-05-05T09:00", nil),
            ("holidays: [2025-01-01]", "2023-05-05T09:00", nil),
        ] as [(String, String, String?)])
    func unknownYears(holidays: String, begins: String, found: String?) async throws {
        let scratch = try small(
            "working_hours: {monday-friday: 09:00-18:00}\n\(holidays)\n",
            "a,\(begins),\(begins)\nb,2025-06-03T09:00,2025-06-03T10:00\n")
        let findings = try await scratch.loaded().holidayFindings()
        #expect(findings.map(\.code) == (found == nil ? [] : ["KPI0220"]))
        if let found {
            #expect(findings[0].text().contains("2024–2026, and ‘spans’ covers \(found):"))
        }
        withExtendedLifetime(scratch) {}
    }

    @Test("Kept cells follow the calendar, for measures and for groups")
    func keptCells() async throws {
        let hours = "working_hours: {monday-friday: 09:00-18:00}\n"
        let scratch = try small(
            hours,
            "a,2025-06-03T09:00,2025-06-04T12:00\nb,2025-06-05T09:00,2025-06-05T10:00\nc,2025-06-10T09:00,\n"
        )
        var words = QuestionText()
        words.kpis = ["work"]
        words.grains = ["month"]
        words.groupings = ["is_long"]
        var company = try await scratch.loaded()
        #expect(try await company.keep(words, name: "kept").failure == nil)
        let question = try QuestionReader(company.workspace).question(words)
        let before = try await company.compute(question).cells
        #expect(before.values.compactMap(\.value.number).sorted() == [3600, 43200])
        try scratch.write(hours + "holidays: [2025-06-04]\n", to: "calendar.yaml")
        company = try await Company.open(scratch.folder)
        let report = try #require(try await company.refresh().first)
        #expect(report.renewed == report.periods && report.failure == nil)
        let after = try await company.compute(question).cells
        #expect(after.values.compactMap(\.value.number) == [36000])
        withExtendedLifetime(scratch) {}
    }
}
