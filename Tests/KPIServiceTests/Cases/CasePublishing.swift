import KPIService

/// Steps and questions of cases about published cells.
enum CasePublishing {
    static func publish(_ words: String, _ company: Company) async throws {
        throw CaseError.shape("publish \(words)")
    }

    static func restatements(_ words: String, _ company: Company) async throws -> String {
        throw CaseError.shape("restatements \(words)")
    }
}
