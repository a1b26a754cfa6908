import Foundation
import KPICore
import TestSupport
import Testing

@Suite struct ZoneTests {
    private static let names = [
        "Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe",
        "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu",
    ]

    private func local(_ text: String) -> LocalTime { LocalClock.parse(text)! }

    /// `2026-03-29T00:30:00+00:00` of a wall-clock time.
    private func resolved(_ zone: Zone, _ text: String) -> String {
        let instant = zone.instant(local(text))
        return LocalClock.text(zone.local(instant)) + zone.offsetText(at: instant)
    }

    @Test(arguments: names) func agreesWithFoundation(name: String) throws {
        let zone = try #require(Zone.named(name))
        let system = try #require(TimeZone(identifier: name))
        var random = SplitMix(seed: 41)
        for _ in 0..<5000 {
            let second = random.int(0...4_000_000_000)
            let expected = system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
            let offset = zone.offset(at: Int64(second) * microsecondsPerSecond)
            #expect(offset == Int64(expected) * microsecondsPerSecond)
        }
    }

    @Test(arguments: names) func wallClockTimesAreReadWithTheEarlierOffset(name: String) throws {
        let zone = try #require(Zone.named(name))
        var random = SplitMix(seed: 42)
        for _ in 0..<5000 {
            let wall = Int64(random.int(86_400...4_000_000_000)) * microsecondsPerSecond
            let instant = zone.instant(wall)
            let again = zone.local(instant)
            // Read back, or moved forward out of a gap by the length of the gap.
            #expect(again >= wall)
            if again > wall {
                let before = zone.offset(at: instant - (again - wall) - 1)
                #expect(instant == wall - before)
            } else {
                // No earlier instant shows the same time on the wall.
                for minutes in [30, 60, 120] {
                    let earlier = instant - Int64(minutes) * 60 * microsecondsPerSecond
                    #expect(zone.local(earlier) != wall)
                }
            }
        }
    }

    @Test func gapsAndOverlaps() throws {
        let london = try #require(Zone.named("Europe/London"))
        #expect(resolved(london, "2026-03-29T01:30") == "2026-03-29T02:30:00+01:00")
        #expect(resolved(london, "2026-10-25T01:30") == "2026-10-25T01:30:00+01:00")
        #expect(resolved(london, "2026-10-25T02:00") == "2026-10-25T02:00:00+00:00")
        let newYork = try #require(Zone.named("America/New_York"))
        #expect(resolved(newYork, "2026-03-08T02:30") == "2026-03-08T03:30:00-04:00")
        #expect(resolved(newYork, "2026-11-01T01:30") == "2026-11-01T01:30:00-04:00")
        let lordHowe = try #require(Zone.named("Australia/Lord_Howe"))
        #expect(resolved(lordHowe, "2026-10-04T02:15") == "2026-10-04T02:45:00+11:00")
        #expect(resolved(lordHowe, "2026-04-05T01:45") == "2026-04-05T01:45:00+11:00")
    }

    @Test(
        arguments: [
            ("Europe/London", "2026-03-29", 23 * 60), ("Europe/London", "2026-10-25", 25 * 60),
            ("America/New_York", "2026-03-08", 23 * 60),
            ("America/New_York", "2026-11-01", 25 * 60),
            ("Australia/Lord_Howe", "2026-10-04", 23 * 60 + 30),
            ("Australia/Lord_Howe", "2026-04-05", 24 * 60 + 30),
            ("Asia/Shanghai", "2026-03-29", 24 * 60), ("America/Sao_Paulo", "2018-11-04", 23 * 60),
            ("America/Sao_Paulo", "2019-02-16", 25 * 60), ("Pacific/Apia", "2011-12-30", 0),
        ] as [(String, String, Int64)]) func lengthOfDays(name: String, day: String, minutes: Int64)
        throws
    {
        let calendar = BusinessCalendar(zone: try #require(Zone.named(name)))
        let window = calendar.window(try #require(calendar.period(named: day)))
        #expect((window.end - window.start) / (60 * microsecondsPerSecond) == minutes)
    }

    @Test func aSkippedDayIsInNoAnswer() throws {
        let calendar = BusinessCalendar(zone: try #require(Zone.named("Pacific/Apia")))
        let window = Window(
            start: calendar.zone.instant(local("2011-12-29")),
            end: calendar.zone.instant(local("2012-01-01")))
        let names = calendar.periods(.day, touching: window).map(calendar.name)
        #expect(names == ["2011-12-29", "2011-12-31"])
    }

    @Test func aRepeatedHourIsOnePeriodOfTwoHours() throws {
        let calendar = BusinessCalendar(zone: try #require(Zone.named("Europe/London")))
        let day = calendar.window(try #require(calendar.period(named: "2026-10-25")))
        let hours = calendar.periods(.hour, touching: day)
        #expect(hours.count == 24)
        let long = calendar.window(hours[1])
        #expect(long.end - long.start == 7200 * microsecondsPerSecond)
        let spring = calendar.window(try #require(calendar.period(named: "2026-03-29")))
        #expect(calendar.periods(.hour, touching: spring).count == 23)
    }

    @Test func namesThatAreNoZone() {
        for name in ["", "Shanghai", "Asia/Nowhere", "CST", "+08:00"] {
            #expect(Zone.named(name) == nil)
        }
        #expect(Zone.named("UTC") == .utc)
        #expect(Zone.utc.offsetText(at: 0) == "+00:00")
        #expect(Zone.named("Asia/Shanghai")?.offsetText(at: 1_700_000_000_000_000) == "+08:00")
        #expect(Zone.named("America/St_Johns")?.offsetText(at: 1_767_225_600_000_000) == "-03:30")
    }
}
