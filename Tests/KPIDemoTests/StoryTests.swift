import Testing

/// Each story planted in the company, found by a plain computation over its rows.
@Suite struct StoryTests {
    private let folder = Demo.large

    private func scores(_ kind: String) -> [(month: String, score: Double)] {
        folder.rows("survey_answers", "survey_kind", "answered_at", "score")
            .filter { $0[0] == kind && !$0[2].isEmpty }
            .map { (month($0[1]), Double($0[2]) ?? 0) }
    }

    @Test func satisfactionDipsAndRecovers() {
        let rated = scores("csat")
        func score(_ months: ClosedRange<String>) -> Double {
            mean(rated.filter { months.contains($0.month) }.map { $0.score * 20 })
        }
        let before = score("2025-11"..."2026-01")
        let dip = score("2026-02"..."2026-04")
        let after = score("2026-05"..."2026-07")
        #expect(before - dip > 4, "from \(before) to \(dip)")
        #expect(after - dip > 5, "from \(dip) to \(after)")
    }

    @Test func smallBusinessesLeaveInOneWave() {
        let segment = Dictionary(
            folder.rows("customers", "customer_id", "segment").map { ($0[0], $0[1]) }
        ) { first, _ in first }
        let history = folder.rows(
            "customer_status_history", "customer_id", "status", "valid_from", "valid_to")
        func isActive(_ from: String, _ to: String, before date: String) -> Bool {
            from < date && (to.isEmpty || to >= date)
        }
        func loss(_ name: String, _ from: String, _ to: String) -> Double {
            let rows = history.filter { $0[1] == "active" && segment[$0[0]] == name }
            let opening = Set(rows.filter { isActive($0[2], $0[3], before: from) }.map { $0[0] })
            let closing = Set(rows.filter { isActive($0[2], $0[3], before: to) }.map { $0[0] })
            return share(opening) { !closing.contains($0) }
        }
        #expect(loss("small_business", "2026-07-01", "2026-10-01") > 0.11)
        #expect(loss("small_business", "2026-04-01", "2026-07-01") < 0.06)
        #expect(loss("small_business", "2025-07-01", "2025-10-01") < 0.06)
        #expect(loss("consumer", "2026-07-01", "2026-10-01") < 0.08)
        #expect(loss("enterprise", "2026-07-01", "2026-10-01") < 0.08)
    }

    @Test func oneTeamClosesEarlyAndItsCustomersReturn() {
        let cases = FirstContact.cases(of: folder)
        let year = cases.filter { $0.createdOn >= day("2025-11-01") }
        let online = year.filter { $0.unit == "service-online" }
        let others = year.filter { $0.unit != "service-online" }
        let before = cases.filter {
            $0.unit == "service-online" && $0.createdOn < day("2025-11-01")
        }
        #expect(share(online) { $0.resolved } > share(others) { $0.resolved } + 0.2)
        #expect(share(online) { $0.resolved } > share(before) { $0.resolved } + 0.2)
        #expect(share(online) { $0.returned } > 2 * share(others) { $0.returned })
        #expect(share(online) { $0.returned } > 2 * share(before) { $0.returned })
    }

