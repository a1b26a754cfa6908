import Foundation
import KPICore
import Testing

@testable import KPIIngest

@Suite struct EncodingTests {
    private func names(_ bytes: [UInt8], source: String) async throws -> [String] {
        let scratch = try Scratch(["name": "text", "n": "integer"], source: source)
        try scratch.data("f.csv", bytes)
        try await scratch.load()
        return try await scratch.loaded()
    }

    @Test func theByteOrderMarkIsNoPartOfTheFirstHeader() async throws {
        let text = bytes("name,n\n甲,1\n乙,2\n")
        #expect(try await names(text, source: "") == ["甲|1", "乙|2"])
        #expect(try await names([0xEF, 0xBB, 0xBF] + text, source: "") == ["甲|1", "乙|2"])
        let quoted = bytes("\"name\",n\r\n甲,1\r\n")
        #expect(try await names([0xEF, 0xBB, 0xBF] + quoted, source: "") == ["甲|1"])
    }

    @Test func chineseAndWesternEncodingsAreRead() async throws {
        // 甲 and € in GB18030, é and € in Windows-1252.
        let chinese = bytes("name,n\n") + [0xBC, 0xD7, 0xA2, 0xE3] + bytes(",1\n")
        #expect(try await names(chinese, source: "encoding: gb18030") == ["甲€|1"])
        let western = bytes("name,n\nCaf") + [0xE9, 0x20, 0x80] + bytes(",1\n")
        #expect(try await names(western, source: "encoding: cp1252") == ["Café €|1"])
    }

    @Test func aByteOfAnotherEncodingIsNamedWithItsLine() async throws {
        let scratch = try Scratch(["name": "text", "n": "integer"])
        try scratch.data("f.csv", bytes("name,n\n\"x\ny\",1\nCaf") + [0xE9] + bytes(",2\n"))
        let problems = try await scratch.refusal()
        #expect(
            problems == [
                .badRow(
                    file: "f.csv", line: 4,
                    reason: .badByte(number: 19, encoding: "UTF-8", mayBeOther: true))
            ])
        #expect(problems.text.contains("encoding: cp1252"))
        // 0x81 is no character of Windows-1252.
        try scratch.define(["name": "text"], source: "encoding: cp1252")
        try scratch.data("f.csv", bytes("name\na\nb") + [0x81] + bytes("\n"))
        #expect(
            try await scratch.refusal().text.contains("f.csv:3: byte 9 of the file is not CP1252"))
    }

    @Test func aCharacterCutByTheEndOfAChunkIsWhole() async throws {
        let long = String(repeating: "甲乙丙", count: 400_000)
        let rows = try await names(bytes("name,n\n\(long),1\nb,2\n"), source: "")
        #expect(rows == ["\(long)|1", "b|2"])
    }

    @Test func otherKindsOfFilesSayWhatTheyAre() async throws {
        let scratch = try Scratch(["name": "text"])
        let kinds: [([UInt8], FileFault)] = [
            (bytes("name\na\n", .utf16), .utf16), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], .oldWorkbook),
            ([0x50, 0x4B, 0x03, 0x04, 0x14], .workbook), ([], .empty), (bytes("\n\n"), .empty),
        ]
        for (content, fault) in kinds {
            try scratch.data("f.csv", content)
            #expect(try await scratch.refusal() == [.unreadable(file: "f.csv", reason: fault)])
        }
        try scratch.data("f.csv", "name,n\ra,1\rb,2\r")
        #expect(try await scratch.refusal().text.contains("f.csv:1: its lines end with carriage"))
    }
}

@Suite struct ShapeTests {
    private func scratch(_ text: String, source: String = "") throws -> Scratch {
        let scratch = try Scratch(["a": "text", "b": "integer"], source: source)
        try scratch.data("f.csv", text)
        return scratch
    }

    private func loaded(_ text: String, source: String = "") async throws -> [String] {
        let scratch = try scratch(text, source: source)
        try await scratch.load()
        return try await scratch.loaded("a, b, \"$line\"")
    }

    @Test func delimitersAreFoundOrStated() async throws {
        for delimiter in [",", ";", "\t", "|"] {
            let text = "\"a, x; y\"\(delimiter)a\(delimiter)b\n0\(delimiter)x\(delimiter)1\n"
            #expect(try await loaded(text) == ["x|1|2"])
        }
        let tabs = try await loaded("a\tb\n1,5\t2\n", source: "delimiter: tab")
        #expect(tabs == ["1,5|2|2"])
        let comma = try scratch("a;b\nx;1\n", source: "delimiter: ','")
        let text = try await comma.refusal().text
        #expect(text.contains("f.csv has no column ‘a’") && text.contains("‘a;b’"))
    }

