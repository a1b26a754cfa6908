import KPICore

/// The cells of an answer as CSV: the columns and spellings that `compute.md` fixes.
package enum CSVReport {
    /// Writes header and rows in UTF-8 with `\n`. O(cells), a chunk in memory at a time.
    package static func write(_ answer: Answer, to sink: ReportSink) rethrows {
        var writer = RowWriter()
        writer.append(header(answer.dimensions, intervals: answer.hasIntervals))
        for block in answer.blocks {
            try pieces(block, answer).write(block, with: &writer, to: sink)
        }
        try writer.flush(to: sink)
    }

    /// The whole CSV in one string, for small answers.
    package static func text(_ answer: Answer) -> String {
        var bytes: [UInt8] = []
        write(answer) { bytes.append(contentsOf: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One field, quoted by RFC 4180 only where needed.
    package static func field(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\n")
                && byte != UInt8(ascii: "\r")
        }
        if isPlain { return text }
        let quote = UInt8(ascii: "\"")
        let doubled = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
    }

    private static func header(_ dimensions: [String], intervals: Bool) -> String {
        let names =
            AnswerColumns.before + dimensions + AnswerColumns.after
            + (intervals ? AnswerColumns.interval : [])
        return names.map(field).joined(separator: ",") + "\n"
    }

    private static func pieces(_ block: CellBlock, _ answer: Answer) -> RowPieces {
        let kpi = block.kpi
        let head = field(kpi.id) + "," + block.grain.rawValue + ","
        let end = Array("\n".utf8)
        let comma = UInt8(ascii: ",")
        let tail = "," + field(kpi.version) + "," + field(kpi.watermark)
        return RowPieces(
            periods: Texts(block.periods.map { Array((head + field($0) + ",").utf8) }),
            groups: Texts(
                (0..<block.groupCount).map { group in
                    block.memberTexts(answer.dimensions, group: group)
                        .flatMap { Array((field($0) + ",").utf8) }
                }),
            between: Texts(
                [Array(("," + field(kpi.unit.description) + ",").utf8)]
                    + Array(repeating: [comma], count: 3)),
            endings: Texts(
                CellState.allCases.map { state in
                    Array(("," + state.status + "," + state.reason + tail).utf8)
                }),
            bounds: answer.hasIntervals ? Texts([[comma], [comma]]) : nil, end: end, missing: [],
            separator: [])
    }
}
