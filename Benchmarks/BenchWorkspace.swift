import Foundation

/// The files of the measured workspaces.
enum BenchWorkspace {
    /// Midnight in the workspace's zone.
    static let start = "2024-01-01 00:00:00+08"
    static let end = "2026-01-01 00:00:00+08"
    /// 2024 is a leap year.
    static let spanSeconds = (366 + 365) * 86_400

    static func write(to folder: String) throws {
        for (path, text) in files { try write(text, to: "\(folder)/\(path)") }
    }

    static func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    static let settings = """
        name: {zh: 测量, en: Measured company}
        locale: en
        time_zone: Asia/Shanghai
        currency: CNY

        """

    static let ticketDataset = """
        dataset: tickets
        label: {zh: 工单, en: Tickets}
        key: ticket
        time: [opened_at]
        coverage: {from: 2024-01-01, to: 2026-01-01}
        columns:
          ticket: integer
          agent: text
          channel: text
          opened_at: timestamp
          replied_at: timestamp
          resolved_at: timestamp
          reopened: boolean
          first_contact: boolean
          cost: money
        references:
          assignee: {to: agents, on: agent}
        dimensions:
          person: agent
          team: assignee.team
          department: assignee.unit.department
        measures:
          tickets_opened: {aggregate: count()}
          tickets_resolved: {aggregate: count(), where: resolved_at is present}
          solved_at_once: {aggregate: count(), where: first_contact}
          tickets_reopened: {aggregate: count(), where: reopened}
          time_to_resolve:
            aggregate: mean(duration(opened_at, resolved_at))
            open: resolved_at is missing
          time_to_reply: {aggregate: "mean(duration(opened_at, replied_at))"}
          cost_of_tickets: {aggregate: sum(cost)}
          working_time: {aggregate: "sum(working(opened_at, resolved_at))"}
          elapsed_time: {aggregate: "sum(duration(opened_at, resolved_at))"}

        """

    private static let ratingDataset = """
        dataset: ratings
        label: {zh: 评分, en: Ratings}
        key: rating
        time: [rated_at]
        coverage: {from: 2024-01-01, to: 2026-01-01}
        columns:
          rating: integer
          agent: text
          score: integer
          rated_at: timestamp
        references:
          rated: {to: agents, on: agent}
        dimensions:
          person: agent
          team: rated.team
          department: rated.unit.department
        measures:
          ratings_given: {aggregate: count()}
          top_ratings: {aggregate: count(), where: score >= 4}
          mean_score: {aggregate: mean(score), unit: score}

        """

    private static let cards = """
        kpis:
          - {id: ticket-volume, label: {zh: 工单量, en: Tickets}, formula: tickets_opened, unit: count}
          - {id: resolved-volume, label: {zh: 解决量, en: Resolved}, formula: tickets_resolved, unit: count}
          - {id: resolution-rate, label: {zh: 解决率, en: Resolution rate}, formula: tickets_resolved ÷ tickets_opened × 100%, unit: percent}
          - {id: first-contact-rate, label: {zh: 首解率, en: First contact resolution}, formula: solved_at_once ÷ tickets_resolved × 100%, unit: percent}
          - {id: reopen-rate, label: {zh: 重开率, en: Reopen rate}, formula: tickets_reopened ÷ tickets_resolved × 100%, unit: percent}
          - {id: resolution-time, label: {zh: 解决时长, en: Time to resolve}, formula: time_to_resolve, unit: duration}
          - {id: reply-time, label: {zh: 首响时长, en: Time to reply}, formula: time_to_reply, unit: duration}
          - {id: service-cost, label: {zh: 服务成本, en: Cost}, formula: cost_of_tickets, unit: currency}
          - {id: cost-per-ticket, label: {zh: 单均成本, en: Cost per ticket}, formula: cost_of_tickets ÷ tickets_opened, unit: currency}
          - {id: satisfaction, label: {zh: 满意度, en: Satisfaction}, formula: mean_score, unit: score}
          - {id: top-two-rate, label: {zh: 满意率, en: Top two boxes}, formula: top_ratings ÷ ratings_given × 100%, unit: percent}
          - {id: working-time, label: {zh: 工作时长, en: Working time}, formula: working_time, unit: duration}
          - {id: elapsed-time, label: {zh: 历时, en: Elapsed time}, formula: elapsed_time, unit: duration}
          - {id: rating-volume, label: {zh: 评分量, en: Ratings}, formula: ratings_given, unit: count}

        """

    /// In the order of the cards.
    static let kpis = [
        "ticket-volume", "resolved-volume", "resolution-rate", "first-contact-rate", "reopen-rate",
        "resolution-time", "reply-time", "service-cost", "cost-per-ticket", "satisfaction",
        "top-two-rate", "rating-volume",
    ]

    private static var files: [String: String] {
        [
            "plumbline.yaml": settings,
            "calendar.yaml": """
            working_hours:
              monday-friday: ["09:00-12:00", "13:00-18:00"]
            holidays: cn

            """,
            "datasets/tickets.yaml": ticketDataset,
            "datasets/ratings.yaml": ratingDataset,
            "datasets/agents.yaml": """
            dataset: agents
            key: agent
            columns: {agent: text, team: text}
            references:
              unit: {to: teams, on: team}

            """,
            "datasets/teams.yaml": """
            dataset: teams
            key: team
            columns: {team: text, department: text}

            """,
            "sources/tickets.yaml": source(
                "tickets",
                [
                    "ticket", "agent", "channel", "opened_at", "replied_at", "resolved_at",
                    "reopened", "first_contact", "cost",
                ]),
            "sources/ratings.yaml": source("ratings", ["rating", "agent", "score", "rated_at"]),
            "sources/agents.yaml": source("agents", ["agent", "team"]),
            "sources/teams.yaml": source("teams", ["team", "department"]),
            "kpis/cards.yaml": cards,
            "data/tickets.csv": """
            ticket,agent,channel,opened_at,replied_at,resolved_at,reopened,first_contact,cost
            0,P000,phone,2024-01-01 00:00:00,2024-01-01 00:10:00,2024-01-01 01:00:00,false,true,12.50
            1,P001,mail,2025-12-31 23:59:59,,,false,false,3.75

            """,
            "data/ratings.csv": """
            rating,agent,score,rated_at
            0,P000,5,2024-01-01 00:00:00
            1,P001,2,2025-12-31 23:59:59

            """,
            "data/agents.csv": agents,
            "data/teams.csv": teams,
        ]
    }

    private static func source(_ name: String, _ columns: [String]) -> String {
        let pairs = columns.map { "  \($0): \($0)\n" }.joined()
        return
            "source: \(name)\ndataset: \(name)\nfiles: [\(name).csv, \(name)-*.parquet]\ncolumns:\n\(pairs)"
    }

    private static var agents: String {
        let perTeam = BenchSize.agents / BenchSize.teams
        return (0..<BenchSize.agents).reduce(into: "agent,team\n") { text, agent in
            text += String(format: "P%03d,T%02d\n", agent, agent / perTeam)
        }
    }

    private static var teams: String {
        let perDepartment = BenchSize.teams / BenchSize.departments
        return (0..<BenchSize.teams).reduce(into: "team,department\n") { text, team in
            text += String(format: "T%02d,D%d\n", team, team / perDepartment)
        }
    }
}
