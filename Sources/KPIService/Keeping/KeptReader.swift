import KPICore
import KPIQuery

/// Makes the cells of a question out of kept rows.
struct KeptReader {
    /// The kept question and the one asked.
    let kept: KeptTable
    let outline: Outline
    let headers: [KPIHeader]
    /// For every KPI asked its number among the kept ones.
    let kpis: [Int]

    /// The blocks of one grain and grouping, in the order of KPIs.
    ///
    /// - Parameter rows: of every frame of the grain in order, each with the same groups in order.
    /// - Returns: nil when the rows are not those.
    func blocks(
        _ rows: Table, grain: PlannedGrain, dimensions: [String]
    ) -> [(kpi: Int, block: CellBlock)]? {
        let frames = grain.frames.count
        guard frames > 0, rows.rowCount % frames == 0 else { return nil }
        let width = rows.rowCount / frames
        let places = dimensions.map { kept.question.dimensions.firstIndex(of: $0)! }
        let members = places.map { place -> [String] in
            guard case .text(let all)? = rows["d\(place)"]?.values else { return [] }
            return Array(all.prefix(width))
        }
        guard members.allSatisfy({ $0.count == width }) else { return nil }
        var blocks: [(Int, CellBlock)] = []
        for (index, kpi) in outline.kpis.enumerated() {
            guard let part = grain.part(of: kpi) else { continue }
            let first = grain.names.firstIndex(of: part.names[0])!
            let columns = KPIColumns(rows, kpis[index])
            let groups =
                dimensions.isEmpty
                ? [0] : (0..<width).filter { columns.occurs($0, width: width, frames: frames) }
            let cells = part.frames.indices.flatMap { frame in
                groups.map { (first + frame) * width + $0 }
            }
            var block = CellBlock(
                kpi: headers[index], grain: grain.grain, periods: part.names,
                dimensions: dimensions, members: members.map { all in groups.map { all[$0] } },
                groupCount: groups.count, value: columns.figures("v", cells),
                state: columns.states(cells))
            block.numerator = columns.stated("a", cells)
            block.denominator = columns.stated("b", cells)
            block.n = columns.stated("n", cells)
            block.open = columns.stated("o", cells)
            blocks.append((index, block))
        }
        return blocks
    }
}

/// The columns of one KPI.
private struct KPIColumns {
    private let rows: Table
    private let number: Int
    private let presence: [Bool]

    init(_ rows: Table, _ number: Int) {
        self.rows = rows
        self.number = number
        if case .bool(let flags)? = rows["h\(number)"]?.values {
            presence = flags
        } else {
            presence = []
        }
    }

    func occurs(_ group: Int, width: Int, frames: Int) -> Bool {
        (0..<frames).contains { presence[$0 * width + group] }
    }

    func states(_ cells: [Int]) -> [CellState] {
        guard let column = rows["s\(number)"], case .int64(let values) = column.values else {
            return []
        }
        return cells.map { cell in
            column.isValid(cell)
                ? CellState(rawValue: UInt8(values[cell])) ?? .noData : .noData
        }
    }

    /// Figures, or nil when no cell has one.
    func stated(_ name: String, _ cells: [Int]) -> Figures? {
        let figures = figures(name, cells)
        return figures.present?.contains(true) ?? true ? figures : nil
    }

    func figures(_ name: String, _ cells: [Int]) -> Figures {
        guard let column = rows["\(name)\(number)"] else {
            return Figures(
                .integer([Int64](repeating: 0, count: cells.count)),
                present: [Bool](repeating: false, count: cells.count))
        }
        let present = cells.map { column.isValid($0) }
        let shown = present.contains(false) ? present : nil
        switch column.values {
        case .int64(let a): return Figures(.integer(cells.map { a[$0] }), present: shown)
        case .decimal(let a, let scale):
            return Figures(.decimal(cells.map { a[$0] }, scale: scale), present: shown)
        case .double(let a): return Figures(.double(cells.map { a[$0] }), present: shown)
        default:
            return Figures(
                .integer([Int64](repeating: 0, count: cells.count)),
                present: [Bool](repeating: false, count: cells.count))
        }
    }
}
