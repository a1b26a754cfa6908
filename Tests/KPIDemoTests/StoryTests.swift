import Testing

/// Each planted story, found by a plain computation over the files.
@Suite struct StoryTests {
    @Test func satisfactionDipsAndRecovers() {
        let rated = zip(Demo.ratings["rated_at"].map(month), Demo.ratings["score"])
        func score(_ months: ClosedRange<String>) -> Double {
            mean(rated.filter { months.contains($0.0) }.map { Double($0.1) ?? 0 })
        }
        let before = score("2025-11"..."2026-01")
        let dip = score("2026-02"..."2026-04")
        let after = score("2026-05"..."2026-07")
        #expect(before - dip > 0.25, "from \(before) to \(dip)")
        #expect(after - dip > 0.3, "from \(dip) to \(after)")
    }

    @Test func handOversExplainTheDip() {
        let opened = Demo.tickets["opened_at"].map(month)
        let handed = zip(opened, Demo.tickets["reassignment_count"])
        func reassigned(_ months: ClosedRange<String>) -> Double {
            share(handed.filter { months.contains($0.0) }) { $0.1 != "0" }
        }
        let dip = reassigned("2026-02"..."2026-04")
        #expect(dip > reassigned("2025-11"..."2026-01") + 0.08)
        #expect(dip > reassigned("2026-05"..."2026-07") + 0.1)
    }

    @Test func earlyClosersLookGoodAndCustomersComeBack() {
        let year = Self.ticketFacts.filter { $0.openedOn >= day("2025-11-01") }
        let online = year.filter { $0.team == "Online Support" }
        let others = year.filter { $0.team != "Online Support" }
        #expect(share(online) { $0.firstContact } > share(others) { $0.firstContact } + 0.12)
        #expect(share(online) { $0.reopened } > 1.5 * share(others) { $0.reopened })
        #expect(share(online) { $0.cameBack } > 2 * share(others) { $0.cameBack })
        let earlier = Self.ticketFacts.filter {
            $0.team == "Online Support" && $0.openedOn < day("2025-11-01")
        }
        #expect(share(earlier) { $0.firstContact } < 0.75)
        #expect(share(earlier) { $0.cameBack } < 0.15)
    }

    @Test func oneSalespersonPullsDealsIntoTheQuarter() {
        let won = zip(Demo.deals["stage"], zip(Demo.deals["employee"], Demo.deals["closed_on"]))
            .filter { $0.0 == "won" }.map { $0.1 }
        let shares = Dictionary(grouping: won) { $0.0 }.filter { $0.value.count >= 20 }
            .map { (employee: $0.key, late: share($0.value) { Self.daysLeft($0.1) < 5 }) }
            .sorted { $0.late > $1.late }
        #expect(shares[0].late > 0.33, "\(shares[0])")
        #expect(shares[1].late < 0.2, "\(shares[1])")
        let team = Demo.employees.map("employee", to: "team")[shares[0].employee]
        #expect(team == "Sales East")
    }

    @Test func oneCampaignIsClickedAndSellsNothing() {
        let table = Demo.campaigns
        let numbers = zip(table["clicks"], table["impressions"])
        let rates = zip(table["campaign"], numbers.map { (Double($0) ?? 0) / (Double($1) ?? 1) })
            .sorted { $0.1 > $1.1 }
        #expect(rates[0].1 > 2 * rates[1].1)
        let sold = Dictionary(grouping: Demo.orders["campaign"]) { $0 }.mapValues(\.count)
        let without = table["campaign"].filter { sold[$0] == nil }
        #expect(without == [rates[0].0])
    }

    @Test func yearEndIsBusiest() {
        for column in [Demo.tickets["opened_at"], Demo.orders["ordered_at"]] {
            let months = Dictionary(grouping: column.map(month)) { $0 }.mapValues(\.count)
                .filter { $0.key < "2026-11" }
            let mean = months.values.reduce(0, +) / months.count
            for month in ["2024-11", "2024-12", "2025-11", "2025-12"] {
                #expect(months[month] ?? 0 > mean * 11 / 10)
            }
            for month in ["2025-02", "2026-02"] { #expect(months[month] ?? 0 < mean * 9 / 10) }
        }
    }

    /// Days from a date to the last day of its quarter.
    private static func daysLeft(_ date: String) -> Int {
        let ends = ["03-31", "06-30", "09-30", "12-31"]
        let end = ends.first { date.suffix(5) <= $0 } ?? "12-31"
        return day(date.prefix(5) + end) - day(date)
    }

    private struct TicketFacts {
        let team: String
        let openedOn: Int
        let firstContact: Bool
        let reopened: Bool
        /// The same customer opened a ticket of the same category within a week of the solution.
        let cameBack: Bool
    }

    private static let ticketFacts: [TicketFacts] = {
        let (table, team) = (Demo.tickets, Demo.employees.map("employee", to: "team"))
        let resolved = table["resolved_at"]
        let matters = zip(table["customer"], table["category"]).map { $0 + $1 }
        let days = table["opened_at"].map(day)
        let visits = Dictionary(grouping: zip(matters, days), by: \.0)
        let counts = zip(table["reopen_count"], table["reassignment_count"]).map { ($0, $1) }
        return table["employee"].enumerated().map { index, employee in
            let solved = resolved[index].isEmpty ? Int.max - 7 : day(resolved[index])
            return TicketFacts(
                team: team[employee] ?? "", openedOn: days[index],
                firstContact: !resolved[index].isEmpty && counts[index] == ("0", "0"),
                reopened: counts[index].0 != "0",
                cameBack: (visits[matters[index]] ?? []).contains {
                    solved < $0.1 && $0.1 <= solved + 7
                })
        }
    }()
}
