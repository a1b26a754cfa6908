import GRDB
import KPICore

/// Published cells in the state: they are added and read, never changed.
struct PublishedStore {
    let state: StateStore

    // MARK: Writing

    /// Writes blocks under one publication: all or none.
    ///
    /// - Parameters:
    ///   - definitions: text of each version.
    ///   - again: whether what is published already gets another revision; else it is refused.
    /// - Returns: the blocks with their revisions.
    func add(
        _ blocks: [PublishedBlock], _ definitions: [String: String], _ publication: Publication,
        again: Bool, zone: Zone
    ) throws -> [PublishedBlock] {
        try state.write { database in
            var numbered: [PublishedBlock] = []
            var refusals: [Diagnostic] = []
            var refused: Set<String> = []
            for var block in blocks {
                let last = try Self.last(block, database)
                // Once for each KPI: its groupings mostly are all published, or none.
                if let last, !again, refused.insert(block.kpi).inserted {
                    refusals.append(Diagnostic(Self.refusal(block, last, zone)))
                }
                block.revision = (last?.revision ?? 0) + 1
                block.publication = publication
                numbered.append(block)
            }
            guard refusals.isEmpty else { throw Diagnostics(refusals) }
            try insert(numbered, definitions, publication, database)
            return numbered
        }
    }

