import KPICore
import KPIIngest
import KPIService

/// A copy of the reference workspace that is published, changed and looked at again.
struct PublishedWorkspace {
    let scratch: ScratchWorkspace

    /// - Parameter changes: to files before anything is loaded, as (path, text, by what).
    init(_ changes: [(String, String, String)] = []) async throws {
        scratch = try ScratchWorkspace(copyOf: "Tests/Reference")
        for (path, old, new) in changes { try edit(path, old, new) }
        try await load()
    }

    var statePath: String { scratch.folder + "/store/state.sqlite" }

    func company() async throws -> Company { try await Company.open(scratch.folder) }

    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try scratch.read(path)
        precondition(text.contains(old), "\(path) has no \(old)")
        try scratch.write(text.replacing(old, with: new), to: path)
    }

    func load(again: Bool = false) async throws {
        let company = try await company()
        var loader = Loader(warehouse: company.warehouse, dataFolder: scratch.folder + "/data")
        loader.again = again
        _ = try await loader.load()
    }

    /// Edits the deals and loads them.
    func change(_ old: String, _ new: String) async throws {
        try edit("data/deals.csv", old, new)
        try await load()
    }

    func add(_ deal: String) async throws {
        try scratch.write(try scratch.read("data/deals.csv") + deal + "\n", to: "data/deals.csv")
        try await load()
    }

    func computed(_ words: QuestionText) async throws -> Answer {
        let company = try await company()
        return try await company.compute(QuestionReader(company.workspace).question(words))
    }

    @discardableResult
    func publish(
        _ kpis: [String], _ period: String, by groupings: [String] = [], again: Bool = false,
        unfinished: Bool = false
    ) async throws -> [PublishedBlock] {
        var words = PublishText(period: period, by: "Ann")
        words.kpis = kpis
        words.groupings = groupings
        words.isAgain = again
        words.allowsUnfinished = unfinished
        return try await company().publish(words)
    }

    func restated(_ kpis: [String] = []) async throws -> [Restated] {
        try await company().restatements(kpis).items.map(Restated.init)
    }
}

/// A restatement in short: what a test expects.
struct Restated: Equatable, CustomStringConvertible {
    var cell: String
    var was: String
    var now: String
    var why: [String]

    init(_ cell: String, _ was: String, _ now: String, _ why: String...) {
        self.cell = cell
        self.was = was
        self.now = now
        self.why = why
    }

    init(_ item: Restatement) {
        let group = item.group.map { " \($0.dimension)=\($0.value)" }.joined()
        cell = "\(item.kpi.id) \(item.period)\(group)"
        was = Self.text(item.was)
        now = Self.text(item.now)
        why = item.reasons.map(\.code)
    }

    private static func text(_ cell: CellFigures?) -> String {
        guard let cell else { return "absent" }
        guard cell.state.hasValue else { return cell.state.reason }
        if let exact = cell.value.exactNumber { return exact.trimmed.description }
        if case .double(let value) = cell.value { return "\(value)" }
        return ""
    }

    var description: String { "\(cell): \(was) → \(now), \(why.joined(separator: "; "))" }
}

/// The code of what a call throws.
func code(_ body: () async throws -> Void) async throws -> String {
    do {
        try await body()
        return "nothing"
    } catch let error as Diagnostics {
        return Set(error.items.map(\.code)).sorted().joined(separator: " ")
    }
}
