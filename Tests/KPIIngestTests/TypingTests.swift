import Foundation
import KPICore
import Testing

@testable import KPIIngest

/// One column of one type: what its texts become, `!` for a refused one.
private func read(
    _ type: String, _ texts: [String], source: String = "", mapping: String = "v",
    zone: String = "UTC"
) async throws -> [String] {
    let scratch = try Scratch(
        ["id": "integer", "v": type], source: "rejects: 100%\n" + source,
        map: "  id: id\n  v: \(mapping)", zone: zone)
    let lines = texts.enumerated().map { "\($0),\"\($1.replacing("\"", with: "\"\""))\"\n" }
    try scratch.data("f.csv", "id,v\n" + lines.joined())
    try await scratch.load()
    let rows = try await scratch.rows("SELECT id, v FROM data.t ORDER BY id")
    let values = Dictionary(uniqueKeysWithValues: rows.map { (Int($0[0])!, $0[1]) })
    return texts.indices.map { values[$0] ?? "!" }
}

@Suite struct NumberTypingTests {
    @Test func wholeNumbersHaveNoFraction() async throws {
        #expect(
            try await read(
                "integer", ["12", " -7 ", "+3", "12.0", "12.5", "1e3", "1,000", "x", ""])
                == ["12", "-7", "3", "12", "!", "!", "!", "!", "-"])
        #expect(
            try await read("integer", ["9223372036854775807", "9223372036854775808"])
                == ["9223372036854775807", "!"])
    }

    @Test func digitsPastTheScaleAreRefused() async throws {
        #expect(
            try await read(
                "decimal(2)",
                ["1.5", "1.50000", "1.505", ".5", "5.", "+2", "-0.01", "1.0000000000000001", "."])
                == ["1.50", "1.50", "!", "0.50", "5.00", "2.00", "-0.01", "!", "!"])
        #expect(
            try await read(
                "decimal(2)", ["1.5e2", "1e-2", "1e-13", "15e-3", "1e17", "9999999999999999.99"])
                == ["150.00", "0.01", "!", "!", "!", "9999999999999999.99"])
        #expect(try await read("decimal(0)", ["5", "5.0", "5.1"]) == ["5", "5", "!"])
    }

    @Test func aRefusedNumberSaysWhatFits() async throws {
        let scratch = try Scratch(["v": "money"])
        try scratch.data("f.csv", "v\n1.005\n")
        #expect(
            try await scratch.refusal().text.contains(
                """
                f.csv:2: ‘1.005’ in column ‘v’ is not a number with at most 16 digits before ‘.’ \
                and 2 after it
                """))
    }

    @Test func aDecimalCommaLeavesPointsToGroupThousands() async throws {
        #expect(
            try await read(
                "decimal(2)",
                ["1,5", "1.234.567,89", "1234567,89", "1.234", "1.5", "1.2.3,4", "12.34,5", "7"],
                source: "decimal: ','")
                == ["1.50", "1234567.89", "1234567.89", "1234.00", "!", "!", "!", "7.00"])
        #expect(
            try await read("integer", ["1.234", "1,5"], source: "decimal: comma") == ["1234", "!"])
        #expect(
            try await read("double", ["1,5", "1.5"], source: "decimal: comma") == ["1.5", "!"])
        #expect(try await read("decimal(2)", ["1,234.50"]) == ["!"])
    }

    @Test func doublesAreNumbers() async throws {
        #expect(
            try await read("double", ["1.5", "-2e-3", "nan", "inf", "1e999", "0x10", "1_000"])
                == ["1.5", "-0.002", "!", "!", "!", "!", "!"])
    }

    @Test func booleansAreWords() async throws {
        #expect(
            try await read("boolean", ["true", "N", "1", "0", "是", "否", "Yes", "2", "maybe"])
                == ["true", "false", "true", "false", "true", "false", "true", "!", "!"])
    }
}

