import Foundation
import KPICore
import TestSupport
import Testing

@testable import KPIIngest

/// A made-up CSV file with everything that real ones do, and what is in it.
private struct RandomFile {
    var text = ""
    /// Values of good records, `-` for missing, with the line each begins in.
    var rows: [String] = []
    /// Lines of records that are none.
    var badLines: [Int] = []

    private static let pieces = [
        "a", "7", "é", "甲", " ", "\"", "\"\"", "\n", "\r\n", ",", ";", "\t", "'", "\\", "x y", "",
        "\u{2028}", "#", "😀",
    ]

    init(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        let delimiter = [",", ";", "\t", "|"].randomElement(using: &random)!
        let ends = [["\n"], ["\r\n"], ["\n", "\r\n"]].randomElement(using: &random)!
        let columns = Int.random(in: 2...4, using: &random)
        let isOdd = Bool.random(using: &random)
        var line = 1
        func end(_ random: inout SplitMix) -> String { ends.randomElement(using: &random)! }
        if Bool.random(using: &random) { text = "\u{FEFF}" }
        if isOdd, Int.random(in: 0..<5, using: &random) == 0 {
            text += end(&random)
            line += 1
        }
        text += (0..<columns).map { "c\($0)" }.joined(separator: delimiter) + end(&random)
        line += 1
        for _ in 0..<Int.random(in: 0..<30, using: &random) {
            if isOdd, Int.random(in: 0..<6, using: &random) == 0 {
                text += end(&random)
                line += 1
            }
            let isShort = isOdd && Int.random(in: 0..<8, using: &random) == 0
            let count = isShort ? columns - 1 : columns
            var values = (0..<count).map { _ in Self.value(&random) }
            if values.allSatisfy(\.isEmpty) { values[0] = "z" }
            let fields = values.map { Self.field($0, delimiter, &random) }
            text += fields.joined(separator: delimiter) + end(&random)
            if isShort {
                badLines.append(line)
            } else {
                let shown = values.prefix(2).map { $0.isEmpty ? "-" : $0 }
                rows.append((shown + ["\(line)"]).joined(separator: "¦"))
            }
            line += 1 + values.joined().utf8.count { $0 == 10 }
        }
        // The last line need not end.
        while Bool.random(using: &random), text.utf8.last == 10 { text.unicodeScalars.removeLast() }
        if text.utf8.last == 13 { text.unicodeScalars.removeLast() }
    }

    private static func value(_ random: inout SplitMix) -> String {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)!
        }
        .joined()
    }

    private static func field(
        _ value: String, _ delimiter: String, _ random: inout SplitMix
    ) -> String {
        let needsQuotes = value.utf8.contains { [0x0A, 0x0D, 0x22].contains($0) }
        if needsQuotes || value.contains(delimiter) || Int.random(in: 0..<4, using: &random) == 0 {
            return "\"" + value.replacing("\"", with: "\"\"") + "\""
        }
        return value
    }
}

@Suite struct RandomFileTests {
    @Test func everyRecordIsFoundWithItsLine() async throws {
        let scratch = try Scratch(
            ["a": "text", "b": "text"], source: "rejects: 100%\nmode: snapshot",
            map: "  a: c0\n  b: c1", files: "f.csv")
        for seed in UInt64(1)...150 {
            let file = RandomFile(seed)
            try scratch.data("f.csv", file.text)
            try await scratch.load()
            let rows = try await scratch.rows(
                "SELECT a, b, \"$line\" FROM data.t ORDER BY \"$line\"")
            #expect(rows.map { $0.joined(separator: "¦") } == file.rows, "seed \(seed)")
            let bad = try await scratch.rows("SELECT line FROM plumb.quarantine ORDER BY line")
            #expect(bad.flatMap(\.self) == file.badLines.map(String.init), "seed \(seed)")
        }
    }

    /// Wherever the chunks of a file end, the same records are found.
    @Test func chunksDoNotMatter() {
        for seed in UInt64(1)...60 {
            let bytes = Array(RandomFile(seed).text.utf8)
            var expected: [UInt8]?
            for size in [bytes.count + 1, 1, 2, 3, 7] {
                var scanner = RecordScanner(.csv(delimiter: nil), copies: true)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    scanner.scan(Array(bytes[start..<min(start + size, bytes.count)]))
                }
                scanner.finish()
                if expected == nil { expected = scanner.copy }
                #expect(scanner.fault == nil && scanner.copy == expected, "seed \(seed), \(size)")
            }
        }
    }
}
