import KPICore
import KPIEngine
import KPIIngest
import KPIService
import Testing

/// Figures that others published about the same data.
@Suite(.enabled(if: ExampleData.isExpected, "\(ExampleData.comment)"))
struct PublishedTests {
    private func figures(
        _ run: ExampleRun, _ kpi: String, _ period: String, _ members: [String: String] = [:]
    ) -> CellValue? {
        run.cells(kpi).first { $0.key.period == period && $0.key.members == members }?.value
    }

    /// README of github.com/Anjanakadve/CRM-Sales-: revenue and deals won by close quarter.
    @Test(
        "Maven CRM: quarters of 2017",
        arguments: [
            ("2017-Q1", 1_134_672, 531), ("2017-Q2", 3_086_111, 1_254),
            ("2017-Q3", 2_982_255, 1_257), ("2017-Q4", 2_802_496, 1_196),
        ])
    func quarters(period: String, revenue: Int64, wins: Int64) async throws {
        for example in [Example.crm, .crmStandard] {
            let run = try await ExampleRun.of(example)
            let money = try #require(figures(run, "sales-revenue", period))
            #expect(money.value.isSame(as: .integer(revenue)))
            let count = try #require(figures(run, "order-count", period))
            #expect(count.value.isSame(as: .integer(wins)))
        }
    }

    /// README of github.com/Anjanakadve/CRM-Sales-: won ÷ (won + lost) of every manager, in percent.
    @Test(
        "Maven CRM: win rates of the managers",
        arguments: [
            ("Melvin Marxen", 62.20), ("Dustin Brinkmann", 62.98), ("Cara Losch", 64.43),
            ("Rocco Neubert", 62.08), ("Celia Rouche", 63.41), ("Summer Sewald", 64.34),
        ])
    func winRates(manager: String, percent: Double) async throws {
        for (example, level) in [(Example.crm, "manager"), (.crmStandard, "team")] {
            let run = try await ExampleRun.of(example)
            let cell = try #require(figures(run, "win-rate", "total", [level: manager]))
            let value = try #require(cell.value.number)
            #expect((value * 10_000).rounded() == (percent * 100).rounded())
        }
    }

    /// Marketing funnel of Olist: 842 of 8,000 leads became customers, of social media 75 of 1,350 (5.6 %)
    /// in 61 days on average.
    @Test("Olist: leads that became customers")
    func leads() async throws {
        let run = try await ExampleRun.of(.olist)
        let all = try #require(figures(run, "lead-conversion-ever", "total"))
        #expect(all.numerator.isSame(as: .integer(842)) && all.n.isSame(as: .integer(8_000)))
        let social = try #require(
            figures(run, "lead-conversion-ever", "total", ["channel": "social"]))
        #expect(social.numerator.isSame(as: .integer(75)) && social.n.isSame(as: .integer(1_350)))
        let cycle = try #require(
            figures(run, "sales-cycle-length", "total", ["channel": "social"]))
        #expect((try #require(cycle.value.number) / 86_400).rounded(.down) == 61)
    }

    /// IBM's sample of a telephone company: 1,869 of 7,043 customers left; 11 have no whole month.
    @Test("Telephone company: customers who left")
    func churn() async throws {
        let run = try await ExampleRun.of(.telco)
        let all = try #require(figures(run, "churn-rate-of-snapshot", "total"))
        #expect(all.numerator.isSame(as: .integer(1_869)) && all.n.isSame(as: .integer(7_043)))
        let opening = try #require(figures(run, "customer-churn-rate", "total"))
        #expect(opening.numerator.isSame(as: .integer(1_869)))
        #expect(opening.n.isSame(as: .integer(7_043 - 11)))
    }

    /// Chen, Sain and Guo (2012) and UCI dataset 352, Online Retail: 541,909 instances; 4,372
    /// customers as counted by everybody who drops the rows without CustomerID.
    @Test("Online Retail: lines and customers")
    func onlineRetail() async throws {
        let run = try await ExampleRun.of(.retail)
        let connection = try await run.loaded.company.warehouse.database.connect()
        let table = try await connection.query(
            "SELECT count(*), count(DISTINCT customer) FROM data.lines")
        #expect(table[0, 0] == .integer(541_909))
        #expect(table[0, 1] == .integer(4_372))
    }

    /// UCI dataset 498, Incident management process enriched event log: 24,918 incidents.
    @Test("Incident log: incidents")
    func incidents() async throws {
        let run = try await ExampleRun.of(.serviceDesk)
        let cell = try #require(figures(run, "ticket-volume", "total"))
        #expect(cell.value == .integer(24_918))
    }
}
