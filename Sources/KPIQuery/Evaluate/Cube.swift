import KPICore
import KPIModel

/// Values of measures by window and group, dense: `values[w * groupCount + g]`.
struct Cube: Sendable {
    /// Tells the cubes of a question apart; given by the store.
    var id = 0
    /// Sorted dimensions.
    let dimensions: [String]
    /// `members[g][d]`, in the order of `dimensions`.
    var members: [[String]]
    /// Group of a tuple of members.
    var groupIndex: [[String]: Int]
    /// Which groups have a record inside the range.
    var occurs: [Bool]
    let windowIndex: [CoveredWindow: Int]
    var columns: [String: Numbers]
    /// Where min and max have a value; nil: everywhere.
    var present: [String: [Bool]]

    var groupCount: Int { members.count }
}

/// How values of partials become that of the whole.
enum RollupOperation: Sendable {
    case sum, min, max
}

extension ScanLayout {
    /// How each column rolls up.
    func operations(_ workspace: Workspace) -> [String: RollupOperation] {
        var operations: [String: RollupOperation] = ["v0": .sum]
        for measure in measures {
            operations[measure.count] = .sum
            if let open = measure.open { operations[open] = .sum }
            switch workspace.measure(measure.use).aggregate.kind {
            case .min: operations[measure.value] = .min
            case .max: operations[measure.value] = .max
            default: operations[measure.value] = .sum
            }
        }
        return operations
    }
}

/// A day column and dimension columns of partials, with members as small integers.
struct PartialRows: Sendable {
    let days: [Int32]
    /// The grouping set of each row.
    let sets: [Int64]
    /// By dimension: code of each row, and the members by code.
    let codes: [String: (codes: [Int32], members: [String])]
    let table: Table

    init(_ table: Table, _ layout: ScanLayout) {
        self.table = table
        days = table["b"].flatMap { if case .date(let d) = $0.values { d } else { nil } } ?? []
        sets = table["g"].map { $0.integers } ?? []
        let texts = layout.dimensions.indices.map { index -> [String] in
            guard let column = table["d\(index)"], case .text(let texts) = column.values else {
                return []
            }
            return texts
        }
        let encoded = texts.concurrentMap(Self.encode)
        codes = Dictionary(uniqueKeysWithValues: zip(layout.dimensions, encoded))
    }

    @Sendable private static func encode(_ texts: [String]) -> (codes: [Int32], members: [String]) {
        var index: [String: Int32] = [:]
        var members: [String] = []
        var codes: [Int32] = []
        codes.reserveCapacity(texts.count)
        for text in texts {
            if let code = index[text] {
                codes.append(code)
            } else {
                let code = Int32(members.count)
                index[text] = code
                members.append(text)
                codes.append(code)
            }
        }
        return (codes, members)
    }
}

extension Column {
    /// Whole numbers of any width as Int64; empty for other types.
    var integers: [Int64] {
        switch values {
        case .int64(let a): a
        case .decimal(let a, scale: 0): a.map { Int64(truncatingIfNeeded: $0) }
        default: []
        }
    }
}
