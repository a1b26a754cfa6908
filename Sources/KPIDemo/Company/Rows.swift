/// One cell of a row of the standard model.
enum Cell: ExpressibleByStringLiteral, ExpressibleByNilLiteral, ExpressibleByIntegerLiteral {
    case empty
    case text(String)
    /// A prefix and the number of a row, from 0.
    case id(String, Int, width: Int)
    case number(Int)
    /// A multiple of 10 ^ -`places`.
    case decimal(Int, places: Int)
    /// Something recorded on a day or at a second; empty when it is not known yet.
    case day(Int)
    case second(Int)
    /// Something foreseen, which may lie ahead.
    case dueDay(Int)
    case dueSecond(Int)

    init(stringLiteral value: String) { self = value.isEmpty ? .empty : .text(value) }
    init(nilLiteral: ()) { self = .empty }
    init(integerLiteral value: Int) { self = .number(value) }

    static func on(_ day: Int?) -> Cell { day.map { .day($0) } ?? .empty }
    static func at(_ second: Int?) -> Cell { second.map { .second($0) } ?? .empty }
    static func due(on day: Int?) -> Cell { day.map { .dueDay($0) } ?? .empty }
    static func due(at second: Int?) -> Cell { second.map { .dueSecond($0) } ?? .empty }
    static func words(_ text: String?) -> Cell { text.map { .text($0) } ?? .empty }
    static func count(_ number: Int?) -> Cell { number.map { .number($0) } ?? .empty }
    static func flag(_ value: Bool?) -> Cell {
        value.map { .text($0 ? "true" : "false") } ?? .empty
    }
    /// Cents as units.
    static func money(_ cents: Int?) -> Cell {
        cents.map { .decimal($0, places: 2) } ?? .empty
    }
    static func row(_ prefix: String, _ index: Int?, width: Int = 7) -> Cell {
        index.map { .id(prefix, $0, width: width) } ?? .empty
    }
    static func article(_ index: Int?) -> Cell { row("K", index, width: 4) }
    static func customer(_ index: Int?) -> Cell { row("C", index, width: 6) }
    static func unit(_ unit: OrgUnit?) -> Cell { words(unit?.facts.id) }
}

/// The files of the standard model, all open at once; a buffer each is all the memory they take.
///
/// An error of the disk is kept until `check` or `close` throws it, so that rows are added plainly.
final class EntityFiles {
    private let writers: [CSVWriter]
    private var counts: [Int]
    /// The first second, since 1970, of which nothing is known.
    private let horizon: Int
    private var failure: (any Error)?

    init(folder: String, horizon: Int) throws {
        self.horizon = horizon
        writers = try Entity.allCases.map {
            try CSVWriter(folder: folder, file: $0.file, columns: $0.columns)
        }
        counts = Entity.allCases.map { _ in 0 }
    }

    /// Rows so far, and the number of the next one.
    func count(_ entity: Entity) -> Int { counts[entity.rawValue] }

    /// Adds a row of as many cells as the entity has columns and gives its number.
    @discardableResult
    func add(_ entity: Entity, _ cells: Cell...) -> Int {
        precondition(cells.count == entity.width, "\(entity.name): \(cells.count) cells")
        let writer = writers[entity.rawValue]
        for cell in cells { write(cell, writer) }
        do { try writer.endRow() } catch { failure = failure ?? error }
        counts[entity.rawValue] += 1
        return counts[entity.rawValue] - 1
    }

    func check() throws {
        if let failure { throw failure }
    }

    func close() throws {
        try check()
        for writer in writers { try writer.close() }
    }

    private func write(_ cell: Cell, _ writer: CSVWriter) {
        switch cell {
        case .empty: writer.empty()
        case .text(let text): writer.text(text)
        case .id(let prefix, let index, let width): writer.id(prefix, index, width: width)
        case .number(let number): writer.decimal(number, places: 0)
        case .decimal(let number, let places): writer.decimal(number, places: places)
        case .day(let day): writer.date(day * secondsPerDay < horizon ? day : nil)
        case .second(let second): writer.time(second < horizon ? second : nil)
        case .dueDay(let day): writer.date(day)
        case .dueSecond(let second): writer.time(second)
        }
    }
}
