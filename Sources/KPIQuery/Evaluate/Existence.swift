import KPICore

/// When the units of the organisation exist.
struct Existence: Sendable {
    /// The levels it knows, in order.
    let levels: [String]
    private let ranges: [[String]: [Window]]

    /// - Parameter table: of an existence scan.
    init(_ table: Table, _ layout: ScanLayout) {
        levels = layout.dimensions
        let columns = levels.indices.map { table["d\($0)"]! }
        var ranges: [[String]: [Window]] = [:]
        for row in 0..<table.rowCount {
            let members = columns.map { column -> String in
                if case .text(let member) = column[row] { member } else { "(unknown)" }
            }
            guard case .timestamp(let start, _)? = table["from"]?[row] else { continue }
            var end = Instant.max
            if case .timestamp(let stated, _)? = table["to"]?[row] { end = stated }
            if start < end { ranges[members, default: []].append(Window(start: start, end: end)) }
        }
        self.ranges = ranges
    }

    /// The ranges of every tuple of some of the levels.
    func ranges(of dimensions: [String]) -> [[String]: [Window]] {
        let places = dimensions.map { levels.firstIndex(of: $0)! }
        if places == Array(levels.indices) { return ranges }
        var result: [[String]: [Window]] = [:]
        for (members, windows) in ranges {
            result[places.map { members[$0] }, default: []] += windows
        }
        return result
    }
}

/// When the groups of one space exist; groups that no posting ever had are not in it.
struct GroupLives: Sendable {
    /// By group; nil: always.
    let ranges: [[Window]?]

    func exists(_ group: Int, in window: Window) -> Bool {
        guard let own = ranges[group] else { return true }
        return own.contains { !$0.intersection(window).isEmpty }
    }
}
