import Foundation
import KPICore
import Testing

@testable import KPIIngest

/// Published files, by `PLUMB_DATA` or beside the repository. None of them is part of it.
enum RealFiles {
    static let folder: String? = {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let beside = root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        let folder = environment["PLUMB_DATA"] ?? beside
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()

    static let isExpected = ProcessInfo.processInfo.environment["CI"] == "true"

    /// Records of a text file: line feeds outside quotes without the header, blank lines left out.
    static func records(_ path: String, hasHeader: Bool = true) throws -> Int {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder! + "/" + path))
        var (count, isInside, isBlank) = (0, false, true)
        for byte in bytes {
            if byte == 0x22 { isInside.toggle() }
            if byte == 0x0A, !isInside {
                if !isBlank { count += 1 }
                isBlank = true
            } else if byte != 0x0D {
                isBlank = false
            }
        }
        return count + (isBlank ? 0 : 1) - (hasHeader ? 1 : 0)
    }
}

@Suite(.enabled(if: RealFiles.folder != nil || RealFiles.isExpected, "no data: set PLUMB_DATA"))
struct RealFileTests {
    private let scratch: Scratch
    private let folder: String

    init() throws {
        folder = try #require(RealFiles.folder, "the published data are missing")
        scratch = try Scratch()
    }

    private func load(
        _ file: String, _ columns: KeyValuePairs<String, String>, map: String? = nil,
        source: String = ""
    ) async throws -> LoadReport.File {
        try scratch.define(columns, source: source, map: map, files: file)
        return try await scratch.load(again: true, from: folder).files[0]
    }

    private func refusal(
        _ file: String, _ columns: KeyValuePairs<String, String>, map: String? = nil,
        source: String = ""
    ) async throws -> String {
        try scratch.define(columns, source: source, map: map, files: file)
        return try await scratch.refusal(from: folder).text
    }

