import Foundation
import KPIDemo
import Testing

@Suite struct ShapeTests {
    @Test func sameSeedSameBytes() throws {
        let (first, second) = (try Files(), try Files())
        for file in DemoCompany.files { #expect(first.bytes[file] == second.bytes[file]) }
    }

    @Test func otherSeedOtherRows() throws {
        let (first, second) = (try Files(), try Files(seed: 2))
        for file in DemoCompany.files where file != "teams.csv" {
            #expect(first.bytes[file] != second.bytes[file])
        }
    }

    /// Catches a platform or a change that draws other numbers. A wanted change renews the value.
    @Test func bytesAreTheOnesEverybodyGets() throws {
        let files = try Files()
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for file in DemoCompany.files {
            for byte in files.bytes[file] ?? Data() {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        #expect(String(hash, radix: 16) == "8d933717790f9791")
    }

    @Test func scaleLeavesOtherStreamsAlone() throws {
        let (small, large) = (try Files(), Demo.files)
        #expect(small.bytes["teams.csv"] == large.bytes["teams.csv"])
        for column in ["campaign", "channel", "started_on", "ended_on"] {
            #expect(small["campaigns"][column] == Demo.campaigns[column])
        }
    }

    @Test func endMovesTheWindow() throws {
        let tickets = try Files(end: (2025, 12))["tickets"]
        #expect(month(tickets["opened_at"].first ?? "") == "2024-01")
        #expect(tickets["opened_at"].last?.hasPrefix("2026-01-05") == true)
    }

    @Test(arguments: [
        ("teams", "team,department,team_zh", 9...9),
        ("employees", "employee,name,team,hired_on", 60...60),
        ("customers", "customer,segment,region,became_customer_on,owner", 2950...3050),
        (
            "tickets",
            "ticket,customer,employee,channel,category,priority,opened_at,first_replied_at,"
                + "resolved_at,reopen_count,reassignment_count,due_at", 39_000...42_000
        ),
        ("ratings", "rating,ticket,rated_at,score,nps", 12_000...14_000),
        (
            "orders",
            "order_id,customer,employee,product,product_line,ordered_at,amount,kind,campaign",
            31_000...35_000
        ),
        (
            "opportunities",
            "deal,customer,employee,product_line,created_on,closed_on,stage,amount", 4000...4500
        ),
        (
            "campaigns", "campaign,channel,started_on,ended_on,spend,impressions,clicks,leads",
            48...50
        ),
    ])
    func columnsAndCounts(file: String, header: String, count: ClosedRange<Int>) {
        let table = Demo.files[file]
        #expect(table.columns.joined(separator: ",") == header)
        #expect(count.contains(table.rows.count), "\(file) has \(table.rows.count) rows")
        #expect(table.rows.allSatisfy { $0.count == table.columns.count })
        #expect(Set(table.rows.map { $0[0] }).count == table.rows.count)
        let bytes = Demo.files.bytes[file + ".csv"] ?? Data()
        #expect(bytes.last == 10 && !bytes.contains(13))
    }

    @Test func countsGoWithScale() throws {
        let files = try Files()
        #expect((1950...2100).contains(files["tickets"].rows.count))
        #expect((140...160).contains(files["customers"].rows.count))
    }

    @Test func yearsAreEvenlyFull() {
        let years = Dictionary(grouping: Demo.tickets["opened_at"]) { day($0) < day("2025-11-01") }
        #expect((18_000...20_000).contains(years[true]?.count ?? 0))
        #expect((20_000...22_500).contains(years[false]?.count ?? 0))
    }

    @Test func progressEndsForEveryFile() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var last: [String: (done: Int, all: Int)] = [:]
        try DemoCompany(scale: 0.01).write(to: folder.path) { file, done, all in
            #expect(done > last[file]?.done ?? 0)
            last[file] = (done, all)
        }
        #expect(Set(last.keys) == Set(DemoCompany.files))
        #expect(last.values.allSatisfy { $0.done == $0.all })
    }

    @Test func quotesWhereNeeded() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let file = "demo-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: folder + "/" + file) }
        let writer = try CSVWriter(folder: folder, file: file, columns: ["a,b", "c"])
        writer.text("said \"no\"")
        writer.text("客服")
        try writer.endRow()
        try writer.close()
        let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
        #expect(text == "\"a,b\",c\n\"said \"\"no\"\"\",客服\n")
    }

    @Test func powersOfTwo() {
        for exponent in stride(from: -4 * 65_536, through: 8 * 65_536, by: 1999) {
            let exact = 1_000_000 * exp2(Double(exponent) / 65_536)
            let found = Double(powerOfTwo(exponent, times: 1_000_000))
            #expect(abs(found - exact) < exact * 0.0004 + 1)
        }
    }
}