@Suite struct TimeTypingTests {
    @Test func isoDatesAreDates() async throws {
        #expect(
            try await read(
                "date",
                [
                    "2025-03-04", "2025-3-4", "2025/03/04", "2025-03-04 23:59", "2025-02-30",
                    "04/03/2025",
                    "2025-03-04Tnoon", "2025-03-04T23:00:00Z", "today", "20250304",
                ])
                == [
                    "2025-03-04", "2025-03-04", "2025-03-04", "2025-03-04", "!", "!", "!", "!",
                    "!", "!",
                ])
    }

    @Test func statedFormatsAreKeptTo() async throws {
        #expect(
            try await read(
                "date", ["4/3/2025", "31/12/2025", "12/31/2025", "4/3/25", "2025-03-04"],
                source: "dates: d/m/yyyy") == ["2025-03-04", "2025-12-31", "!", "!", "!"])
        #expect(
            try await read("date", ["12/31/2025", "31/12/2025"], source: "dates: m/d/yyyy")
                == ["2025-12-31", "!"])
        #expect(
            try await read("date", ["04.03.25", "04.03.98"], source: "dates: dd.mm.yy")
                == ["2025-03-04", "1998-03-04"])
        #expect(
            try await read("date", ["19970101", "1997011"], source: "dates: yyyymmdd")[0]
                == "1997-01-01")
        #expect(
            try await read(
                "date", ["2025年3月4日", "2025年13月4日"], source: "dates: yyyy年m月d日")
                == ["2025-03-04", "!"])
        #expect(
            try await read(
                "timestamp", ["2025年3月4日 8时05分", "2025年3月4日"],
                source: "dates: yyyy年m月d日 H时MM分") == ["2025-03-04 08:05:00+00", "!"])
        #expect(
            try await read(
                "timestamp", ["04/12/2018 11:11:26 PM", "04/12/2018 12:00:00 AM"],
                source: "dates: mm/dd/yyyy hh:MM:SS AM")
                == ["2018-04-12 23:11:26+00", "2018-04-12 00:00:00+00"])
    }

    @Test func aColumnMayHaveItsOwnFormat() async throws {
        let mapping = "{from: v, date: d/m/yyyy}"
        #expect(
            try await read("date", ["4/3/2025"], source: "dates: m/d/yyyy", mapping: mapping)
                == ["2025-03-04"])
    }

    @Test func offsetsInTheTextGoBeforeTheZone() async throws {
        #expect(
            try await read(
                "timestamp",
                [
                    "2026-10-05T09:12:00Z", "2026-10-05 09:12:00+08", "2026-10-05T09:12+08:00",
                    "2026-10-05T09:12:00.250 -0530", "2026-10-05T09:12:00z", "2026-10-05 09:12",
                    "2026-10-05", "epoch", "infinity", "2026-10-05 25:00", "2026-10-05 09:12 CET",
                ], zone: "Asia/Shanghai")
                == [
                    "2026-10-05 09:12:00+00", "2026-10-05 01:12:00+00", "2026-10-05 01:12:00+00",
                    "2026-10-05 14:42:00.25+00", "2026-10-05 09:12:00+00",
                    "2026-10-05 01:12:00+00", "2026-10-04 16:00:00+00", "!", "!", "!", "!",
                ])
    }

    /// Skipped and repeated times take the offset before the change.
    @Test(arguments: [
        ("Europe/London", "2025-03-30 01:30", "2025-03-30 01:30:00+00"),
        ("Europe/London", "2025-10-26 01:30", "2025-10-26 00:30:00+00"),
        ("Europe/London", "2025-10-26 00:59", "2025-10-25 23:59:00+00"),
        ("Europe/London", "2025-10-26 02:00", "2025-10-26 02:00:00+00"),
        ("Australia/Lord_Howe", "2025-04-06 01:45", "2025-04-05 14:45:00+00"),
        ("Australia/Lord_Howe", "2025-10-05 02:15", "2025-10-04 15:45:00+00"),
        ("Antarctica/Troll", "2025-10-26 01:30", "2025-10-25 23:30:00+00"),
        ("America/New_York", "2025-11-02 01:30", "2025-11-02 05:30:00+00"),
        ("Europe/Volgograd", "2020-12-27 01:30", "2020-12-26 21:30:00+00"),
        ("Asia/Shanghai", "2025-10-26 01:30", "2025-10-25 17:30:00+00"),
    ])
    func clockChangesTakeTheEarlierOffset(zone: String, local: String, instant: String) async throws
    {
        #expect(try await read("timestamp", [local], source: "zone: \(zone)") == [instant])
        #expect(try await read("timestamp", [local], zone: zone) == [instant])
    }

    /// Every quarter of an hour around the changes agrees with the calendar's own rule.
    @Test(arguments: ["Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo"])
    func theEngineAgreesWithTheCalendar(_ identifier: String) async throws {
        let zone = try #require(Zone.named(identifier))
        let day = CivilDate("2018-01-01")!.day
        let quarter: Int64 = 900 * 1_000_000
        var locals: [LocalTime] = []
        for index in 0..<(365 * 96) {
            let local = LocalClock.midnight(day) + Int64(index) * quarter
            let isNear =
                zone.offset(at: zone.instant(local) - 4 * 3600 * 1_000_000)
                != zone.offset(at: zone.instant(local) + 4 * 3600 * 1_000_000)
            if isNear { locals.append(local) }
        }
        let texts = locals.map { LocalClock.text($0) }
        let expected = locals.map { local in
            LocalClock.text(zone.instant(local)).replacing("T", with: " ") + "+00"
        }
        #expect(!texts.isEmpty || identifier == "Africa/Cairo")
        #expect(try await read("timestamp", texts, source: "zone: \(identifier)") == expected)
    }
}

