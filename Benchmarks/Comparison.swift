import KPICore

/// Compares every cell with the rival's number before any ratio is printed.
struct Comparison {
    private let answer: Answer
    private let tables: [Rival.LevelTable]
    private let calendar: BusinessCalendar

    init(_ answer: Answer, _ tables: [Rival.LevelTable], _ calendar: BusinessCalendar) {
        self.answer = answer
        self.tables = tables
        self.calendar = calendar
    }

    /// - Throws: `Difference` at the first cell that differs by more than 1e-9 of its size.
    func check() throws {
        var compared = 0
        for (number, block) in answer.blocks.enumerated() {
            let levels = Product.levels.count
            let kpi = number / (Product.grains.count * levels)
            let entry = tables[number % (Product.grains.count * levels)]
            compared += try compare(block, entry, column: kpi + 2)
        }
        print(
            "\(compared) of \(answer.cellCount) cells equal the rival's numbers; the others have no records"
        )
    }

    private func compare(
        _ block: CellBlock, _ rival: Rival.LevelTable, column: Int
    ) throws -> Int {
        let positions = try positions(block, rival)
        var isFilled = [Bool](repeating: false, count: block.cellCount)
        for (row, cell) in positions.enumerated() {
            let ours = block.state[cell].hasValue ? Self.double(block.value[cell]) : nil
            let theirs = Self.double(rival.table[row, column])
            guard Self.isClose(ours, theirs) else {
                throw Difference(block: block, cell: cell, ours: ours, theirs: theirs)
            }
            isFilled[cell] = true
        }
        for cell in isFilled.indices where !isFilled[cell] && block.state[cell].hasValue {
            let ours = Self.double(block.value[cell])
            if ours != 0 { throw Difference(block: block, cell: cell, ours: ours, theirs: nil) }
        }
        return positions.count
    }

    /// The cell of every row of the rival.
    private func positions(_ block: CellBlock, _ rival: Rival.LevelTable) throws -> [Int] {
        let periods = Dictionary(uniqueKeysWithValues: block.periods.enumerated().map { ($1, $0) })
        let names = block.members.first ?? [""]
        let groups = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        return try (0..<rival.table.rowCount).map { row in
            guard case .date(let day) = rival.table[row, 0],
                case .text(let group) = rival.table[row, 1],
                let period = periods[name(of: rival.grain, day: Int(day))],
                let index = groups[group]
            else { throw Difference(block: block, cell: -1, ours: nil, theirs: nil) }
            return period * block.groupCount + index
        }
    }

    private func name(of grain: Grain, day: Int) -> String {
        calendar.name(calendar.period(grain, containing: LocalClock.midnight(day)))
    }

    private static func double(_ scalar: Scalar) -> Double? {
        switch scalar {
        case .integer(let value): Double(value)
        case .decimal(let value): value.doubleValue
        case .double(let value): value
        default: nil
        }
    }

    /// A count without records is 0 for us and missing for the rival.
    private static func isClose(_ ours: Double?, _ theirs: Double?) -> Bool {
        guard let theirs else { return ours == nil || ours == 0 }
        guard let ours else { return theirs.isNaN }
        return abs(ours - theirs) <= 1e-9 * max(1, abs(theirs))
    }
}

/// A cell that is not what the rival computed.
struct Difference: Error, CustomStringConvertible {
    let block: CellBlock
    let cell: Int
    let ours: Double?
    let theirs: Double?

    var description: String {
        let period = cell < 0 ? "?" : block.periods[cell / block.groupCount]
        let group = cell < 0 ? [] : block.members.map { $0[cell % block.groupCount] }
        return "\(block.kpi.id) \(block.grain.rawValue) \(period) \(group): "
            + "\(String(describing: ours)) is not \(String(describing: theirs))"
    }
}
