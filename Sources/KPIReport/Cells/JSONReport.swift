import KPICore

/// A question and its cells as one JSON object, `{"question": {…}, "cells": [ … ]}`.
///
/// Each cell has the fields of the CSV under their names, missing ones as null; exact numbers have
/// all their digits.
package enum JSONReport {
    /// One field of the question.
    package enum Field: Sendable, Equatable {
        case text(String)
        case list([String])
    }

    /// Writes the object, one cell a line. O(cells), a chunk in memory at a time.
    package static func write(
        _ answer: Answer, question: [(name: String, value: Field)], to sink: ReportSink
    ) rethrows {
        var writer = RowWriter()
        writer.append("{\"question\": \(object(question)), \"cells\": [\n")
        for block in answer.blocks {
            try pieces(block, answer).write(block, with: &writer, to: sink)
        }
        writer.append("\n]}\n")
        try writer.flush(to: sink)
    }

    /// The whole object in one string, for small answers.
    package static func text(
        _ answer: Answer, question: [(name: String, value: Field)]
    ) -> String {
        var bytes: [UInt8] = []
        write(answer, question: question) { bytes.append(contentsOf: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text in quotes; controls are escaped, everything else stands as it is.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func object(_ fields: [(name: String, value: Field)]) -> String {
        let texts = fields.map { field in
            switch field.value {
            case .text(let text): "\(quoted(field.name)): \(quoted(text))"
            case .list(let items):
                "\(quoted(field.name)): [\(items.map(quoted).joined(separator: ", "))]"
            }
        }
        return "{" + texts.joined(separator: ", ") + "}"
    }

    private static func textOrNull(_ text: String) -> String {
        text.isEmpty ? "null" : quoted(text)
    }

    private static func pieces(_ block: CellBlock, _ answer: Answer) -> RowPieces {
        let kpi = block.kpi
        let head = "{\"kpi\":\(quoted(kpi.id)),\"grain\":\"\(block.grain.rawValue)\",\"period\":"
        let tail =
            ",\"version\":\(textOrNull(kpi.version)),\"watermark\":\(textOrNull(kpi.watermark))"
        let clock = kpi.isWorkingTime ? ",\"clock\":\"working\"" : ""
        return RowPieces(
            periods: Texts(block.periods.map { Array((head + quoted($0) + ",").utf8) }),
            groups: Texts(
                (0..<block.groupCount).map { group in
                    let members = zip(
                        answer.dimensions, block.memberTexts(answer.dimensions, group: group)
                    )
                    .map { "\(quoted($0)):\(quoted($1))," }
                    return Array((members.joined() + "\"value\":").utf8)
                }),
            between: Texts(
                [Array(",\"unit\":\(quoted(kpi.unit.description))\(clock),\"numerator\":".utf8)]
                    + ["denominator", "n", "open"].map { Array(",\"\($0)\":".utf8) }),
            endings: Texts(
                CellState.allCases.map { state in
                    let status = ",\"status\":\"\(state.status)\""
                    let reason = ",\"reason\":\(textOrNull(state.reason))"
                    return Array((status + reason + tail).utf8)
                }),
            bounds: answer.hasIntervals
                ? Texts(["low", "high"].map { Array(",\"\($0)\":".utf8) }) : nil,
            end: Array("}".utf8), missing: Array("null".utf8), separator: Array(",\n".utf8))
    }
}