    @Test func linesAreThoseOfTheFile() async throws {
        let text = "\na,b\n\n\"x\n\ny\",1\n\n\nz,2\n\"p \"\"q\"\"\",3"
        #expect(try await loaded(text) == ["x\n\ny|1|4", "z|2|9", "p \"q\"|3|10"])
        let windows = text.replacing("\n", with: "\r\n")
        #expect(try await loaded(windows) == ["x\r\n\r\ny|1|4", "z|2|9", "p \"q\"|3|10"])
    }

    @Test func lineEndsMayBeMixed() async throws {
        #expect(
            try await loaded("a,b\r\nx,1\ny,2\r\n\"u\nv\",3\r\n\r\nw,4\n")
                == ["x|1|2", "y|2|3", "u\nv|3|4", "w|4|7"])
    }

    @Test func quotesCountAtTheStartOfAFieldOnly() async throws {
        #expect(
            try await loaded("a,b\n5\" pipe,1\n 6\" x \"y\",2\n \"u, v\" ,3\n\"\",4\n")
                == ["5\" pipe|1|2", " 6\" x \"y\"|2|3", "u, v|3|4", "-|4|5"])
        #expect(
            try await scratch("a,b\nx,1\n\"y\" z,2\n").refusal().first
                == .badRow(file: "f.csv", line: 3, reason: .textAfterQuote))
        #expect(
            try await scratch("a,b\nx,1\n\"y,2\nz,3\n").refusal()
                == [.badRow(file: "f.csv", line: 3, reason: .openQuote)])
    }

    @Test func aSingleColumnMayHaveBlankLinesBetween() async throws {
        let scratch = try Scratch(["a": "text"])
        try scratch.data("f.csv", "a\n1\n\n2\n\n")
        try await scratch.load()
        #expect(try await scratch.loaded("a, \"$line\"") == ["1|2", "2|4"])
    }

    @Test func anEmptyColumnAtTheEndIsNothing() async throws {
        #expect(try await loaded("a,b,\nx,1,\ny,2,\n") == ["x|1|2", "y|2|3"])
        #expect(try await loaded("a,b\nx,1,\ny,2,,\nz,3\n") == ["x|1|2", "y|2|3", "z|3|4"])
    }

    @Test(arguments: ["\n", "\r\n"])
    func raggedRecordsAreNamedByTheirLines(_ end: String) async throws {
        let lines = [
            "a,b", "", "\"x", "y\",1", "too", "", "z,2", "q,3,4", "\"r", "s", "\"", "w,5",
        ]
        let scratch = try scratch(lines.joined(separator: end) + end)
        let problems = try await scratch.refusal()
        #expect(
            problems.dropLast() == [
                .badRow(file: "f.csv", line: 5, reason: .fieldCount(found: 1, expected: 2)),
                .badRow(file: "f.csv", line: 8, reason: .fieldCount(found: 3, expected: 2)),
                .badRow(file: "f.csv", line: 9, reason: .fieldCount(found: 1, expected: 2)),
            ])
        #expect(problems.last == .tooManyRejected(rejected: 3, rows: 6, allowed: "0"))
    }

    @Test func linesOfBadCellsFollowBadRecords() async throws {
        let scratch = try Scratch(
            ["a": "text", "b": "integer"], source: "rejects: 60%")
        try scratch.data("f.csv", "a,b\nshort\n\"x\ny\",1\n\nz,no\nw,2\n")
        let report = try await scratch.load()
        #expect(report.files[0].rows == 4 && report.files[0].loaded == 2)
        #expect(
            try await scratch.rows(
                "SELECT line, \"column\", value FROM plumb.quarantine ORDER BY 1")
                == [["2", "", "short"], ["6", "b", "no"]])
        #expect(try await scratch.loaded("a, \"$line\"") == ["x\ny|3", "w|7"])
    }

    @Test func manyBadRecordsAreAllCounted() async throws {
        let scratch = try Scratch(["a": "text", "b": "integer"], source: "rejects: 99%")
        let bad = String(repeating: "x\n", count: 3000)
        try scratch.data(
            "f.csv", "a,b\n\(bad)y,1\n\(bad)z,2\n" + String(repeating: "w,3\n", count: 99))
        let report = try await scratch.load()
        #expect(report.files[0].rejectedCount == 6000)
        #expect(try await scratch.loaded("a, \"$line\"").prefix(2) == ["y|3002", "z|6003"])
    }

    @Test func duplicateHeadersAreNumbered() async throws {
        let map = "  a: k#2\n  b: k#3"
        let scratch = try Scratch(["a": "text", "b": "integer"], map: map)
        try scratch.data("f.csv", "k,k,z,k\n1,2,3,4\n")
        try await scratch.load()
        #expect(try await scratch.loaded() == ["2|4"])
        try scratch.define(["a": "text"], map: "  a: k")
        let problems = try await scratch.refusal(again: true)
        #expect(problems == [.duplicateHeader("k", file: "f.csv")])
        #expect(problems.text.contains("‘k#1’"))
        try scratch.define(["a": "text", "b": "text"], map: "  a: k#4\n  b: zz")
        #expect(
            try await scratch.refusal(again: true).text.components(
                separatedBy: "f.csv has no column"
            ).count == 3)
    }

    @Test func headerOnlyIsNoRecords() async throws {
        #expect(try await loaded("a,b\n") == [])
        #expect(try await loaded("a,b") == [])
    }

    @Test func aHugeFieldIsRead() async throws {
        let huge = String(repeating: "x", count: 5_000_000)
        let scratch = try scratch("a,b\n\(huge),1\n\"\(huge)\n\",2\ny,3\n")
        try await scratch.load()
        #expect(
            try await scratch.loaded("length(a), \"$line\"")
                == ["5000000|2", "5000001|3", "1|5"])
    }

    @Test func arecordPastTheLimitIsRefusedByLine() async throws {
        let scratch = try scratch("a,b\ny,3\n\(String(repeating: "x", count: 17 << 20)),1\n")
        #expect(
            try await scratch.refusal()
                == [.badRow(file: "f.csv", line: 3, reason: .tooLong(mebibytes: 16))])
    }
}

