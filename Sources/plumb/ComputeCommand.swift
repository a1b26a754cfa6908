import ArgumentParser
import Glibc
import KPICore
import KPIIngest
import KPIModel
import KPIQuery
import KPIReport
import KPIService

/// The question of `compute`.
struct QuestionOptions: ParsableArguments {
    @Argument(help: "KPIs by id or label; none means all that can be broken down as asked.")
    var kpis: [String] = []

    @Option(
        help: "Grains, separated by commas: total, hour, day, week, month, quarter, half, year.")
    var grain: [String] = []

    @Option(help: "One grouping: dimensions separated by commas. May be given several times.")
    var by: [String] = []

    @Option(help: "First period or day of the range, included.")
    var from: String?

    @Option(help: "Last period or day of the range, included.")
    var to: String?

    @Option(
        name: .customLong("where"),
        help: "Row expression that every record must satisfy; of several, all.")
    var filter: [String] = []

    @Option(help: "The instant the question is asked for; a period means its end.")
    var asOf: String?

    @Flag(help: "95 % intervals in the columns low and high, where the formula has one.")
    var intervals = false

    @Option(help: "Keep the N largest groups of a dimension apart; all others are ‘(others)’.")
    var top: Int?

    mutating func validate() throws {
        if let top, top < 1 { throw ValidationError("--top needs a number from 1") }
    }

    var words: QuestionText {
        var words = QuestionText()
        words.kpis = kpis
        words.grains = grain
        words.groupings = by
        words.from = from
        words.to = to
        if !filter.isEmpty {
            words.filter =
                filter.count == 1
                ? filter[0] : filter.map { "(\($0))" }.joined(separator: " and ")
        }
        words.asOf = asOf
        words.intervals = intervals
        words.top = top
        return words
    }
}

enum AnswerFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json, parquet
}

struct ComputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compute", abstract: "Computes the cells of KPIs.",
        discussion: "The contract of the answer is docs/reference/compute.md.")

    @OptionGroup var options: WorkspaceOptions
    @OptionGroup var question: QuestionOptions

    @Option(
        name: .customLong("format"),
        help: "table, csv, json or parquet; by default from the name of the output, else table.")
    var statedFormat: AnswerFormat?

    @Option(help: "File to write to; parquet needs one.")
    var output: String?

    @Flag(help: "Answer with published cells alone; what is not published is an error.")
    var published = false

    private var format: AnswerFormat {
        let ending = output?.split(separator: ".").last.map(String.init) ?? ""
        return statedFormat ?? AnswerFormat(rawValue: ending) ?? .table
    }

    func validate() throws {
        if format == .parquet, output == nil {
            throw ValidationError("--format parquet needs --output FILE")
        }
        let isNarrowed = !question.filter.isEmpty || question.asOf != nil
        if published, isNarrowed || question.intervals || question.top != nil {
            throw ValidationError(
                "--published knows no --where, --as-of, --intervals and --top: cells stand as they were frozen"
            )
        }
    }

    func run() async throws {
        let company = try await Company.open(options.workspace)
        let words = question.words
        let question = try QuestionReader(company.workspace).question(words)
        let answer: Answer
        if published {
            answer = try company.publishedAnswer(words)
        } else {
            noteLeftOut(question, company.workspace)
            try await Self.noteOutdated(company)
            answer = try await company.compute(question)
        }
        if format == .parquet {
            try await ParquetFile(answer: answer).write(to: output!)
            return
        }
        let descriptor = try output.map(open) ?? STDOUT_FILENO
        switch format {
        case .csv:
            CSVReport.write(answer) { Terminal.write($0, to: descriptor) }
        case .json:
            JSONReport.write(answer, question: echo(question)) {
                Terminal.write($0, to: descriptor)
            }
        default:
            if !published { noteAsOf(answer, question) }
            let report = TableReport(
                language: company.workspace.locale,
                isTerminal: output == nil && Terminal.isOutputInteractive)
            Terminal.write(Array(report.text(answer).utf8), to: descriptor)
        }
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    /// The version of a cell names the mapping of the files; records loaded before are named here.
    static func noteOutdated(_ company: Company) async throws {
        let sources = try await company.warehouse.outdatedSources()
        guard !sources.isEmpty else { return }
        let names = sources.joined(separator: ", ")
        Terminal.write(
            Terminal.say(
                "注意：这些来源的映射在装入之后改过：\(names)；请运行 plumb load",
                "note: the mapping of these sources changed after they were loaded: \(names); run plumb load"
            ), toError: true)
    }

    /// Without names all KPIs are meant; those that lack a breakdown are named, not dropped silently.
    private func noteLeftOut(_ question: Question, _ workspace: Workspace) {
        guard self.question.kpis.isEmpty else { return }
        let left = workspace.cards.map(\.id).filter { !question.kpis.contains($0) }
        guard !left.isEmpty else { return }
        let names = left.joined(separator: ", ")
        Terminal.write(
            Terminal.say(
                "未包含（没有所要的拆分，或已停用）：\(names)",
                "left out (no such breakdown, or not in use): \(names)"), toError: true)
    }

    /// KPIs asked for together share the least watermark as their as-of; where that hides something
    /// of one of them, the reader is told.
    private func noteAsOf(_ answer: Answer, _ question: Question) {
        let marks = Set(answer.blocks.map(\.kpi.watermark)).filter { !$0.isEmpty }.sorted()
        guard question.asOf == nil, marks.count > 1, let first = marks.first else { return }
        Terminal.write(
            Terminal.say(
                "截至 \(first)：这些指标中最早的数据水位；之后的记录不计。--as-of 可另行指定",
                "as of \(first), the least watermark of these KPIs: what came later is left out. --as-of sets another"
            ), toError: true)
    }

    private func open(_ path: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else {
            throw Diagnostics(.engine("\(path): \(String(cString: strerror(errno)))"))
        }
        return descriptor
    }

    private func echo(_ question: Question) -> [(name: String, value: JSONReport.Field)] {
        [
            ("kpis", .list(question.kpis)), ("grains", .list(question.grains.map(\.rawValue))),
            ("by", .list(question.groupings.map { $0.joined(separator: ",") })),
            ("from", .text(self.question.from ?? "")), ("to", .text(self.question.to ?? "")),
            ("where", .text(self.question.words.filter ?? "")),
            ("as_of", .text(self.question.asOf ?? "")),
        ]
    }
}
