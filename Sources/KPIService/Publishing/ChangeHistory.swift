import KPICore
import KPIEngine
import KPIIngest
import KPIQuery

/// What loads noted since cells were published.
struct ChangeHistory: Sendable {
    struct Change: Sendable {
        let load: Int64
        let loadedAt: Instant
        let dataset: String
        /// Empty for a dataset without times, `*` for one that was made anew.
        let column: String
        /// nil: a record without that time.
        let day: Int?
        let inserted: Int
        let updated: Int
        let deleted: Int

        var isAnew: Bool { column == "*" }
    }

    /// In the order of loads.
    let changes: [Change]
    /// When each load was.
    let loads: [Int64: Instant]

    /// Whether the store still is the one that a publication knew.
    func knows(_ publication: Publication) -> Bool {
        publication.load == 0 || loads[publication.load] == publication.loadedAt
    }
}

extension Company {
    /// Changes since the earliest of some publications.
    func changeHistory(_ blocks: [PublishedBlock]) async throws -> ChangeHistory {
        let first = blocks.compactMap(\.publication?.load).min() ?? 0
        let connection = try await warehouse.database.connect()
        let loaded = try await connection.query("SELECT load, loaded_at FROM plumb.loads")
        var loads: [Int64: Instant] = [:]
        for row in 0..<loaded.rowCount {
            guard case .integer(let load) = loaded[row, 0],
                case .timestamp(let at, _) = loaded[row, 1]
            else { continue }
            loads[load] = at
        }
        let table = try await connection.query(
            """
            SELECT load, dataset, "column", day, inserted, updated, deleted FROM plumb.changes \
            WHERE load > ? ORDER BY load, dataset, "column", day
            """, [.integer(first)])
        var changes: [ChangeHistory.Change] = []
        for row in 0..<table.rowCount {
            guard case .integer(let load) = table[row, 0], case .text(let dataset) = table[row, 1],
                case .text(let column) = table[row, 2]
            else { continue }
            var day: Int?
            if case .date(let stated) = table[row, 3] { day = Int(stated) }
            func count(_ place: Int) -> Int {
                if case .integer(let value) = table[row, place] { Int(value) } else { 0 }
            }
            changes.append(
                ChangeHistory.Change(
                    load: load, loadedAt: loads[load] ?? 0, dataset: dataset, column: column,
                    day: day, inserted: count(4), updated: count(5), deleted: count(6)))
        }
        return ChangeHistory(changes: changes, loads: loads)
    }
}
