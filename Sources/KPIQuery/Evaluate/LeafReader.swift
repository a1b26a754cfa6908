import KPICore
import KPIModel

/// Which number of a measure is read.
enum LeafPart {
    case value
    /// The sum behind a mean.
    case sum
    case count
    case open
    /// Sum of the squares behind a mean, in squared units of the value.
    case squares
    /// Bounds of a median.
    case low, high
}

/// Reads a measure's numbers for frames and groups out of the cubes.
struct LeafReader {
    let measure: Measure
    let use: MeasureUse
    let cubes: CubeStore
    let coverage: Window?
    let space: GroupSpace

    func read(_ part: LeafPart, _ frames: [Frame]) -> Vector {
        let count = frames.count * space.groupCount
        guard let coverage else { return .missing(.noData, count: count) }
        let sources = sources()
        var state = [CellState](repeating: .noData, count: count)
        var slots = [Slot](repeating: .none, count: frames.count)
        for (index, frame) in frames.enumerated() {
            guard let window = frame.covered(by: coverage) else { continue }
            let slot = sources.indices.lazy.compactMap { source in
                sources[source].cube.windowIndex[window].map { Slot(source: source, window: $0) }
            }.first
            guard let slot else {
                assertionFailure("the plan demands every window that is read")
                continue
            }
            slots[index] = slot
            let isPartial = frame.isCut || window != frame.window
            fill(&state, index, isPartial ? .partial : .final)
        }
        let counts = gather(sources, slots) { $0.count }
        switch part {
        case .count: return Vector(numbers: counts, state: state)
        case .open:
            return Vector(numbers: gather(sources, slots) { $0.open ?? $0.count }, state: state)
        case .sum:
            return seconds(Vector(numbers: gather(sources, slots) { $0.value }, state: state))
        case .squares:
            let factor = measure.isDuration ? 1e-12 : 1
            let numbers = gather(sources, slots) { $0.squares ?? $0.value }
            let scaled = (0..<count).map { numbers.double($0) * factor }
            return Vector(numbers: .double(scaled), state: state)
        case .low, .high:
            let numbers = gather(sources, slots) {
                (part == .low ? $0.low : $0.high) ?? $0.value
            }
            return seconds(
                without(
                    Vector(numbers: numbers, state: state), counts, fewerThan: 6, .notApplicable))
        case .value: return value(gather(sources, slots) { $0.value }, counts, state)
        }
    }

    private func fill(_ state: inout [CellState], _ frame: Int, _ value: CellState) {
        for group in 0..<space.groupCount { state[frame * space.groupCount + group] = value }
    }

    // MARK: Gathering

    private struct Source {
        let cube: Cube
        let columns: LaidOutMeasure
        /// For every group of the space the group of the cube, or −1.
        let groups: [Int]
    }

    private struct Slot {
        var source: Int
        var window: Int
        static let none = Slot(source: -1, window: 0)
    }

    private func sources() -> [Source] {
        let sorted = space.dimensions.sorted()
        let position = sorted.map { space.dimensions.firstIndex(of: $0)! }
        return cubes.cubes(use, sorted).map { cube, columns in
            let groups = space.groups.map { tuple in
                cube.groupIndex[position.map { tuple[$0] }] ?? -1
            }
            return Source(cube: cube, columns: columns, groups: groups)
        }
    }

    /// The numbers of one column; 0 where the cubes have no such group.
    private func gather(
        _ sources: [Source], _ slots: [Slot], _ column: (LaidOutMeasure) -> String
    ) -> Numbers {
        let parts = sources.map { $0.cube.columns[column($0.columns)] }
        let known = parts.compactMap { $0 }
        if known.contains(where: { if case .double = $0 { true } else { false } }) {
            return .double(
                pick(sources, slots) { source, index in parts[source]!.double(index) })
        }
        let scale = known.map { if case .decimal(_, let scale) = $0 { scale } else { -1 } }.max()
        guard let scale, scale >= 0 else {
            let arrays = parts.map { if case .integer(let a)? = $0 { a } else { [Int64]() } }
            return .integer(pick(sources, slots) { source, index in arrays[source][index] })
        }
        let arrays = parts.map { $0.map { Arithmetic.mantissas($0) } }
        return .decimal(
            pick(sources, slots) { source, index in
                let (values, own) = arrays[source]!
                return values[index] * ExactDecimal.powerOfTen(scale - own)!
            }, scale: scale)
    }

    private func pick<T: AdditiveArithmetic>(
        _ sources: [Source], _ slots: [Slot], _ read: (Int, Int) -> T
    ) -> [T] {
        var result = [T](repeating: .zero, count: slots.count * space.groupCount)
        for (frame, slot) in slots.enumerated() where slot.source >= 0 {
            let source = sources[slot.source]
            let base = slot.window * source.cube.groupCount
            for group in 0..<space.groupCount where source.groups[group] >= 0 {
                result[frame * space.groupCount + group] = read(
                    slot.source, base + source.groups[group])
            }
        }
        return result
    }

    // MARK: Values

    private func value(_ numbers: Numbers, _ counts: Numbers, _ state: [CellState]) -> Vector {
        let plain = Vector(numbers: numbers, state: state)
        switch measure.aggregate.kind {
        case .count, .distinct: return plain
        case .sum: return seconds(plain)
        case .mean: return mean(seconds(plain), counts)
        case .min, .max, .median, .percentile:
            return seconds(without(plain, counts, fewerThan: 1, .noRows))
        case .stddev: return seconds(without(plain, counts, fewerThan: 2, .notApplicable))
        }
    }

    private func mean(_ sum: Vector, _ counts: Numbers) -> Vector {
        var result = [Double](repeating: 0, count: sum.count)
        var state = sum.state
        for index in result.indices where state[index].hasValue {
            let count = counts.double(index)
            if count == 0 {
                state[index] = .noRows
            } else {
                result[index] = sum.numbers.double(index) / count
            }
        }
        return Vector(numbers: .double(result), state: state)
    }

    private func without(
        _ vector: Vector, _ counts: Numbers, fewerThan least: Double, _ reason: CellState
    ) -> Vector {
        var result = vector
        for index in result.state.indices where result.state[index].hasValue {
            if counts.double(index) < least { result.state[index] = reason }
        }
        return result
    }

    /// Durations leave the engine in microseconds and are seconds from here on, exactly.
    private func seconds(_ vector: Vector) -> Vector {
        guard measure.isDuration else { return vector }
        var result = vector
        switch vector.numbers {
        case .integer(let values):
            result.numbers = .decimal(values.map { Int128($0) }, scale: 6)
        case .decimal(let values, let scale): result.numbers = .decimal(values, scale: scale + 6)
        case .double(let values): result.numbers = .double(values.map { $0 / 1_000_000 })
        }
        return result
    }
}

extension Measure {
    /// Whether its numbers are microseconds in the engine.
    var isDuration: Bool {
        guard let argument = aggregate.argument, aggregate.kind != .count,
            aggregate.kind != .distinct
        else { return false }
        return argument.type == .duration
    }
}
