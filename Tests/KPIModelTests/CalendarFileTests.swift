import KPICore
import KPIModel
import Testing

/// What is wrong in `calendar.yaml` is found at its place.
@Suite struct CalendarFileTests {
    private func found(_ calendar: String, measure: String? = nil) throws -> [String] {
        let folder = try Folder([
            "plumbline.yaml": Folder.settings, "calendar.yaml": calendar,
            "datasets/spans.yaml": """
            dataset: spans
            key: id
            time: begins
            columns: {id: text, team: text, begins: timestamp, ends: timestamp}
            dimensions: {team: team}
            measures:
              spent: {aggregate: '\(measure ?? "sum(duration(begins, ends))")'}

            """,
        ])
        return folder.found
    }

    private static let hours = "working_hours: {monday-friday: 09:00-18:00}\n"

    @Test func aSoundFileHasNoFindings() throws {
        #expect(
            try found(
                """
                week_start: sunday
                working_hours:
                  monday-thursday: ["13:00-18:00", "09:00-12:00"]
                  friday: 22:00-06:00
                  saturday: 06:00-24:00
                  sunday: closed
                holidays: [cn, 2026-03-08, 2026-12-24..2026-12-31, {on: 2026-06-01, name: {zh: 厂庆, en: Anniversary}}]
                make_up_days: [2026-03-14, {on: 2026-12-19..2026-12-20, hours: friday}]
                make_up_hours: tuesday
                calendars:
                  night: {working_hours: {sunday-monday: 22:00-06:00}, make_up_hours: monday}
                  desk: {base: night, working_hours: 24h, holidays: none}
                  hotline: 24h
                teams:
                  team: {a: night, b: hotline, c: default}
                """, measure: "sum(working(begins, ends, team_calendar()))") == [])
    }

    @Test func hoursAreChecked() throws {
        #expect(
            try found(
                """
                working_hours:
                  mondy: 09:00-18:00
                  tuesday: 9:00-18:00
                  wednesday: [09:00-12:00, "11:30-18:00"]
                  thursday: 09:00-09:00
                  thursday-friday: 22:00-06:00
                  saturday: 05:59-12:00
                  sunday: 24:00-25:00
                """) == [
                    "calendar.yaml:2:3 KPI0207", "calendar.yaml:2:3 KPI0217",
                    "calendar.yaml:3:12 KPI0207", "calendar.yaml:4:14 KPI0217",
                    "calendar.yaml:5:13 KPI0207", "calendar.yaml:6:3 KPI0209",
                    "calendar.yaml:8:11 KPI0207",
                ])
    }

    @Test func daysAreChecked() throws {
        #expect(
            try found(
                Self.hours + """
                    holidays: [cm, 2026-02-30, 2026-03-09..2026-03-02, 2026-05-04, {day: 2026-01-01}]
                    make_up_days: [cn, 2026-05-04, {on: 2026-05-09, hours: saturday}]
                    """) == [
                    "calendar.yaml:2:12 KPI0207", "calendar.yaml:2:16 KPI0223",
                    "calendar.yaml:2:28 KPI0224", "calendar.yaml:2:64 KPI0205",
                    "calendar.yaml:2:65 KPI0204", "calendar.yaml:3:15 KPI0219",
                    "calendar.yaml:3:16 KPI0207", "calendar.yaml:3:20 KPI0218",
                ])
    }

    @Test func calendarsAndTeamsAreChecked() throws {
        #expect(
            try found(
                Self.hours + """
                    calendars:
                      Night: 24h
                      default: 24h
                      open: always
                      late: {base: nigth, working_hours: 24h}
                      desk: {hours: 24h}
                    teams:
                      teem: {a: lates}
                    """) == [
                    "calendar.yaml:3:3 KPI0208", "calendar.yaml:4:3 KPI0209",
                    "calendar.yaml:5:9 KPI0206", "calendar.yaml:6:16 KPI0137",
                    "calendar.yaml:7:10 KPI0204", "calendar.yaml:9:3 KPI0107",
                    "calendar.yaml:9:13 KPI0137",
                ])
    }

    @Test func hoursAreNeeded() throws {
        #expect(try found("holidays: [cn]\n") == ["calendar.yaml:1:1 KPI0205"])
        #expect(
            try found("week_start: monday\n", measure: "sum(working(begins, ends))")
                == ["datasets/spans.yaml:7:27 KPI0136"])
    }

    @Test(
        "Calls are checked at their place",
        arguments: [
            ("sum(working(begins, ends, \"nigth\"))", "7:49 KPI0137"),
            ("sum(working(begins, ends, 3))", "7:49 KPI0125"),
            ("sum(working(id, ends))", "7:35 KPI0125"),
            ("sum(working(begins))", "7:27 KPI0115"),
            ("sum(working(begins, ends, team_calendar()))", "7:49 KPI0138"),
            ("sum(working(begins, ends, pause(spans, id = this.id)))", "7:49 KPI0134"),
            ("sum(working(begins, ends, pause(spans, begins, ends)))", "7:49 KPI0115"),
            ("sum(pause(spans, id = this.id))", "7:27 KPI0130"),
        ])
    func calls(measure: String, finding: String) throws {
        let calendar = Self.hours + "calendars: {night: 24h}\n"
        #expect(try found(calendar, measure: measure) == ["datasets/spans.yaml:" + finding])
    }
}