@Suite struct ValueTests {
    @Test func markersMeanMissing() async throws {
        #expect(
            try await read("integer", ["?", " N/A ", "-", "4"], source: "missing: ['?', N/A, '-']")
                == ["-", "-", "-", "4"])
        #expect(
            try await read("text", ["?", "N/A"], mapping: "{from: v, missing: '?'}")
                == ["-", "N/A"])
    }

    @Test func enumerationsAreOpenOrClosed() async throws {
        let open = "{from: v, values: {tel: 电话, web: 网站}}"
        #expect(
            try await read("text", ["tel", "web", "fax"], mapping: open) == ["电话", "网站", "fax"])
        let closed = "{from: v, values: {tel: 电话, web: 网站}, closed: true}"
        #expect(
            try await read("text", ["tel", "fax", ""], mapping: closed) == ["电话", "!", "-"])
        let scratch = try Scratch(["v": "text"], map: "  v: \(closed)")
        try scratch.data("f.csv", "v\nfax\n")
        #expect(
            try await scratch.refusal().text.contains(
                "f.csv:2: ‘fax’ in column ‘v’ is not one of tel, web"))
    }

    @Test func valuesOfOtherTypesAreReadAfterTheyAreReplaced() async throws {
        #expect(
            try await read("boolean", ["J", "N"], mapping: "{from: v, values: {J: yes, N: no}}")
                == ["true", "false"])
        #expect(
            try await read("integer", ["one", "2"], mapping: "{from: v, values: {one: 1}}")
                == ["1", "2"])
    }

    @Test func aColumnThatMustHaveAValueSaysSo() async throws {
        let scratch = try Scratch(["a": "text", "b": "{type: integer, required: true}"])
        try scratch.data("f.csv", "a,b\nx,1\ny,\n")
        #expect(
            try await scratch.refusal() == [
                .missingRequired(file: "f.csv", line: 3, column: "b"),
                .tooManyRejected(rejected: 1, rows: 2, allowed: "0"),
            ])
        try scratch.define(["a": "text", "b": "integer"], dataset: "key: b")
        #expect(
            try await scratch.refusal().first
                == .missingRequired(file: "f.csv", line: 3, column: "b"))
    }

    @Test func derivedColumnsFollowEachOther() async throws {
        let scratch = try Scratch(
            ["price": "money", "count": "integer", "total": "money", "is_big": "boolean"],
            source: "derive:\n  total: price * count\n  is_big: total > 100",
            map: "  price: p\n  count: c")
        try scratch.data("f.csv", "p,c\n10.00,3\n60.50,2\n,1\n")
        try await scratch.load()
        #expect(
            try await scratch.loaded("price, count, total, is_big")
                == ["10.00|3|30.00|false", "60.50|2|121.00|true", "-|1|-|false"])
    }

    @Test func aDerivedColumnThatMustHaveAValueRejectsItsRecord() async throws {
        let scratch = try Scratch(
            ["a": "integer", "b": "{type: integer, required: true}"],
            source: "rejects: 50%\nderive:\n  b: a + 1", map: "  a: a")
        try scratch.data("f.csv", "a\n1\n\"\"\n")
        let report = try await scratch.load()
        #expect(report.files[0].rejectedCount == 1)
        #expect(try await scratch.loaded() == ["1|2"])
        #expect(
            try await scratch.rows("SELECT line, \"column\" FROM plumb.quarantine") == [["3", "b"]])
    }

    @Test func anErrorOfTheEngineNamesTheFile() async throws {
        let scratch = try Scratch(
            ["a": "integer", "b": "integer"], source: "derive:\n  b: a * 10", map: "  a: a",
            files: "*.csv")
        try scratch.data("e.csv", "a\n1\n")
        try scratch.data("f.csv", "a\n9223372036854775807\n")
        try scratch.data("g.csv", "a\n2\n")
        let problems = try await scratch.refusal()
        #expect(problems.count == 1)
        #expect(
            problems.text.contains("f.csv cannot be read: ") && problems.text.contains("Overflow"))
        #expect(try await scratch.rows("SELECT * FROM plumb.files") == [])
    }

    @Test func theLastEventOfACaseStays() async throws {
        let scratch = try Scratch(
            ["id": "text", "at": "date", "v": "integer"],
            source: "collapse: {by: id, order: at}")
        try scratch.data(
            "f.csv",
            """
            id,at,v
            a,2025-01-03,1
            a,2025-01-01,2
            b,,3
            b,2025-01-01,4
            c,2025-01-01,5
            c,2025-01-01,6
            d,,7
            d,,8
            ,2025-01-01,9
            ,2025-01-02,10

            """)
        let report = try await scratch.load()
        #expect(report.files[0].collapsed == 4)
        #expect(
            try await scratch.loaded("id, v, \"$line\"")
                == ["a|1|2", "b|4|5", "c|6|7", "d|8|9", "-|9|10", "-|10|11"])
    }
}
