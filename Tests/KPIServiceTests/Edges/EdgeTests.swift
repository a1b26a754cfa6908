import KPICore
import KPIModel
import KPIReport
import KPIService
import Testing

/// Edges where a number was once wrong, each by hand from a few records.
struct EdgeTests {
    /// A copy of the reference workspace with texts replaced in its files, loaded.
    private func company(
        _ changes: [(path: String, old: String, new: String)]
    ) async throws -> Company {
        let scratch = try ScratchWorkspace(copyOf: "Tests/Reference")
        for (path, old, new) in changes {
            let text = try scratch.read(path)
            #expect(old.isEmpty || text.contains(old))
            try scratch.write(
                old.isEmpty ? text + new : text.replacing(old, with: new), to: path)
        }
        let company = try await scratch.loaded()
        withExtendedLifetime(scratch) {}
        return company
    }

    /// The CSV fields from `period` to `reason`, without the row of names.
    private func rows(
        _ company: Company, _ kpis: [String], _ grains: String, by: [String] = [],
        from: String? = nil, to: String? = nil, asOf: String? = nil
    ) async throws -> [String] {
        var words = QuestionText()
        words.kpis = kpis
        words.grains = [grains]
        words.groupings = by
        words.from = from
        words.to = to
        words.asOf = asOf
        let question = try QuestionReader(company.workspace).question(words)
        let answer = try await company.compute(question)
        return CSVReport.text(answer).split(separator: "\n").dropFirst().map { row in
            row.split(separator: ",", omittingEmptySubsequences: false).dropFirst(2).dropLast(2)
                .joined(separator: ",")
        }
    }

    private func card(_ id: String, _ formula: String) -> (String, String, String) {
        ("kpis/all.yaml", "", "  - {id: \(id), label: \(id), formula: \"\(formula)\"}\n")
    }