    private static func last(
        _ block: PublishedBlock, _ database: GRDB.Database
    ) throws -> (revision: Int, at: Instant, by: String)? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT b.revision, p.at, p."by" FROM published_blocks AS b \
                JOIN publications AS p ON p.id = b.publication \
                WHERE kpi = ? AND grain = ? AND period = ? AND dimensions = ? \
                ORDER BY revision DESC LIMIT 1
                """,
            arguments: [
                block.kpi, block.grain.rawValue, block.period,
                PublishedBlock.text(block.dimensions),
            ])
        return row.map { ($0[0], $0[1], $0[2]) }
    }

    private static func refusal(
        _ block: PublishedBlock, _ last: (revision: Int, at: Instant, by: String), _ zone: Zone
    ) -> Problem {
        .alreadyPublished(
            kpi: block.kpi, period: block.period, grouping: block.groupingText,
            at: LocalClock.text(zone.local(last.at / 1_000_000 * 1_000_000)), by: last.by)
    }

    private func insert(
        _ blocks: [PublishedBlock], _ definitions: [String: String], _ publication: Publication,
        _ database: GRDB.Database
    ) throws {
        for (version, text) in definitions.sorted(by: { $0.key < $1.key }) {
            let known = try Int.fetchOne(
                database, sql: "SELECT 1 FROM definitions WHERE version = ?", arguments: [version])
            guard known == nil else { continue }
            try database.execute(
                sql: "INSERT INTO definitions VALUES (?, ?)", arguments: [version, text])
        }
        try database.execute(
            sql: """
                INSERT INTO publications (at, "by", note, load, loaded_at) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                publication.at, publication.by, publication.note, publication.load,
                publication.loadedAt,
            ])
        let publication = database.lastInsertedRowID
        for block in blocks { try insert(block, publication, database) }
    }

    private func insert(
        _ block: PublishedBlock, _ publication: Int64, _ database: GRDB.Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO published_blocks (publication, kpi, grain, period, start, dimensions, \
                revision, version, version_label, unit, is_percent, watermark, as_of, \
                is_unfinished, grouping, coverage, covered, signature, hidden, kinds, seal) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                publication, block.kpi, block.grain.rawValue, block.period, block.start,
                PublishedBlock.text(block.dimensions), block.revision, block.version,
                block.versionLabel, block.unit, block.isPercent, block.watermark, block.asOf,
                block.isUnfinished, block.basis.grouping, block.basis.coverage,
                block.basis.covered, block.basis.signature, block.basis.hidden,
                block.kinds.map { $0?.rawValue ?? "" }.joined(separator: ","), block.seal,
            ])
        let id = database.lastInsertedRowID
        let statement = try database.makeStatement(
            sql: "INSERT INTO published_cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for cell in block.cells {
            let numbers = cell.figures.numbers.map(FrozenNumber.text)
            try statement.execute(arguments: [
                id, PublishedBlock.text(cell.members), numbers[0], numbers[1], numbers[2],
                numbers[3], numbers[4], cell.figures.state.status, cell.figures.state.reason,
            ])
        }
    }

    // MARK: Reading

    /// Published blocks in the order of their publication, without their cells.
    ///
    /// - Parameter isLatest: of each only the last revision.
    func blocks(isLatest: Bool) throws -> [(id: Int64, block: PublishedBlock)] {
        try state.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT b.*, p.at, p."by", p.note, p.load, p.loaded_at \
                    FROM published_blocks AS b JOIN publications AS p ON p.id = b.publication \
                    ORDER BY b.id
                    """)
            let all = rows.map { (id: $0["id"] as Int64, block: Self.block($0)) }
            guard isLatest else { return all }
            var last: [PublishedBlock.Identity: Int] = [:]
            for (_, block) in all { last[block.identity] = block.revision }
            return all.filter { last[$0.block.identity] == $0.block.revision }
        }
    }

    private static func block(_ row: Row) -> PublishedBlock {
        PublishedBlock(
            kpi: row["kpi"], grain: Grain(rawValue: row["grain"]) ?? .total,
            period: row["period"], start: row["start"],
            dimensions: PublishedBlock.list(row["dimensions"]), revision: row["revision"],
            version: row["version"], versionLabel: row["version_label"], unit: row["unit"],
            isPercent: row["is_percent"], watermark: row["watermark"], asOf: row["as_of"],
            isUnfinished: row["is_unfinished"],
            basis: PublishedBlock.Basis(
                grouping: row["grouping"], coverage: row["coverage"],
                covered: row["covered"], signature: row["signature"], hidden: row["hidden"]),
            cells: [],
            publication: Publication(
                at: row["at"], by: row["by"], note: row["note"], load: row["load"],
                loadedAt: row["loaded_at"]))
    }

    /// The same blocks with their cells.
    ///
    /// - Throws: `Diagnostics` when somebody changed one from outside.
    func filled(_ blocks: [(id: Int64, block: PublishedBlock)]) throws -> [PublishedBlock] {
        try state.read { database in
            let statement = try database.makeStatement(
                sql: "SELECT * FROM published_cells WHERE block = ?")
            return try blocks.map { id, block in
                let row = try Row.fetchOne(
                    database, sql: "SELECT kinds, seal FROM published_blocks WHERE id = ?",
                    arguments: [id])!
                let names = (row["kinds"] as String).split(
                    separator: ",", omittingEmptySubsequences: false)
                let kinds = names.map { FrozenNumber.Kind(rawValue: String($0)) }
                var block = block
                block.cells = try Row.fetchAll(statement, arguments: [id])
                    .map { Self.cell($0, kinds) }.sorted {
                        GroupOrder.isBefore($0.members, $1.members)
                    }
                guard block.seal == row["seal"] else {
                    throw Diagnostics(
                        .publishedChanged(
                            path: state.path, kpi: block.kpi, period: block.period,
                            grouping: block.groupingText))
                }
                return block
            }
        }
    }

    private static func cell(
        _ row: Row, _ kinds: [FrozenNumber.Kind?]
    ) -> PublishedBlock.Cell {
        let columns = ["value", "numerator", "denominator", "n", "open"]
        let numbers = zip(columns, kinds).map { FrozenNumber.number(row[$0], $1) }
        return PublishedBlock.Cell(
            members: PublishedBlock.list(row["members"]),
            figures: CellFigures(
                value: numbers[0], numerator: numbers[1], denominator: numbers[2], n: numbers[3],
                open: numbers[4],
                state: CellState(status: row["status"], reason: row["reason"]) ?? .noData))
    }

    func definition(_ version: String) throws -> String {
        try state.read { database in
            try String.fetchOne(
                database, sql: "SELECT text FROM definitions WHERE version = ?",
                arguments: [version]) ?? ""
        }
    }
}

/// Groups stand in the order of their values by code point.
enum GroupOrder {
    static func isBefore(_ a: [String], _ b: [String]) -> Bool {
        for (x, y) in zip(a, b) where x != y {
            return x.utf8.lexicographicallyPrecedes(y.utf8)
        }
        return a.count < b.count
    }
}
