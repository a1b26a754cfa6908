import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIModel
import KPIQuery
import KPIService

/// After 10,000 tickets of one day were appended: the kept cells of the question brought up to date,
/// against a refresh written by hand in the same database; and a page of cells read, against one
/// prepared query over an equal table.
struct Refreshing {
    /// A copy of the measured workspace, since its records change.
    let folder: String
    let runs: Int

    static let appended = 10_000
    static let name = "measured"

    struct Result {
        var refresh: [Double] = []
        var rivalRefresh: [Double] = []
        var page: Double = 0
        var rivalPage: Double = 0
        /// From nothing to kept cells, once.
        var fill: Double = 0
        var peaks: [(what: String, megabytes: Int)] = []
    }

    func measure() async throws -> Result {
        try await closeDatabases()
        let company = try await Company.open(folder)
        let rival = try await RefreshRival(company: company)
        var result = Result()
        result.fill = try await keep(company)
        result.peaks.append(("kept cells from nothing", PeakMemory.megabytes()))
        try await rival.fill()
        for run in 0..<runs {
            try await append(run, company)
            PeakMemory.reset()
            var start = ContinuousClock.now
            try await company.refresh()
            result.refresh.append(start.duration(to: .now).inSeconds)
            result.peaks.append(("refresh \(run + 1)", PeakMemory.megabytes()))
            PeakMemory.reset()
            start = .now
            try await rival.refresh(Self.day(run))
            result.rivalRefresh.append(start.duration(to: .now).inSeconds)
            result.peaks.append(("rival's refresh \(run + 1)", PeakMemory.megabytes()))
            if run == 0 { try await compare(company, rival) }
        }
        (result.page, result.rivalPage) = try await page(company)
        return result
    }

    // MARK: Records

    static func day(_ run: Int) -> String {
        CivilDate(day: CivilDate("2025-06-10")!.day + run).description
    }

    /// Loads 10,000 more tickets, as a user would: from a file.
    private func append(_ run: Int, _ company: Company) async throws {
        let path = "\(folder)/data/tickets-\(run).parquet"
        let first = 1_000_000_000 + run * Self.appended
        let writer = try await Database.inMemory().connect()
        try await writer.execute(
            """
            COPY (SELECT \(first) + i AS ticket, printf('P%03d', hash(i) % \(BenchSize.agents)) AS agent,
                'phone' AS channel, TIMESTAMP '\(Self.day(run))' + to_seconds(i * 8) AS opened_at,
                opened_at + to_seconds(60 + i % 900) AS replied_at,
                opened_at + to_seconds(900 + i % 9000) AS resolved_at, i % 14 = 0 AS reopened,
                i % 10 < 7 AS first_contact, CAST(2 + i % 50 AS DECIMAL(18, 2)) AS cost
                FROM range(\(Self.appended)) AS numbers(i)) TO '\(path)'
            """)
        var loader = Loader(warehouse: company.warehouse, dataFolder: folder + "/data")
        loader.again = false
        let start = ContinuousClock.now
        let report = try await loader.load(["tickets"])
        let took = start.duration(to: .now).inSeconds
        let changes = report.changes["tickets"]
        precondition(changes?.inserted == Self.appended && changes?.updated == 0)
        print(
            "  loaded \(Self.appended) tickets of \(Self.day(run)) in \(String(format: "%.2f", took)) s"
        )
    }

    // MARK: Kept cells

    private static var words: QuestionText {
        var words = QuestionText()
        words.kpis = BenchWorkspace.kpis
        words.grains = Product.grains.map(\.rawValue)
        words.groupings = Product.levels.map { $0.joined(separator: ",") }
        return words
    }

    private func keep(_ company: Company) async throws -> Double {
        try await company.drop(Self.name)
        PeakMemory.reset()
        let start = ContinuousClock.now
        let report = try await company.keep(Self.words, name: Self.name)
        if let failure = report.failure { throw failure }
        return start.duration(to: .now).inSeconds
    }

    /// Every kept cell is that of the records and the number of the rival.
    private func compare(_ company: Company, _ rival: RefreshRival) async throws {
        guard let kept = try await company.keptAnswer(Product.question) else {
            throw BenchError("the cells are not answered from what is kept")
        }
        try Comparison(kept, try await rival.cells(), company.workspace.calendar).check()
    }

    // MARK: A page

    /// What a department's page shows: 12 KPIs by month for ten teams.
    private static var pageQuestion: QuestionText {
        var words = QuestionText()
        words.kpis = BenchWorkspace.kpis
        words.grains = ["month"]
        words.groupings = ["team"]
        words.filter =
            "team in (" + (0..<10).map { "\"T0\($0)\"" }.joined(separator: ", ") + ")"
        return words
    }

    /// Thirteen months of it. Medians of 40 reads each.
    private func page(_ company: Company) async throws -> (Double, Double) {
        let report = try await company.keep(Self.pageQuestion, name: "page")
        precondition(report.failure == nil)
        var words = Self.pageQuestion
        (words.from, words.to) = ("2024-12", "2025-12")
        let reader = QuestionReader(company.workspace)
        let question = try reader.question(words)
        let months = try (reader.window("2024-12").start, reader.window("2025-12").start)
        let connection = try await company.warehouse.database.connect()
        let number = try await company.keptQuestions().first { $0.name == "page" }!.number
        try await connection.execute(
            "CREATE OR REPLACE TABLE rival.page AS SELECT * FROM kept.c\(number) ORDER BY q, t")
        try await connection.execute(
            "PREPARE page AS SELECT * FROM rival.page WHERE t BETWEEN ? AND ? ORDER BY t, d0")
        let execute = "EXECUTE page(\(months.0), \(months.1))"
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<40 {
            var start = ContinuousClock.now
            guard let answer = try await company.keptAnswer(question) else {
                throw BenchError("the page is not answered from what is kept")
            }
            ours.append(start.duration(to: .now).inSeconds)
            start = .now
            let rows = try await connection.query(execute)
            theirs.append(start.duration(to: .now).inSeconds)
            precondition(rows.rowCount == 130 && answer.cellCount == 130 * 12)
        }
        return (ours.median, theirs.median)
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The most memory that this process held since it was last reset, as the system counts it.
enum PeakMemory {
    static func reset() {
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    }

    static func megabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1024
    }
}