    @Test("Two dimensions on one column are grouped once")
    func sameColumn() async throws {
        let company = try await company([
            ("datasets/deals.yaml", "dimensions:\n", "dimensions:\n  one: stage\n  two: stage\n")
        ])
        let found = try await rows(company, ["opened-deals"], "total", by: ["one", "two"])
        #expect(
            found == [
                "total,lost,*,2,count,,,2,,final,", "total,open,*,1,count,,,1,,final,",
                "total,won,*,3,count,,,3,,final,", "total,*,lost,2,count,,,2,,final,",
                "total,*,open,1,count,,,1,,final,", "total,*,won,3,count,,,3,,final,",
            ])
    }

    @Test("A column called b or g is no column of the scan")
    func shortNames() async throws {
        let company = try await company([
            ("datasets/deals.yaml", "owner: text", "b: text"),
            ("datasets/deals.yaml", "on: owner", "on: b"),
            ("datasets/deals.yaml", "of: owner,", "of: b,"),
            ("datasets/deals.yaml", "per: owner", "per: b"),
            ("sources/deals.yaml", "owner: owner", "b: owner"),
        ])
        let found = try await rows(
            company, ["revenue"], "quarter", by: ["owner"], from: "2025-Q1", to: "2025-Q1")
        #expect(
            found == ["2025-Q1,Ann,350.5,CNY,,,2,,final,", "2025-Q1,Bob,0,CNY,,,0,,final,"])
    }

    @Test("As-of hides recorded times that are no time columns")
    func hiddenTimes() async throws {
        let company = try await company([
            ("datasets/tickets.yaml", "time: [opened_at, resolved_at]", "time: [opened_at]")
        ])
        // The watermark lies just after T4 was opened at 9:00; T3 was resolved at 10:00.
        let found = try await rows(company, ["resolution-time"], "total")
        #expect(found == ["total,1800,s,3600,2,2,2,final,"])
    }

    @Test("A column that no source fills gives no data, also behind a reference")
    func unmapped() async throws {
        let company = try await company([
            ("sources/owners.yaml", "  region: region\n", ""),
            card("north", "revenue[region = 'North']"),
        ])
        let found = try await rows(
            company, ["north"], "month", from: "2025-02", to: "2025-02")
        #expect(found == ["2025-02,,CNY,,,,,none,no_data"])
    }

    @Test("The total compares like for like when as-of cuts its range")
    func cutTotal() async throws {
        let company = try await company([
            ("data/deals.csv", "D5,", "D7,Ann,2025-01-02,2025-03-30,won,900.00\nD5,")
        ])
        let found = try await rows(
            company, ["revenue-growth"], "month,total", from: "2025-04", to: "2025-04")
        #expect(
            found == [
                "2025-04,,ratio,80,0,0,,none,zero_denominator",
                "total,,ratio,80,0,0,,none,zero_denominator",
            ])
    }

    @Test("A range that ends before 29 February keeps its last day a year ago")
    func leapDay() async throws {
        let calendar = BusinessCalendar()
        let range = Window(
            start: calendar.startOfDay(CivilDate(year: 2024, month: 2, dayOfMonth: 1).day),
            end: calendar.startOfDay(CivilDate(year: 2024, month: 2, dayOfMonth: 29).day))
        let before = calendar.shifted(range, by: -1, .year)
        #expect(calendar.day(of: before.end) == CivilDate(year: 2023, month: 3, dayOfMonth: 1).day)
        let march = Window(start: range.start, end: range.end + microsecondsPerDay)
        let march23 = calendar.shifted(march, by: -1, .year)
        #expect(calendar.day(of: march23.end) == CivilDate(year: 2023, month: 3, dayOfMonth: 1).day)
    }

    @Test("A group occurs when a record of it lies inside the range, to the instant")
    func occursInRange() async throws {
        let company = try await company(
            [card("seen", "to_date(answered, month)")] + [
                (
                    "datasets/tickets.yaml", "measures:\n",
                    "measures:\n  answered: {aggregate: count()}\n"
                )
            ])
        // T3 (phone) was opened at 8:00 on that day, and nothing at noon.
        let hour = try await rows(
            company, ["seen"], "hour", by: ["channel"], from: "2025-04-01T12", to: "2025-04-01T12")
        #expect(hour.isEmpty)
        let morning = try await rows(
            company, ["seen"], "hour", by: ["channel"], from: "2025-04-01T08", to: "2025-04-01T08")
        #expect(morning == ["2025-04-01T08,phone,1,count,,,1,,final,"])
    }

    @Test("The hour before the first after a skipped one is the last before it")
    func skippedHour() throws {
        let calendar = BusinessCalendar(zone: try #require(Zone.named("Europe/Berlin")))
        let three = try #require(calendar.period(named: "2025-03-30T03"))
        #expect(calendar.name(calendar.earlier(three, by: 1)) == "2025-03-30T01")
        let whole = calendar.earlier(calendar.window(three), of: three, by: 1)
        let one = try #require(calendar.period(named: "2025-03-30T01"))
        #expect(whole == calendar.window(one))
    }

    @Test("A filter on an entity measure leaves its ‘ever’ alone")
    func filteredEver() async throws {
        let company = try await company([
            (
                "datasets/deals.yaml", "  repeat_owners:",
                "  firsts: {per: owner, where: closed_on = ever(min(closed_on)), aggregate: count()}\n"
                    + "  repeat_owners:"
            ),
            (
                "data/deals.csv", "D1,Ann,2025-01-10,2025-01-20,won",
                "D1,Ann,2025-01-10,2025-01-20,lost"
            ),
            card("first-won", "firsts[stage = 'won']"), card("first-all", "firsts"),
        ])
        let found = try await rows(
            company, ["first-won", "first-all"], "quarter", from: "2025-Q1", to: "2025-Q1")
        // Ann's and Bob's first closed deals were both lost.
        #expect(found == ["2025-Q1,0,count,,,0,,final,", "2025-Q1,2,count,,,2,,final,"])
    }

    @Test("A dataset without records and a constant do not disturb the others")
    func emptyAndConstant() async throws {
        let company = try await company([
            card("constant", "0.95"),
            (
                "data/tickets.csv",
                "T1,phone,2025-03-30T09:00,2025-03-30T09:30\nT2,mail,2025-03-31T23:50,2025-04-01T00:20\nT3,phone,2025-04-01T08:00,2025-04-02T10:00\nT4,mail,2025-04-02T09:00,\n",
                ""
            ),
        ])
        let found = try await rows(
            company, ["constant", "revenue", "resolution-time"], "total")
        #expect(
            found == [
                "total,0.95,ratio,,,,,final,", "total,430.5,CNY,,,3,,final,",
                "total,,s,,,,,none,no_data",
            ])
    }

    @Test("The version of a KPI changes with the references and mappings behind it")
    func versionFollowsReferences() async throws {
        let filtered = card("north", "revenue[region = 'North']")
        let plain = try await company([filtered])
        let remapped = try await company([
            filtered, ("sources/owners.yaml", "region: region", "region: owner"),
        ])
        let versions = [plain, remapped].map { company in
            Company.version(of: company.workspace.card("north")!, in: company.workspace)
        }
        #expect(versions[0] != versions[1])
        let revenue = [plain, remapped].map { company in
            Company.version(of: company.workspace.card("revenue")!, in: company.workspace)
        }
        #expect(revenue[0] == revenue[1])
    }

    @Test(
        "What cannot be computed is refused when it is checked",
        arguments: [
            ("coalesce(time_to_resolve, 24)", "KPI0120"),
            ("if(time_to_resolve > 24, 5, 0)", "KPI0120"),
            ("clamp(revenue, 0, 100)", "KPI0120"),
            ("if((won_deals in (1, 2)) is missing, 0, 1)", "KPI0129"),
        ])
    func refused(_ formula: String, _ code: String) throws {
        let scratch = try ScratchWorkspace(copyOf: "Tests/Reference")
        let text = try scratch.read("kpis/all.yaml")
        try scratch.write(
            text + "  - {id: probe, label: probe, formula: \"\(formula)\"}\n", to: "kpis/all.yaml")
        #expect(WorkspaceReader.read(scratch.folder).findings.map(\.code) == [code])
    }

    @Test("A column of an entity measure needs an aggregate around it")
    func rawColumn() throws {
        let scratch = try ScratchWorkspace(copyOf: "Tests/Reference")
        let text = try scratch.read("datasets/deals.yaml")
        try scratch.write(
            text.replacing("having: count() >= 2", with: "having: stage = 'won' and count() >= 2"),
            to: "datasets/deals.yaml")
        #expect(WorkspaceReader.read(scratch.folder).findings.contains { $0.code == "KPI0131" })
    }
}