@Suite struct FileTests {
    @Test func aFolderIsNoFileOfAPattern() async throws {
        let scratch = try Scratch(["a": "text"])
        try scratch.write("data/folder.csv/inner.txt", "x")
        #expect(try await scratch.refusal().text.contains("no file matches ‘*.csv’"))
        try scratch.data("f.csv", "a\n1\n")
        #expect(try await scratch.load().files.map(\.name) == ["f.csv"])
        try scratch.define(["a": "text"], files: "folder.csv")
        #expect(
            try await scratch.refusal() == [.unreadable(file: "folder.csv", reason: .folder)])
    }

    @Test func aLinkToNothingCannotBeRead() async throws {
        let scratch = try Scratch(["a": "text"])
        try FileManager.default.createSymbolicLink(
            atPath: scratch.folder + "/data/f.csv", withDestinationPath: "/nowhere/f.csv")
        #expect(try await scratch.refusal().text.contains("f.csv cannot be read: No such file"))
    }

    @Test func theDataFolderIsNoPattern() async throws {
        let scratch = try Scratch(["a": "text"])
        try scratch.write("in[1]*/f.csv", "a\n1\n")
        try await scratch.load(from: scratch.folder + "/in[1]*")
        #expect(try await scratch.loaded() == ["1"])
    }

    @Test func packedFilesAreRead() async throws {
        let text = "a\n" + (0..<20_000).map { "row \($0)\n" }.joined()
        let scratch = try Scratch(["a": "text"], files: "*.csv.gz")
        try scratch.data("f.csv", text)
        try pack(scratch.folder + "/data/f.csv")
        let report = try await scratch.load()
        #expect(report.files[0].loaded == 20_000)
        let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.folder + "/data/f.csv.gz"))
        try scratch.write("data/g.csv.gz", whole.prefix(whole.count / 2))
        let before = try await scratch.fingerprint()
        #expect(
            try await scratch.refusal() == [.unreadable(file: "g.csv.gz", reason: .damaged)])
        #expect(try await scratch.fingerprint() == before)
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder + "/.plumb")
        #expect(!left.contains { $0.hasSuffix(".tmp") })
    }

    private func pack(_ path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", path]
        try process.run()
        process.waitUntilExit()
    }

    @Test func leftoversOfAnEndedLoadGo() async throws {
        let scratch = try Scratch(["a": "text"])
        try scratch.data("f.csv", "a\n1\n")
        try scratch.write(".plumb/load-1-2.tmp", "x")
        try await scratch.load()
        #expect(!FileManager.default.fileExists(atPath: scratch.folder + "/.plumb/load-1-2.tmp"))
    }
}
