import Testing

@Suite struct ConsistencyTests {
    private let lastDay = "2026-11-05"

    @Test func everyReferenceResolves() {
        let teams = Set(Demo.teams["team"])
        let employees = Set(Demo.employees["employee"])
        let customers = Set(Demo.customers["customer"])
        #expect(Demo.employees["team"].allSatisfy(teams.contains))
        #expect(Demo.customers["owner"].allSatisfy(employees.contains))
        for table in [Demo.tickets, Demo.orders, Demo.deals] {
            #expect(table["customer"].allSatisfy(customers.contains))
            #expect(table["employee"].allSatisfy(employees.contains))
        }
        #expect(Demo.ratings["ticket"].allSatisfy(Set(Demo.tickets["ticket"]).contains))
        let campaigns = Set(Demo.campaigns["campaign"])
        #expect(Demo.orders["campaign"].allSatisfy { $0.isEmpty || campaigns.contains($0) })
    }

    @Test func ticketsGoToServiceAndDealsToSales() {
        let department = Demo.teams.map("team", to: "department")
        let team = Demo.employees.map("employee", to: "team")
        func departments(_ ids: [String]) -> Set<String> {
            Set(Set(ids).compactMap { team[$0].flatMap { department[$0] } })
        }
        #expect(departments(Demo.tickets["employee"]) == ["Service"])
        #expect(departments(Demo.deals["employee"]) == ["Sales"])
        #expect(departments(Demo.orders["employee"]) == ["Sales"])
    }

    @Test func rowsAreInOrderOfTime() {
        let times = [
            Demo.employees["hired_on"], Demo.customers["became_customer_on"],
            Demo.campaigns["started_on"], Demo.tickets["opened_at"], Demo.ratings["rated_at"],
            Demo.deals["created_on"], Demo.orders["ordered_at"],
        ]
        for column in times {
            #expect(zip(column, column.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(column.allSatisfy { $0.prefix(10) <= lastDay })
        }
    }

    @Test func windowIsFull() {
        for column in [Demo.tickets["opened_at"], Demo.orders["ordered_at"]] {
            let days = Set(column.map(day))
            #expect(days == Set(day("2024-11-01")...day(lastDay)))
        }
        let closed = Demo.deals["closed_on"].filter { !$0.isEmpty }
        #expect(closed.allSatisfy { "2024-11-01" <= $0 && $0 <= lastDay })
    }

    @Test func nothingHappensBeforeItsStart() {
        let since = Demo.customers.map("customer", to: "became_customer_on")
        let hired = Demo.employees.map("employee", to: "hired_on")
        let owned = zip(Demo.customers["owner"], Demo.customers["became_customer_on"])
        #expect(owned.allSatisfy { hired[$0.0, default: "9"] <= $0.1 })
        let events = [
            (Demo.tickets, "opened_at"), (Demo.orders, "ordered_at"), (Demo.deals, "created_on"),
        ]
        for (table, column) in events {
            let times = table[column].map { $0.prefix(10) }
            #expect(zip(table["customer"], times).allSatisfy { since[$0.0, default: "9"] <= $0.1 })
            #expect(zip(table["employee"], times).allSatisfy { hired[$0.0, default: "9"] <= $0.1 })
        }
    }

    @Test func ticketTimesFollowEachOther() {
        let table = Demo.tickets
        let (opened, replied, resolved) = (
            table.place("opened_at"), table.place("first_replied_at"), table.place("resolved_at")
        )
        let (due, reopened) = (table.place("due_at"), table.place("reopen_count"))
        for row in table.rows {
            #expect(row[opened] < row[due])
            guard !row[replied].isEmpty else {
                #expect(row[resolved].isEmpty)
                continue
            }
            #expect(row[opened] < row[replied])
            #expect(row[resolved].isEmpty ? row[reopened] == "0" : row[replied] < row[resolved])
            #expect(row[resolved].prefix(10) <= lastDay)
        }
    }

    @Test func ratingsFollowResolution() {
        let resolved = Demo.tickets.map("ticket", to: "resolved_at")
        let rated = zip(Demo.ratings["ticket"], Demo.ratings["rated_at"])
        #expect(rated.allSatisfy { !resolved[$0.0, default: ""].isEmpty })
        #expect(rated.allSatisfy { resolved[$0.0, default: "9"] < $0.1 })
        #expect(Set(Demo.ratings["score"]) == ["1", "2", "3", "4", "5"])
        let answers = Set(Demo.ratings["nps"])
        #expect(answers.isSubset(of: Set((0...10).map(String.init) + [""])))
        #expect(answers.contains("") && answers.contains("10"))
    }

    @Test func dealsAndOrdersAreWhole() {
        let deals = Demo.deals
        for (stage, dates) in zip(deals["stage"], zip(deals["created_on"], deals["closed_on"])) {
            #expect(dates.1.isEmpty ? stage == "open" : dates.0 < dates.1)
        }
        #expect(Set(deals["stage"]) == ["open", "won", "lost"])
        #expect(Set(Demo.orders["kind"]) == ["sale", "return"])
        for amount in Demo.orders["amount"] + deals["amount"] + Demo.campaigns["spend"] {
            let parts = amount.split(separator: ".")
            #expect(parts.count == 2 && parts[1].count == 2 && Int(parts[0] + parts[1]) ?? 0 > 0)
        }
    }

    @Test func someTicketsStayOpen() {
        let open = share(Demo.tickets["resolved_at"]) { $0.isEmpty }
        let silent = share(Demo.tickets["first_replied_at"]) { $0.isEmpty }
        #expect((0.02...0.06).contains(open) && (0.01...0.02).contains(silent))
    }
}
