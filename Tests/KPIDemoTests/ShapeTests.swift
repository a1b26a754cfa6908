import Foundation
import KPIDemo
import Testing

@Suite struct ShapeTests {
    @Test func headersAreThoseOfTheStandardModel() {
        #expect(entityHeaders.count == 40)
        let files = entityHeaders.map { $0.entity + ".csv" } + ["coverage.csv"]
        #expect(DemoCompany.files == files)
        for (entity, header) in entityHeaders {
            let bytes = Demo.small.bytes[entity + ".csv"] ?? Data()
            let first = bytes.prefix { $0 != 10 }
            #expect(String(decoding: first, as: UTF8.self) == header)
        }
    }

    @Test func everyEntityHasRowsOfFullWidthAndAKeyOfItsOwn() {
        for (entity, header) in entityHeaders {
            let bytes = Demo.small.bytes[entity + ".csv"] ?? Data()
            let width = header.split(separator: ",").count
            let rows = [UInt8](bytes).split(separator: 10).dropFirst()
            #expect(!rows.isEmpty, "\(entity) has no row")
            #expect(rows.allSatisfy { $0.count { $0 == 44 } == width - 1 }, "\(entity)")
            #expect(bytes.last == 10 && !bytes.contains(13) && !bytes.contains(34), "\(entity)")
            let keys = Set(rows.map { Array($0.prefix { $0 != 44 }) })
            #expect(keys.count == rows.count, "\(entity) repeats a key")
        }
    }

    @Test func coverageIsTwoYearsOfEveryEntity() {
        let rows = Demo.small.rows(
            "coverage", "entity", "covered_from", "covered_to", "time_axis")
        let expected = entityHeaders.map { [$0.entity, "2024-11-01", "2026-11-01", ""] }
        #expect(rows == expected)
    }

    /// Nothing recorded lies at or after the end; what is foreseen may.
    @Test func nothingIsKnownBeforeItHappens() {
        let foreseen = [
            "due", "planned_for", "planned_on", "starts_on", "expires_on", "period_",
        ]
        for (entity, header) in entityHeaders {
            let names = header.split(separator: ",").map(String.init)
            for name in names where name.hasSuffix("_at") || name.hasSuffix("_on") {
                guard !foreseen.contains(where: { name.contains($0) }) else { continue }
                let late = Demo.small.column(entity, name).filter { $0 >= "2026-11-01" }
                #expect(late.isEmpty, "\(entity).\(name): \(late.prefix(3))")
            }
        }
    }

    @Test func sameSeedSameBytesWhateverWasWrittenBefore() throws {
        let first = try CompanyFolder(scale: 0.05)
        let other = try CompanyFolder(scale: 0.1)
        let second = try CompanyFolder(scale: 0.05)
        for file in DemoCompany.files {
            #expect(first.bytes[file] == second.bytes[file], "\(file)")
            #expect(other.bytes[file] == Demo.small.bytes[file], "\(file)")
        }
    }

    /// Catches a platform or a change that draws other numbers. A wanted change renews the value.
    @Test func bytesAreTheOnesEverybodyGets() throws {
        let files = try CompanyFolder(scale: 0.01)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for file in DemoCompany.files {
            for byte in files.bytes[file] ?? Data() {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        #expect(String(hash, radix: 16) == "6616439ade119f7f")
    }

    @Test func anotherSeedIsAnotherCompany() throws {
        let other = try CompanyFolder(seed: 2, scale: 0.1)
        let same = ["org_units.csv", "products.csv", "coverage.csv"]
        for file in DemoCompany.files where !same.contains(file) {
            #expect(other.bytes[file] != Demo.small.bytes[file], "\(file)")
        }
    }

    @Test func theEndMovesTheData() throws {
        let folder = try CompanyFolder(scale: 0.05, end: (2025, 12))
        let created = folder.column("tickets", "created_at").map(month)
        #expect(created.min() == "2024-01" && created.max() == "2025-12")
        #expect(folder.column("coverage", "covered_to").allSatisfy { $0 == "2026-01-01" })
    }

    @Test func countsGoWithScale() {
        for (entity, atTenth) in [("tickets", 4000.0), ("customers", 330), ("orders", 3000)] {
            let small = Double(
                Demo.small.column(entity, String(entity.dropLast()) + "_id").count)
            let large = Double(
                Demo.large.column(entity, String(entity.dropLast()) + "_id").count)
            #expect(abs(small / atTenth - 1) < 0.2, "\(entity): \(small)")
            #expect(abs(large / small / 6 - 1) < 0.1, "\(entity): \(large) to \(small)")
        }
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
}
