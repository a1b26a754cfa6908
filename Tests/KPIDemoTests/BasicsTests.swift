import Foundation
import KPIDemo
import Testing

@Suite struct BasicsTests {
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
