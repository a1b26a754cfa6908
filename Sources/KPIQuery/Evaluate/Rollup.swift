import KPICore
import KPIModel

/// Rolls partials up to the windows and groups asked for: first to a row for each day and group,
/// then to windows.
struct Rollup: Sendable {
    let rows: PartialRows
    let layout: ScanLayout
    let operations: [String: RollupOperation]

    func cube(_ grouping: [String], _ windows: [RollupWindow]) -> Cube {
        let set = layout.sets.first { Set($0.value).isSuperset(of: grouping) }
        let setID = Int64(set?.key ?? 0)
        let isWholeTable = layout.sets.count == 1
        let (groups, members) = groups(grouping)
        let selected = rows.days.indices.filter { isWholeTable || rows.sets[$0] == setID }
            .map { Int32($0) }
        var cube = Cube(
            dimensions: grouping, members: members, groupIndex: [:],
            occurs: [Bool](repeating: false, count: members.count),
            windowIndex: Dictionary(
                uniqueKeysWithValues: windows.enumerated().map { ($1.window, $0) }),
            columns: [:], present: [:])
        for (index, tuple) in members.enumerated() { cube.groupIndex[tuple] = index }
        let presence = rows.table["v0"]?.integers ?? []
        for row in selected where presence[Int(row)] > 0 {
            cube.occurs[Int(groups[Int(row)])] = true
        }
        let days = DayRows(
            days: rows.days, groups: groups, groupCount: members.count, selected: selected)
        for column in rows.table.columns where column.name.hasPrefix("v") {
            let operation = operations[column.name] ?? .sum
            let (numbers, present) = roll(column, operation, days, windows)
            cube.columns[column.name] = numbers
            cube.present[column.name] = present
        }
        return cube
    }

    /// The group of every row, and the members of every group.
    private func groups(_ grouping: [String]) -> ([Int32], [[String]]) {
        let columns = grouping.compactMap { rows.codes[$0] }
        guard !columns.isEmpty else {
            return ([Int32](repeating: 0, count: rows.days.count), [[]])
        }
        if columns.count == 1 { return (columns[0].codes, columns[0].members.map { [$0] }) }
        var index: [[Int32]: Int32] = [:]
        var members: [[String]] = []
        var groups: [Int32] = []
        groups.reserveCapacity(rows.days.count)
        for row in rows.days.indices {
            let tuple = columns.map { $0.codes[row] }
            if let group = index[tuple] {
                groups.append(group)
            } else {
                let group = Int32(members.count)
                index[tuple] = group
                members.append(columns.map { $0.members[Int($0.codes[row])] })
                groups.append(group)
            }
        }
        return (groups, members)
    }

    private func roll(
        _ column: Column, _ operation: RollupOperation, _ days: DayRows, _ windows: [RollupWindow]
    ) -> (Numbers, [Bool]?) {
        switch column.values {
        case .int64(let values):
            let (result, present) = roll(values, column.validity, operation, days, windows)
            return (.integer(result), present)
        case .decimal(let values, let scale):
            let (result, present) = roll(values, column.validity, operation, days, windows)
            return (.decimal(result, scale: scale), present)
        case .double(let values):
            let (result, present) = roll(values, column.validity, operation, days, windows)
            return (.double(result), present)
        default:
            let none = [Bool](repeating: false, count: column.count)
            let (result, present) = roll([Int64](), none, .sum, days, windows)
            return (.integer(result), present)
        }
    }

    private func roll<T: Comparable & AdditiveArithmetic>(
        _ values: [T], _ validity: [Bool]?, _ operation: RollupOperation, _ days: DayRows,
        _ windows: [RollupWindow]
    ) -> ([T], [Bool]?) {
        switch operation {
        case .sum: return (days.sums(values, validity, windows), nil)
        case .min: return days.extremes(values, validity, windows) { $0 < $1 }
        case .max: return days.extremes(values, validity, windows) { $0 > $1 }
        }
    }
}

/// Spreads the answer of a window scan over windows and groups.
struct WindowRows: Sendable {
    let table: Table
    let layout: ScanLayout

    /// - Parameter range: of the question; a group occurs when a window inside it has it. Nil: when the
    ///   last window has it.
    func cube(_ grouping: [String], _ range: Window?) -> Cube {
        let setID = layout.sets.first { $0.value == grouping }?.key ?? 0
        let windows = table["w"]?.integers ?? []
        let sets = table["g"]?.integers ?? []
        let columns = grouping.map { table["d\(layout.dimensions.firstIndex(of: $0)!)"]! }
        var groupIndex: [[String]: Int] = [:]
        var members: [[String]] = []
        var rows: [(row: Int, window: Int, group: Int)] = []
        for row in windows.indices where sets[row] == Int64(setID) {
            let tuple = columns.map { column -> String in
                if case .text(let member) = column[row] { member } else { "(unknown)" }
            }
            let group = groupIndex[tuple] ?? members.count
            if group == members.count {
                groupIndex[tuple] = group
                members.append(tuple)
            }
            rows.append((row, Int(windows[row]), group))
        }
        let size = layout.windows.count * members.count
        var cube = Cube(
            dimensions: grouping, members: members, groupIndex: groupIndex,
            occurs: occurring(rows, members.count, range),
            windowIndex: Dictionary(
                uniqueKeysWithValues: layout.windows.enumerated().map { ($1, $0) }),
            columns: [:], present: [:])
        for column in table.columns where column.name.hasPrefix("v") {
            var present = [Bool](repeating: false, count: size)
            for (row, window, group) in rows {
                present[window * members.count + group] = column.isValid(row)
            }
            let cells = rows.map { ($0.row, $0.window * members.count + $0.group) }
            cube.columns[column.name] = Self.spread(column, cells, size)
            cube.present[column.name] = present
        }
        return cube
    }

    private func occurring(
        _ rows: [(row: Int, window: Int, group: Int)], _ groups: Int, _ range: Window?
    ) -> [Bool] {
        var occurs = [Bool](repeating: false, count: groups)
        let last = layout.windows.count - 1
        for (_, window, group) in rows
        where range?.contains(layout.windows[window].window) ?? (window == last) {
            occurs[group] = true
        }
        return occurs
    }

    /// What stands under a missing value does not count: a sum of nothing is 0.
    private static func spread(
        _ column: Column, _ cells: [(row: Int, cell: Int)], _ size: Int
    ) -> Numbers {
        func fill<T: AdditiveArithmetic>(_ values: [T]) -> [T] {
            var result = [T](repeating: .zero, count: size)
            for (row, cell) in cells where column.isValid(row) { result[cell] = values[row] }
            return result
        }
        switch column.values {
        case .int64(let values): return .integer(fill(values))
        case .decimal(let values, let scale): return .decimal(fill(values), scale: scale)
        case .double(let values): return .double(fill(values))
        default: return .integer([Int64](repeating: 0, count: size))
        }
    }
}