    @Test func aFileWithAByteOrderMarkAndAnEmptyColumnAtTheEnd() async throws {
        let file = "import_quirks/callcenter_restaurant.csv"
        let loaded = try await load(
            file,
            ["call": "integer", "day": "date", "agent": "integer", "result": "text"],
            map: "  call: Call ID\n  day: Call Date\n  agent: Agent ID\n  result: Call Outcome")
        #expect(loaded.loaded == (try RealFiles.records(file)))
        #expect(
            try await scratch.rows("SELECT count(DISTINCT call) > 20000 FROM data.t") == [["true"]])
    }

    @Test func aFileThatWasSavedTwiceIsRefusedForItsColumns() async throws {
        let text = try await refusal(
            "import_quirks/bank_resaved.csv", ["age": "integer", "job": "text"])
        for column in ["age", "job"] {
            #expect(text.contains("import_quirks/bank_resaved.csv has no column ‘\(column)’"))
        }
        #expect(text.contains("its columns: ‘col’"))
    }

    @Test func westernTextWithDaysFirst() async throws {
        let file = "superstore/Superstore.csv"
        let columns: KeyValuePairs<String, String> = [
            "row": "integer", "ordered": "date", "shipped": "date", "product": "text",
            "sales": "decimal(4)", "profit": "decimal(6)",
        ]
        let map = """
              row: Row_ID
              ordered: Order_Date
              shipped: Ship_Date
              product: Product_Name
              sales: Sales
              profit: Profit
            """
        let loaded = try await load(
            file, columns, map: map, source: "encoding: cp1252\ndates: dd-mm-yyyy")
        #expect(loaded.loaded == 9994)
        #expect(
            try await scratch.rows(
                "SELECT min(shipped >= ordered), count(*) FILTER (contains(product, '�')) FROM data.t"
            )
                == [["true", "0"]])
        let text = try await refusal(file, columns, map: map, source: "dates: dd-mm-yyyy")
        #expect(text.contains("is not UTF-8") && text.contains("encoding: cp1252"))
    }

    @Test func blanksInAColumnOfNumbersAreMissing() async throws {
        let loaded = try await load(
            "telco_churn/Telco-Customer-Churn.csv",
            ["customer": "text", "total": "money", "churn": "boolean"],
            map: "  customer: customerID\n  total: TotalCharges\n  churn: Churn")
        #expect(loaded.loaded == 7043)
        #expect(
            try await scratch.rows(
                "SELECT count(*) FILTER (total IS NULL), count(*) FILTER (churn) FROM data.t")
                == [["11", "1869"]])
    }

    @Test func hoursBeforeAndAfterNoon() async throws {
        let file = "baltimore_311/311_sample.csv"
        let loaded = try await load(
            file, ["id": "text", "opened": "timestamp", "due": "timestamp"],
            map: "  id: SRRecordID\n  opened: CreatedDate\n  due: DueDate",
            source: "dates: mm/dd/yyyy hh:MM:SS AM\nzone: America/New_York")
        #expect(loaded.loaded == (try RealFiles.records(file)))
        #expect(loaded.loaded == 10_000)
    }

    @Test func columnsByWidthAreNoColumnsByDelimiter() async throws {
        let text = try await refusal(
            "cdnow/CDNOW_sample.txt", ["id": "text", "day": "date"], source: "dates: yyyymmdd")
        #expect(text.contains("cdnow/CDNOW_sample.txt has no column ‘id’"))
        #expect(text.contains("its columns: ‘ 00004 0001 19970101"))
        let summary = try await load(
            "cdnow/cdnow_customers_summary.csv", ["id": "text", "frequency": "integer"],
            map: "  id: ID\n  frequency: frequency")
        #expect(summary.loaded == 2357)
    }

    @Test func answersOfASurvey() async throws {
        let loaded = try await load(
            "nps_bank_simulated/NPStimeseries.csv",
            ["id": "text", "day": "date", "nps": "integer"],
            map: "  id: ID\n  day: Survey date\n  nps: NPS", source: "dates: dd-mm-yyyy")
        #expect(loaded.loaded == 5000)
    }

    @Test func adsWithAmountsOfBinaryNumbers() async throws {
        let columns: KeyValuePairs<String, String> = ["ad": "text", "spent": "money"]
        let map = "  ad: ad_id\n  spent: Spent"
        let file = "facebook_ads_kag/KAG_conversion_data.csv"
        let text = try await refusal(file, columns, map: map)
        #expect(
            text.contains("conversion_data.csv:2: ‘1.429999948’ in column ‘Spent’ is not a number"))
        let loaded = try await load(file, ["ad": "text", "spent": "decimal(9)"], map: map)
        #expect(loaded.loaded == 1143)
    }

    @Test func aMarketplaceWithTextOverSeveralLines() async throws {
        let reviews = "olist/order_reviews_sample20k.csv"
        let loaded = try await load(
            reviews, ["review": "text", "score": "integer", "at": "timestamp", "message": "text"],
            map: """
                  review: review_id
                  score: review_score
                  at: review_creation_date
                  message: review_comment_message
                """, source: "zone: America/Sao_Paulo")
        #expect(loaded.loaded == (try RealFiles.records(reviews)))
        #expect(loaded.loaded == 20_000)
        let last = try await scratch.rows("SELECT max(\"$line\") FROM data.t")
        #expect(Int(last[0][0])! > 21_000)
        let leads = try await load(
            "olist/olist_marketing_qualified_leads_dataset.csv",
            ["lead": "text", "day": "date", "origin": "text"],
            map: "  lead: mql_id\n  day: first_contact_date\n  origin: origin")
        #expect(leads.loaded == 8000)
        #expect(
            try await scratch.rows(
                "SELECT count(*) FILTER (origin IS NULL), count(*) FILTER (origin = 'unknown') FROM data.t"
            )
                == [["60", "1099"]])
        let payments = try await load(
            "olist/olist_order_payments_dataset.parquet", ["id": "text", "value": "money"],
            map: "  id: order_id\n  value: payment_value")
        #expect(payments.loaded == 103_886)
    }

    @Test func aWideFileWithSeriesOfUnequalLength() async throws {
        let columns: KeyValuePairs<String, String> = ["series": "text", "first": "double"]
        let map = "  series: V1\n  first: V2"
        // Shorter series end in empty fields.
        let train = try await load("m4/Weekly-train.csv", columns, map: map)
        #expect(train.loaded == 359)
        let test = try await load("m4/Weekly-test.csv", columns, map: map)
        #expect(test.loaded == 359)
    }

    @Test func chineseText() async throws {
        let file = "chinese_sentiment/waimai_10k.csv"
        let loaded = try await load(file, ["label": "integer", "review": "text"])
        #expect(loaded.loaded == 11_987)
        #expect(loaded.loaded == (try RealFiles.records(file)))
    }
}
