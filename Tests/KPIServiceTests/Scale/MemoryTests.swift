import Foundation
import KPICore
import KPIEngine
import KPIIngest
import KPIQuery
import KPIService
import Testing

/// The memory of the engine is bounded by a setting of the workspace.
struct MemoryTests {
    @Test("A question over more records than memory may hold is answered, spilling to disk")
    func spills() async throws {
        let scratch = try ScratchWorkspace()
        defer { withExtendedLifetime(scratch) {} }
        try scratch.write(
            "name: big\ntime_zone: UTC\nengine: {memory_limit: 50MB, threads: 2}\n",
            to: "plumbline.yaml")
        try scratch.write(Self.dataset, to: "datasets/visits.yaml")
        try scratch.write(
            "source: visits\ndataset: visits\nfiles: visits.parquet\n"
                + "columns: {id: id, person: person, at: at, spent: spent}\n",
            to: "sources/visits.yaml")
        try scratch.write(
            """
            kpis:
              - {id: people, label: People, formula: people}
              - {id: middle, label: Middle, formula: middle}
            """, to: "kpis/all.yaml")
        let rows = 1_500_000
        try scratch.write("", to: "data/.keep")
        try await Database.inMemory().connect().execute(
            """
            COPY (SELECT i AS id, 'person ' || hash(i % 750000) AS person, \
            TIMESTAMP '2025-01-01' + INTERVAL 1 MINUTE * (i % 500000) AS at, i % 1000 AS spent \
            FROM range(\(rows)) AS r(i)) TO '\(scratch.folder)/data/visits.parquet'
            """)
        try await refusesWithoutDisk(scratch.folder + "/data/visits.parquet")
        let company = try await scratch.loaded()
        let limit = try await company.warehouse.database.connect().query(
            "SELECT current_setting('memory_limit')")
        #expect(limit[0, 0] == .text("47.6 MiB"))
        let question = Question(
            kpis: ["people", "middle"], grains: [.total, .month], groupings: [[]])
        let cells = try await company.compute(question).cells
        let total = CellKey(kpi: "people", grain: "total", period: "total", members: [:])
        #expect(cells[total]?.value == .integer(750_000))
        let middle = CellKey(kpi: "middle", grain: "total", period: "total", members: [:])
        #expect(cells[middle]?.value == .double(499.5))
        #expect(cells.count == 2 * 13)
    }

    /// The same count in as much memory, but nowhere to spill to, is more than the engine can do.
    private func refusesWithoutDisk(_ path: String) async throws {
        let options = DatabaseOptions(memoryLimit: "50MB", threads: 2)
        let connection = try await Database.inMemory(options: options).connect()
        try await connection.execute("SET temp_directory = ''")
        await #expect(throws: EngineError.self) {
            try await connection.query("SELECT count(DISTINCT person) FROM '\(path)'")
        }
    }

    private static let dataset = """
        dataset: visits
        key: id
        time: [at]
        columns: {id: integer, person: text, at: timestamp, spent: integer}
        measures:
          people: {aggregate: distinct(person)}
          middle: {aggregate: median(spent)}

        """
}
