import KPICore
import Testing

@testable import KPIReport

@Suite struct CSVReportTests {
    @Test func writesTheWorkedMonthsOfTheContract() {
        let tail = "0123456789ab,2025-04-21T00:00:00+08:00"
        #expect(
            CSVReport.text(Sample.revenue) == """
                kpi,grain,period,value,unit,numerator,denominator,n,open,status,reason,version,watermark
                revenue,month,2025-01,100,CNY,,,1,,final,,\(tail)
                revenue,month,2025-02,250.5,CNY,,,1,,final,,\(tail)
                revenue,month,2025-03,0,CNY,,,0,,final,,\(tail)
                revenue,month,2025-04,80,CNY,,,1,,partial,,\(tail)
                revenue,month,2025-05,,CNY,,,,,none,no_data,\(tail)

                """)
    }

    @Test func writesBothSidesAndDoublesWithAllTheirDigits() {
        let rows = CSVReport.text(Sample.winRate).split(separator: "\n").dropFirst()
        #expect(
            rows.map { $0.split(separator: ",0123")[0] } == [
                "win-rate,month,2025-01,1,ratio,4238,6711,6711,0,final,",
                "win-rate,month,2025-02,0.6666666666666666,ratio,2,3,3,12,provisional,",
                "win-rate,month,2025-03,,ratio,0,0,0,0,none,zero_denominator",
            ])
    }

    @Test func rowsStandByPeriodThenGroupAndStarsFillOtherGroupings() {
        let byRegion = Sample.block(
            periods: ["2025-01", "2025-02"], members: [("region", ["(unknown)", "North"])],
            groupCount: 2, value: .integer([1, 2, 3, 4]))
        let byBoth = Sample.block(
            members: [("owner", ["Ann"]), ("region", ["North"])], value: .integer([5]))
        let text = CSVReport.text(
            Answer(dimensions: ["region", "owner"], blocks: [byRegion, byBoth]))
        #expect(
            text.split(separator: "\n").map { $0.split(separator: ",CNY")[0] } == [
                "kpi,grain,period,region,owner,value,unit,numerator,denominator,n,open,status,reason,version,watermark",
                "revenue,month,2025-01,(unknown),*,1", "revenue,month,2025-01,North,*,2",
                "revenue,month,2025-02,(unknown),*,3", "revenue,month,2025-02,North,*,4",
                "revenue,month,2025-01,North,Ann,5",
            ])
    }

    @Test(
        arguments: [
            ("plain", "plain"), ("上海，浦东", "上海，浦东"), ("a,b", "\"a,b\""), (" a ", " a "),
            ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
            ("back\r", "\"back\r\""), ("", ""), ("=1+1", "=1+1"),
            ("\"\u{301}", "\"\"\"\u{301}\""),
        ]) func quotesOnlyWhereNeeded(text: String, expected: String)
    {
        #expect(Array(CSVReport.field(text).utf8) == Array(expected.utf8))
        let block = Sample.block(members: [("owner", [text])], value: .integer([1]))
        let csv = CSVReport.text(Answer(dimensions: ["owner"], blocks: [block]))
        #expect(csv.contains("2025-01,\(expected),1,CNY"))
    }

    @Test func anEmptyAnswerIsItsHeader() {
        #expect(
            CSVReport.text(Answer(dimensions: ["owner"], blocks: []))
                == "kpi,grain,period,owner,value,unit,numerator,denominator,n,open,status,reason,"
                + "version,watermark\n")
    }

    @Test func largeAnswersComeInChunks() {
        let count = 50_000
        let block = Sample.block(
            periods: (0..<count).map { "P\($0)" }, value: .integer((0..<count).map(Int64.init)))
        let answer = Answer(dimensions: [], blocks: [block])
        var chunks: [Int] = []
        var bytes: [UInt8] = []
        CSVReport.write(answer) {
            chunks.append($0.count)
            bytes += $0
        }
        #expect(chunks.count > 1)
        #expect(chunks.dropLast().allSatisfy { $0 >= 1 << 20 && $0 < (1 << 20) + 1000 })
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == count + 1)
        #expect(lines[count].hasPrefix("revenue,month,P49999,49999,CNY"))
    }

    @Test func aSinkThatFailsStopsTheReport() {
        struct Full: Error {}
        #expect(throws: Full.self) { try CSVReport.write(Sample.revenue) { _ in throw Full() } }
    }
}