    @Test func oneSalespersonClosesAtTheEndOfTheQuarter() {
        let won = folder.rows("opportunities", "outcome", "employee_id", "closed_at")
            .filter { $0[0] == "won" }
        let shares = Dictionary(grouping: won) { $0[1] }.filter { $0.value.count >= 25 }
            .map { (worker: $0.key, late: share($0.value) { Self.daysLeft($0[2]) < 5 }) }
            .sorted { $0.late > $1.late }
        #expect(
            shares[0].late > 0.24 && shares[0].late > shares[1].late * 1.6, "\(shares.prefix(3))")
        let units = folder.rows("assignments", "employee_id", "org_unit_id")
        #expect(units.contains { $0 == [shares[0].worker, "sales-east"] })
    }

    @Test func oneCampaignIsClickedAndSellsNothing() {
        var sums: [String: (clicks: Double, shown: Double)] = [:]
        for row in folder.rows("campaign_results", "campaign_id", "clicks", "impressions") {
            sums[row[0], default: (0, 0)].clicks += Double(row[1]) ?? 0
            sums[row[0], default: (0, 0)].shown += Double(row[2]) ?? 0
        }
        let rates = sums.map { (id: $0.key, rate: $0.value.clicks / $0.value.shown) }
            .sorted { $0.rate > $1.rate }
        #expect(rates[0].rate > 2 * rates[1].rate, "\(rates.prefix(2))")
        let sold = Set(folder.column("orders", "campaign_id"))
        #expect(sums.keys.filter { !sold.contains($0) } == [rates[0].id])
        let converted = folder.rows("leads", "campaign_id", "converted_at")
            .filter { $0[0] == rates[0].id && !$0[1].isEmpty }
        #expect(converted.isEmpty)
    }

    @Test func onePartnerKeepsCustomersWaiting() {
        let requests = folder.rows(
            "partner_services", "partner", "customer_id", "requested_at", "responded_at"
        ).filter { $0[2] >= "2025-07-01" }
        func hours(_ isSlow: Bool) -> Double {
            mean(
                requests.filter { $0[0].hasSuffix("Bay Dealers") == isSlow }
                    .compactMap { seconds(from: $0[2], to: $0[3]).map { Double($0) / 3600 } })
        }
        #expect(hours(true) > 5 * hours(false))
        var waits: [String: [String]] = [:]
        for row in requests { waits[row[1] + row[2].prefix(10)] = row }
        var kept: [Bool: [Bool]] = [:]
        for row in folder.rows(
            "tickets", "customer_id", "first_response_at", "due_at", "resolved_at", "org_unit_id")
        where !row[2].isEmpty && row[4] == "service-aftersales" {
            guard let wait = waits[row[0] + row[1].prefix(10)], wait[2] > row[1] else { continue }
            kept[wait[0].hasSuffix("Bay Dealers"), default: []].append(
                !row[3].isEmpty && row[3] <= row[2])
        }
        let (slow, others) = (share(kept[true] ?? []) { $0 }, share(kept[false] ?? []) { $0 })
        #expect(slow < 0.5 && others > 0.65, "\(slow) against \(others)")
    }

    @Test func oneTeamAsksItsHappyCustomersAlone() {
        let unit = Dictionary(
            folder.rows("tickets", "ticket_id", "org_unit_id").map { ($0[0], $0[1]) }
        ) { first, _ in first }
        let answers = folder.rows(
            "survey_answers", "survey_kind", "ticket_id", "collected_by", "score"
        ).filter { $0[0] == "csat" && !$0[3].isEmpty }
        func score(_ collector: String, vip: Bool) -> Double {
            mean(
                answers.filter { $0[2] == collector && (unit[$0[1]] == "service-vip") == vip }
                    .map { Double($0[3]) ?? 0 })
        }
        let own = score("own_department", vip: true)
        let independent = score("third_party", vip: true)
        #expect(own > independent + 0.4, "\(own) against \(independent)")
        #expect(abs(score("system", vip: false) - score("third_party", vip: false)) < 0.12)
        let asked = Set(answers.filter { $0[2] == "own_department" }.compactMap { unit[$0[1]] })
        #expect(asked == ["service-vip"])
    }

    @Test func oneAgentChangesTeamsInMidMonth() {
        let rows = folder.rows(
            "assignments", "employee_id", "org_unit_id", "valid_from", "valid_to", "is_primary"
        ).filter { $0[4] != "false" }
        let moves = Dictionary(grouping: rows) { $0[0] }.values
            .filter {
                $0.count > 1
                    && $0.allSatisfy { !["success-renewals", "service-night"].contains($0[1]) }
            }
        #expect(moves.count == 1)
        let move = moves.first?.sorted { $0[2] < $1[2] } ?? []
        #expect(move.map { $0[1] } == ["service-online", "service-hotline"])
        #expect(move[0][3] == "2026-08-17" && move[1][2] == "2026-08-17")
        let months = folder.rows("tickets", "first_responder_employee_id", "first_response_at")
            .filter { $0[0] == move[0][0] && $0[1].hasPrefix("2026-08") }
        #expect(
            months.contains { $0[1] < "2026-08-17" } && months.contains { $0[1] > "2026-08-17" })
    }

    @Test(arguments: [("tickets", "created_at"), ("orders", "placed_at")])
    func theYearEndIsBusyAndFebruaryQuiet(entity: String, time: String) {
        let all = folder.column(entity, time).map(month)
        for (year, end) in [(2024, "2025-11"), (2025, "2026-11")] {
            let own = all.filter { "\(year)-11" <= $0 && $0 < end }
            func pace(_ month: String) -> Double { share(own) { $0 == month } * 12 }
            #expect(pace("\(year)-11") > 1.15 && pace("\(year)-12") > 1.15)
            #expect(pace("\(year + 1)-02") < 0.85)
        }
    }

    @Test func singlesDayIsTheBusiestOfTheShop() {
        let november = folder.column("orders", "placed_at").filter { month($0) == "2025-11" }
        let peak = ["2025-11-10", "2025-11-11", "2025-11-12"]
        #expect(share(november) { peak.contains(String($0.prefix(10))) } > 0.15)
    }

    /// Days from a date to the last day of its quarter.
    private static func daysLeft(_ date: String) -> Int {
        let ends = ["03-31", "06-30", "09-30", "12-31"]
        let end = ends.first { date.dropFirst(5).prefix(5) <= $0 } ?? "12-31"
        return day(date.prefix(5) + end) - day(date)
    }
}

/// A case with what first-contact resolution makes of it.
private struct FirstContact {
    /// The team of the agent who answered first.
    let unit: String
    let createdOn: Int
    /// Resolved by one contact within a week, without reopening or repetition in the week after.
    let resolved: Bool
    /// The customer was back with the same matter one to two weeks after the solution.
    let returned: Bool

    static func cases(of folder: CompanyFolder) -> [FirstContact] {
        let rows = folder.rows(
            "tickets", "customer_id", "category", "created_at", "first_resolved_at",
            "reopened_at", "contact_count", "org_unit_id", "exclusion"
        ).filter { $0[7].isEmpty }
        var visits: [String: [String]] = [:]
        for row in rows { visits[row[0] + row[1], default: []].append(row[2]) }
        return rows.map { row in
            let solved = row[3]
            let all = solved.isEmpty ? [] : visits[row[0] + row[1]] ?? []
            let again = all.filter { $0 > solved }
                .map { day($0) - day(solved) }
            let isResolved =
                row[5] == "1" && !solved.isEmpty && day(solved) - day(row[2]) < 7
                && (row[4].isEmpty || day(row[4]) - day(solved) >= 7)
            return FirstContact(
                unit: row[6], createdOn: day(row[2]),
                resolved: isResolved && !again.contains { $0 < 7 },
                returned: !solved.isEmpty && again.contains { (7..<14).contains($0) })
        }
    }
}
