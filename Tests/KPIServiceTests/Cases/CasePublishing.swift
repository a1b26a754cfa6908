import KPIReport
import KPIService

/// Steps and questions of cases about published cells.
enum CasePublishing {
    static func publish(_ words: String, _ company: Company) async throws {
        let command = ConsoleCommand("plumb publish " + words)
        var text = PublishText(period: command.options("period").first ?? "", by: "case")
        text.kpis = command.arguments
        text.groupings = command.options("by")
        text.isAgain = command.words.contains("--again")
        text.allowsUnfinished = command.words.contains("--allow-unfinished")
        _ = try await company.publish(text)
    }

    static func restatements(_ words: String, _ company: Company) async throws -> String {
        let command = ConsoleCommand("plumb restatements " + words)
        let list = try await company.restatements(
            command.arguments.filter { !$0.isEmpty }, period: command.options("period").first)
        return RestatementReport(list.items).csv
    }
}
