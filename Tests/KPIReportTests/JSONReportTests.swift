import Foundation
import KPICore
import TestSupport
import Testing

@testable import KPIReport

@Suite struct JSONReportTests {
    private let question: [(name: String, value: JSONReport.Field)] = [
        ("grain", .list(["month"])), ("from", .text("2025-04")),
    ]

    @Test func oneCellALineWithNullsForWhatIsMissing() {
        var answer = Sample.revenue
        answer.blocks[0].periods = ["2025-04", "2025-05"]
        answer.blocks[0].value = Figures(.decimal([8_000, 0], scale: 2))
        answer.blocks[0].n = Figures(.integer([1, 0]), present: [true, false])
        answer.blocks[0].state = [.partial, .noData]
        #expect(
            JSONReport.text(answer, question: question) == """
                {"question": {"grain": ["month"], "from": "2025-04"}, "cells": [
                {"kpi":"revenue","grain":"month","period":"2025-04","value":80,"unit":"CNY",\
                "numerator":null,"denominator":null,"n":1,"open":null,"status":"partial",\
                "reason":null,"version":"0123456789ab","watermark":"2025-04-21T00:00:00+08:00"},
                {"kpi":"revenue","grain":"month","period":"2025-05","value":null,"unit":"CNY",\
                "numerator":null,"denominator":null,"n":null,"open":null,"status":"none",\
                "reason":"no_data","version":"0123456789ab",\
                "watermark":"2025-04-21T00:00:00+08:00"}
                ]}

                """)
    }

    @Test func dimensionsStandUnderTheirOwnNames() {
        let block = Sample.block(
            members: [("负责人", ["say \"hi\"\\\n"])], value: .decimal([Int128.max], scale: 2))
        let text = JSONReport.text(
            Answer(dimensions: ["region", "负责人"], blocks: [block]), question: [])
        #expect(text.hasPrefix("{\"question\": {}, \"cells\": [\n"))
        #expect(text.contains(#""region":"*","负责人":"say \"hi\"\\\n","value":"#))
        #expect(text.contains("\"value\":1701411834604692317316873037158841057.27,"))
    }

    @Test func anEmptyAnswerIsAnEmptyList() throws {
        let text = JSONReport.text(Answer(dimensions: [], blocks: []), question: question)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect((object?["cells"] as? [Any])?.isEmpty == true)
    }

    @Test func anyTextIsReadBackByAnotherParser() throws {
        var random = SplitMix(seed: 21)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random)) ?? "?"
            }
            let text = String(String.UnicodeScalarView(scalars))
            let json = Data("[\(JSONReport.quoted(text))]".utf8)
            let read = try JSONSerialization.jsonObject(with: json) as? [String]
            #expect(read.map { Array($0[0].unicodeScalars) } == Array(text.unicodeScalars))
        }
    }

    @Test func blocksOfManyChunksStayOneList() throws {
        let count = 12_000
        let block = Sample.block(
            periods: (0..<count).map { "P\($0)" }, value: .integer((0..<count).map(Int64.init)))
        let text = JSONReport.text(
            Answer(dimensions: [], blocks: [block, block]), question: question)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect((object?["cells"] as? [Any])?.count == 2 * count)
    }
}
